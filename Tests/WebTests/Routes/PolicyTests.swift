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

    @Test func `in a bulk each decision is judged by the policy on its own`() async throws {
        try await Self.desk { _, call in
            let plain = try await call.signal(more: #","risk_percentage":"0.5""#)
            let risky = try await call.signal("MSFT", more: Self.risky)
            let other = try await call.signal("TSLA", more: Self.risky)
            func bulk(_ user: String, _ items: String...) async throws -> [JSON] {
                let body = #"{"items":[\#(items.joined(separator: ","))]}"#
                let answer = try await call.post("/api/v1/decisions/bulk?as=\(user)", body)
                #expect(answer.status == 207, "\(answer)")
                return answer.json["outcomes"].items
            }
            func approve(_ id: String) -> String { #"{"signal_id":"\#(id)","action":"approve","status":"BUY"}"# }
            let anns = try await bulk("ann", approve(plain), approve(risky), approve(risky))
            #expect(anns.map { $0["status"] } == [200, 200, 409])
            #expect(anns[0]["signal"]["status"] == "APPROVED_BUY")
            #expect(anns[1]["signal"]["status"] == "PENDING_REVIEW")
            #expect(anns[1]["signal"]["sign_offs"][0]["user"] == "ann")
            #expect(anns[2]["problem"]["code"] == "approval_adds_nothing")
            let ruths = try await bulk(
                "ruth",
                approve(risky),
                #"{"signal_id":"\#(other)","action":"reject","reason":"So"}"#,
                #"{"signal_id":"\#(other)","action":"reject","reason":"Risk too high"}"#
            )
            #expect(ruths.map { $0["status"] } == [200, 422, 200])
            #expect(ruths[0]["signal"]["sign_offs"].items.count == 2)
            #expect(ruths[2]["signal"]["decision"]["veto"] == true)
            let zoes = try await bulk("zoe", approve(try await call.signal("NFLX")))
            #expect(zoes[0]["problem"]["code"] == "not_permitted")
        }
    }

    @Test(arguments: ["/api/v1/signals/AAPL/approve", "/approve"])
    func `the forms by symbol ask the policy, too (GAP-03)`(_ address: String) async throws {
        try await Self.desk { _, call in
            _ = try await call.signal(more: Self.risky)
            let body = #"{"symbol":"AAPL","status":"BUY"}"#
            try await call.post("\(address)?as=bo", body).isProblem(403, "not_permitted")
            let first = try await call.post("\(address)?as=ann", body)
            #expect(first.status == 200 && first.json["status"] == "PENDING_REVIEW", "\(first)")
            let second = try await call.post("\(address)?as=ruth", body)
            #expect(second.json["status"] == "APPROVED_BUY", "\(second)")
        }
    }

    @Test(arguments: ["/api/v1/signals/AAPL/reject", "/reject"])
    func `and so do those that reject`(_ address: String) async throws {
        try await Self.desk { _, call in
            _ = try await call.signal(more: Self.risky)
            func body(_ reason: String) -> String { #"{"symbol":"AAPL","reason":"\#(reason)"}"# }
            try await call.post("\(address)?as=zoe", body("Risk too high")).isProblem(403, "not_permitted")
            try await call.post("\(address)?as=ann", body("So")).isProblem(422, "reason_required")
            let answer = try await call.post("\(address)?as=ann", body("Risk too high"))
            #expect(answer.json["status"] == "REJECTED" && answer.json["decision"]["veto"] == false)
        }
    }

    @Test func `a sign-off repeated under its key is the same sign-off, whatever has become of the signal (GAP-09)`()
        async throws
    {
        try await Self.desk { test, call in
            let id = try await call.signal(more: Self.risky)
            let first = try await call.approve(id, as: "ann", headers: .key("k-1"))
            #expect(try await call.approve(id, as: "ann", headers: .key("k-1")).bytes == first.bytes)
            _ = try await call.approve(id, as: "ruth")
            #expect(try await call.approve(id, as: "ann", headers: .key("k-1")).bytes == first.bytes)
            #expect(try await test.store.log.count == 3)
        }
    }

    @Test func `what was seen is said by its terms, so that a sign-off in between is none of its business`()
        async throws
    {
        try await Self.desk { _, call in
            let id = try await call.signal(more: Self.risky)
            let seen = try await call.get("/api/v1/signals/\(id)").json
            let body = #"{"status":"BUY","terms":"\#(seen["terms"].text)"}"#
            _ = try await call.approve(id, as: "ann", body)
            #expect(try await call.approve(id, as: "ruth", body).json["status"] == "APPROVED_BUY")
            let amended = try await call.signal("MSFT", more: Self.risky)
            let old = try await call.get("/api/v1/signals/\(amended)").json["terms"].text
            _ = try await call.approve(amended, as: "ann")
            let change = try await call.post("/api/v1/signals/\(amended)/amend?source=engine", #"{"quantity":"7"}"#)
            #expect(change.json["sign_offs"] == [], "\(change)")
            try await call.approve(amended, as: "ruth", #"{"status":"BUY","terms":"\#(old)"}"#)
                .isProblem(409, "terms_changed")
        }
    }

    @Test func `undoing and more time are for those who decide`() async throws {
        try await Self.desk { _, call in
            let id = try await call.signal(more: #","risk_percentage":"0.5","expires_at":"2026-01-23T10:40:00Z""#)
            try await call.postNothing("/api/v1/signals/\(id)/extend?as=zoe").isProblem(403, "not_permitted")
            #expect(try await call.postNothing("/api/v1/signals/\(id)/extend?as=ann").status == 200)
            _ = try await call.approve(id, as: "ann")
            try await call.postNothing("/api/v1/signals/\(id)/undo?as=zoe").isProblem(403, "not_permitted")
            #expect(try await call.postNothing("/api/v1/signals/\(id)/undo?as=ruth").status == 200)
        }
    }

    @Test func `whoever waits for the decision is not woken by a sign-off, and the audit knows who gave it`()
        async throws
    {
        try await Self.desk { _, call in
            let id = try await call.signal(more: Self.risky)
            _ = try await call.approve(id, as: "ann")
            let state = try await call.get("/api/v1/signals/\(id)/decision").json
            #expect(state["state"] == "pending" && state["settled"] == false && state["released"] == false)
            let page = try await call.get("/api/v1/audit?user=ann&type=signal_signed_off").json
            #expect(page["entries"].items.map { $0["user"].text } == ["ann"], "\(page)")
            #expect(page["entries"][0]["signal"]["sign_offs"][0]["note"] == .null)
            let statistics = try await call.get("/api/v1/audit/statistics").json
            #expect(statistics["approved"] == 0, "\(statistics)")
        }
    }

    @Test func `what a person sends is theirs, whatever source they name`() async throws {
        try await Self.desk { _, call in
            let body = #"{"symbol":"AAPL","side":"BUY"}"#
            let sent = try await call.post("/api/v1/signals?as=Ann&source=bot", body)
            #expect(sent.json["proposed_by"] == "Ann" && sent.json["source"] == "bot")
            let detail = try await call.approve(sent.json["id"].text, as: "ann").isProblem(403, "not_permitted")
            #expect(detail["detail"].text.contains("you proposed this"))
            #expect(try await call.signal("MSFT").isEmpty == false)
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
            _ = try await call.approve(try await call.signal(more: Self.risky), as: "ann")
            let after = String(decoding: try await call.get("/metrics").bytes, as: UTF8.self)
            #expect(after.contains(#"countersign_decisions_total{outcome="signed_off"} 1"#))
            #expect(after.contains(#"countersign_decisions_total{outcome="approved"} 0"#))
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
