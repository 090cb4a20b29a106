import Domain
import Engine
import Testing

/// The policy at the door: what REST answers, and in which words (issue 5, part 1; GAP-06).
@Suite struct PolicyTests {
    private static let policy: Policy = {
        var large = Policy.Rule(name: "large risk")
        large.conditions = [.risk(.init(above: 1))]
        large.approvals = .init(traders: 1, risk: 1)
        large.rejectReasons = ["Risk too high"]
        var base = Policy.Rule(name: "every signal")
        base.veto = [.risk]
        base.undoWindowMs = 7_000
        return Policy(
            stamp: Policy.Stamp(version: "v7", hash: "abc"),
            people: [
                UserName("ann")!: .init(roles: [.trader]), UserName("ruth")!: .init(roles: [.risk]),
                UserName("bo")!: .init(roles: [.trader], sources: ["engine"]),
            ],
            defaultRole: .viewer,
            base: base,
            rules: [large]
        )
    }()

    private static func desk(_ body: @escaping @Sendable (TestDesk, Caller) async throws -> Void) async throws {
        try await TestDesk.routed({ $0.policies = PolicyBoard(policy) }, body)
    }

    private static let risky = #","risk_percentage":"1.5","source":"engine""#

    @Test func `a sign-off leaves the signal waiting, and the second approval names both`() async throws {
        try await Self.desk { _, call in
            let id = try await call.signal(more: Self.risky)
            let first = try await call.approve(id, as: "ann")
            #expect(first.status == 200 && first.json["status"] == "PENDING_REVIEW" && first.json["version"] == 2)
            let signOff = first.json["sign_offs"][0]
            #expect(signOff["user"] == "ann" && signOff["role"] == "trader" && signOff["needed"] == 2)
            let second = try await call.approve(id, as: "ruth")
            #expect(second.json["status"] == "APPROVED_BUY" && second.json["sign_offs"].items.count == 2)
            #expect(second.json["decision"]["policy"]["version"] == "v7")
            #expect(second.json["decision"]["undo_window_ms"] == 7_000)
        }
    }

    @Test func `the refusal, the signal's policy and the list say it in the same words`() async throws {
        try await Self.desk { _, call in
            let id = try await call.signal(more: Self.risky)
            _ = try await call.approve(id, as: "ann")
            let words = "needs 1 risk officer; your source engine proposed this"
            let problem = try await call.approve(id, as: "bo").isProblem(403, "not_permitted")
            #expect(problem["detail"].text == "AAPL \(words).")
            let entry = try await call.get("/api/v1/signals/\(id)/policy?as=bo").json
            #expect(entry["approve"]["reason"].text == words && entry["approve"]["allowed"] == false)
            #expect(entry["needed"] == 2 && entry["given"] == ["ann"] && entry["missing"] == "1 risk officer")
            #expect(entry["rules"][0]["name"] == "large risk")
            #expect(entry["rules"][0]["because"] == ["its risk, 1.5 %, is above 1 %"])
            let page = try await call.get("/api/v1/policy?as=bo").json
            #expect(page["signals"][0] == entry && page["user"]["role"] == "trader")
            #expect(page["policy"]["version"] == "v7")
        }
    }

    @Test func `a veto and the reasons that the policy takes are told before and kept after`() async throws {
        try await Self.desk { _, call in
            let id = try await call.signal(more: Self.risky)
            let entry = try await call.get("/api/v1/signals/\(id)/policy?as=ruth").json
            #expect(entry["reject"]["veto"] == true && entry["reject"]["reasons"] == ["Risk too high"])
            try await call.reject(id, as: "ruth").isProblem(422, "reason_required")
            let answer = try await call.reject(id, as: "ruth", #"{"reason":"Risk too high"}"#)
            #expect(answer.json["status"] == "REJECTED" && answer.json["decision"]["veto"] == true)
        }
    }

    @Test func `a second approval of one person is a conflict, and of nobody a question who`() async throws {
        try await Self.desk { _, call in
            let id = try await call.signal(more: Self.risky)
            _ = try await call.approve(id, as: "ann")
            try await call.approve(id, as: "ann").isProblem(409, "approval_adds_nothing")
            try await call.approve(id, as: "stranger").isProblem(403, "not_permitted")
            let unnamed = try await call.get("/api/v1/policy").json
            #expect(unnamed["signals"][0]["approve"]["reason"].text.contains("say who you are"))
        }
    }

    @Test func `what somebody sends under their own name is their own proposal`() async throws {
        try await Self.desk { _, call in
            let sent = try await call.post("/api/v1/signals?as=ann", #"{"symbol":"AAPL","side":"BUY"}"#)
            let problem = try await call.approve(sent.json["id"].text, as: "ann")
            #expect(problem.isProblem(403, "not_permitted")["detail"].text.contains("you proposed this"))
        }
    }

    @Test func `health, metrics and the snapshot tell of the policy`() async throws {
        try await Self.desk { test, call in
            #expect(try await call.get("/health").json["policy"]["version"] == "v7")
            #expect(try await call.get("/api/v1/snapshot?as=ruth").json["user"]["role"] == "risk")
            #expect(try await call.get("/api/v1/snapshot?as=zoe").json["user"]["role"] == "viewer")
            test.desk.policies.note(fault: "3:1: broken")
            #expect(try await call.get("/health").json["policy"]["fault"] == "3:1: broken")
            let metrics = String(decoding: try await call.get("/metrics").bytes, as: UTF8.self)
            #expect(metrics.contains("countersign_policy_fault 1"))
        }
    }

    @Test func `without a policy one trader is enough`() async throws {
        try await TestDesk.routed { _, call in
            let id = try await call.signal()
            #expect(try await call.get("/api/v1/policy?as=ann").json["policy"] == .null)
            try await call.get("/api/v1/signals/\(id)/policy?as=ann").isProblem(404, "not_found")
            let answer = try await call.approve(id, as: "ann")
            #expect(answer.json["status"] == "APPROVED_BUY" && answer.json["decision"]["policy"] == .null)
            #expect(answer.json["sign_offs"] == [])
        }
    }
}
