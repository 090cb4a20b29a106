import Domain
import Engine
import HTTPTypes
import Storage
import Testing

/// Terms over REST: who approves says what was on the screen, and nothing else is approved (issue 5, "Terms"; GAP-02).
@Suite struct TermsTests {
    static let plan = #""entry_price":"150.25","stop_loss":"149.50","target_price":"152.75","quantity":"100""#

    private static func approval(_ terms: String, more: String = "") -> String {
        #"{"status":"BUY","terms":"\#(terms)"\#(more)}"#
    }

    private static func amend(_ caller: Caller, _ id: String, _ body: String, source: String = "api") async throws
        -> Answer
    {
        try await caller.post("/api/v1/signals/\(id)/amend?source=\(source)", body)
    }

    @Test func `an approval of the terms on the screen goes through, in every form`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let terms = try await caller.get("/api/v1/signals/\(id)").json["terms"].text
            #expect(terms.count == 64)
            #expect(try await caller.approve(id, Self.approval(terms)).status == 200)
            let other = try await caller.signal("MSFT", more: ",\(Self.plan)")
            let others = try await caller.get("/api/v1/signals/\(other)").json["terms"].text
            #expect(try await caller.approve("MSFT", Self.approval(others)).status == 200)
            // Who does not say what they saw approves what is there.
            #expect(try await caller.approve(try await caller.signal(more: ",\(Self.plan)")).status == 200)
        }
    }

    @Test func `an amended signal is not approved on the old terms, and the answer tells field by field`() async throws
    {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let old = try await caller.get("/api/v1/signals/\(id)").json["terms"].text
            let amended = try await Self.amend(caller, id, #"{"stop_loss":"149.10","quantity":"65"}"#)
            #expect(amended.status == 200 && amended.json["version"] == 2 && amended.json["stop_loss"] == "149.10")

            let problem = try await caller.approve(id, Self.approval(old)).isProblem(409, "terms_changed")
            #expect(problem["differences"].items.map { $0["field"].text } == ["stop_loss", "quantity"])
            #expect(problem["differences"][0]["was"] == "149.50" && problem["differences"][0]["is"] == "149.10")
            #expect(problem["signal"]["terms"] == amended.json["terms"] && problem["drift"] == .null)
            #expect(try await caller.get("/api/v1/signals/\(id)").json["status"] == "PENDING_REVIEW")

            let new = amended.json["terms"].text
            #expect(try await caller.approve(id, Self.approval(new)).json["status"] == "APPROVED_BUY")
        }
    }

    @Test func `terms of two amendments ago are told from what they were`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let first = try await caller.get("/api/v1/signals/\(id)").json["terms"].text
            _ = try await Self.amend(caller, id, #"{"stop_loss":"149.10"}"#)
            _ = try await Self.amend(caller, id, #"{"stop_loss":"149.20","target_price":null}"#)
            let problem = try await caller.approve(id, Self.approval(first)).isProblem(409, "terms_changed")
            #expect(problem["differences"].items.map { $0["field"].text } == ["stop_loss", "target_price"])
            #expect(problem["differences"][0]["was"] == "149.50" && problem["differences"][1]["is"] == .null)
        }
    }

    @Test func `terms that the signal never had are refused`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let other = try await caller.signal("MSFT", more: ",\(Self.plan)")
            let others = try await caller.get("/api/v1/signals/\(other)").json["terms"].text
            try await caller.approve(id, Self.approval(others)).isProblem(409, "terms_unknown")
            #expect(try await caller.approve(id, Self.approval("abc")).pointers == ["/terms"])
        }
    }

    @Test func `a repeated click under its key gets its answer, though the source has tried to amend since`()
        async throws
    {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let terms = try await caller.get("/api/v1/signals/\(id)").json["terms"].text
            let first = try await caller.approve(id, Self.approval(terms), headers: .key("click"))
            try await Self.amend(caller, id, #"{"stop_loss":"149.10"}"#).isProblem(409, "already_decided")
            let again = try await caller.approve(id, Self.approval(terms), headers: .key("click"))
            #expect(first.status == 200 && again.bytes == first.bytes)
        }
    }

    /// The race of the issue: an amendment and twenty approvals of the terms before it, at once, many times.
    @Test func `whatever is approved was on the approver's screen, however amendments and approvals race`() async throws
    {
        try await TestDesk.routed { desk, caller in
            for round in 0..<30 {
                let id = try await caller.signal("R\(round)", more: ",\(Self.plan)")
                let old = try await caller.get("/api/v1/signals/\(id)").json["terms"].text
                let answers = try await withThrowingTaskGroup(of: (Bool, Answer).self) { group in
                    for user in 0..<20 {
                        if user == round % 20 {
                            group.addTask { (true, try await Self.amend(caller, id, #"{"stop_loss":"149.10"}"#)) }
                        }
                        group.addTask { (false, try await caller.approve(id, as: "u\(user)", Self.approval(old))) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let approved = answers.filter { !$0.0 && $0.1.status == 200 }.map(\.1)
                let amendment = try #require(answers.first(where: \.0)?.1)
                let signal = try await caller.get("/api/v1/signals/\(id)").json
                if amendment.status == 200 {
                    #expect(approved.isEmpty && signal["status"] == "PENDING_REVIEW")
                    for (_, answer) in answers.filter({ !$0.0 }) { answer.isProblem(409, "terms_changed") }
                } else {
                    amendment.isProblem(409, "already_decided")
                    #expect(approved.count == 1 && signal["terms"] == .string(old))
                    #expect(signal["stop_loss"] == "149.50")
                }
            }
            // Whatever the log approves has the terms of the version before it.
            let events = try await desk.store.events(after: .start, limit: .max)
            for event in events {
                guard case .signalApproved(let signal) = event.event else { continue }
                #expect(signal.proposal.stopLoss?.text == "149.50" && signal.version == 2)
            }
        }
    }

    @Test func `only the signal's own source amends it, and a wrong plan changes nothing`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: #","source":"wyckoff",\#(Self.plan)"#)
            try await Self.amend(caller, id, #"{"stop_loss":"149.10"}"#).isProblem(403, "source_mismatch")
            for (body, pointer) in [
                (#"{"stop_loss":"150.25"}"#, "/stop_loss"), (#"{"stop_loss":"160"}"#, "/stop_loss"),
                (#"{"target_price":"1"}"#, "/target_price"), (#"{"side":"SELL"}"#, "/stop_loss"),
                (#"{"expires_at":"2020-01-01T00:00:00Z"}"#, "/expires_at"),
            ] {
                let answer = try await Self.amend(caller, id, body, source: "wyckoff")
                answer.isProblem(400, "invalid_terms")
                #expect(answer.pointers.first == pointer)
            }
            for (body, pointer) in [
                (#"{"stop_loss":"-1"}"#, "/stop_loss"), (#"{"stop_loss":"1e3"}"#, "/stop_loss"),
                (#"{"stop_loss":\#(String(repeating: "9", count: 400))}"#, "/stop_loss"),
                (#"{"quantity":"NaN"}"#, "/quantity"), (#"{"expires_at":"soon"}"#, "/expires_at"), ("{}", ""),
            ] {
                let answer = try await Self.amend(caller, id, body, source: "wyckoff")
                answer.isProblem(400, "invalid_request")
                #expect(answer.pointers == [pointer])
            }
            #expect(await desk.desk.offset.value == 1)
            try await Self.amend(caller, "nonsense", #"{"quantity":"1"}"#).isProblem(404, "signal_not_found")
            let unknown = "550e8400-e29b-41d4-a716-446655440000"
            try await Self.amend(caller, unknown, #"{"quantity":"1"}"#).isProblem(404, "signal_not_found")
        }
    }

    @Test func `an amendment that changes nothing answers with the signal and is not told`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let answer = try await Self.amend(caller, id, #"{"stop_loss":"149.5"}"#)
            #expect(answer.status == 200 && answer.json["version"] == 1 && answer.json["stop_loss"] == "149.50")
            #expect(await desk.desk.offset.value == 1)
        }
    }

    @Test func `amendments come with other events too, all or nothing`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: ",\(Self.plan)")
            let amendment = #"{"type":"signal:amended","data":{"id":"\#(id)","stop_loss":"149.10"}}"#
            let answer = try await caller.post("/api/v1/events", amendment)
            #expect(answer.status == 202 && answer.json["ids"] == [.string(id)])
            let wrong = #"{"type":"signal:amended","data":{"id":"\#(id)","stop_loss":"200"}}"#
            let notice = #"{"type":"notification","data":{"message":"m","type":"info"}}"#
            try await caller.post("/api/v1/events", "[\(notice),\(wrong)]").isProblem(400, "invalid_terms")
            let events = try await caller.get("/api/v1/events?after=0").json["events"].items
            #expect(events.map { $0["type"].text } == ["signal:new", "signal:amended"])
            #expect(events.last?["changes"][0]["was"] == "149.50")
            #expect(events.last?["data"]["stop_loss"] == "149.10")
        }
    }

    @Test func `an amended expiry counts, sooner or later`() async throws {
        try await TestDesk.routed { desk, caller in
            let sooner = try await caller.signal(more: #","expires_at":"2026-01-23T11:00:00Z""#)
            let later = try await caller.signal("MSFT", more: #","expires_at":"2026-01-23T10:30:10Z""#)
            let soon = desk.clock.now().advanced(byMilliseconds: 5_000)
            #expect(try await Self.amend(caller, sooner, #"{"expires_at":"\#(soon)"}"#).status == 200)
            #expect(try await Self.amend(caller, later, #"{"expires_at":"2026-01-23T11:00:00Z"}"#).status == 200)
            desk.clock.move(milliseconds: 20_000)
            try await caller.approve(sooner).isProblem(410, "signal_expired")
            #expect(try await caller.approve(later).status == 200)
        }
    }
}
