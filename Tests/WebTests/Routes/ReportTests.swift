import Domain
import Engine
import Testing

@testable import Web

/// What becomes of a signal, as programs report it: withdrawn, executed, failed (GAP-02, APR-10, MSG-05).
@Suite(.timeLimit(.minutes(5))) struct ReportTests {
    private static func released(_ desk: TestDesk, _ caller: Caller) async throws -> String {
        let id = try await caller.signal()
        _ = try await caller.approve(id)
        try await desk.release(id)
        return id
    }

    @Test func `a source withdraws its own signal while it waits`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: #","source":"wyckoff""#)
            let door = "/api/v1/signals/\(id)/withdraw"
            try await caller.post(door, "{}").isProblem(403, "source_mismatch")
            let answer = try await caller.post(door + "?source=wyckoff", #"{"reason":"the level broke"}"#)
            #expect(answer.status == 200 && answer.json["status"] == "WITHDRAWN", "\(answer)")
            #expect(
                answer.json["report"]["reported_by"] == "wyckoff"
                    && answer.json["report"]["reason"] == "the level broke"
            )
            try await caller.approve(id).isProblem(409, "already_decided")
            try await caller.postNothing(door + "?source=wyckoff").isProblem(409, "already_decided")
            #expect(try await desk.store.log.count == 2)
        }
    }

    @Test func `what has been decided or has expired is not withdrawn`() async throws {
        try await TestDesk.routed { desk, caller in
            let decided = try await caller.signal()
            _ = try await caller.approve(decided)
            try await caller.postNothing("/api/v1/signals/\(decided)/withdraw").isProblem(409, "already_decided")
            let late = try await caller.signal(more: #","expires_at":"2026-01-23T10:30:05Z""#)
            desk.clock.move(milliseconds: 5_000)
            try await caller.postNothing("/api/v1/signals/\(late)/withdraw").isProblem(410, "signal_expired")
        }
    }

    @Test(arguments: ["executed", "failed"])
    func `within the undo window nothing has left, so nothing is reported`(_ verb: String) async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            let door = "/api/v1/signals/\(id)/\(verb)?source=broker"
            let body = #"{"reason":"halted"}"#
            try await caller.post(door, body).isProblem(409, "not_approved")
            _ = try await caller.approve(id)
            #expect(try await caller.post(door, body).isProblem(409, "not_released")["signal"]["id"] == .string(id))
            let message = #"{"type":"signal:\#(verb)","data":{"id":"\#(id)","reason":"halted"}}"#
            try await caller.post("/api/v1/events", message).isProblem(409, "not_released")
        }
    }

    @Test func `an execution says at what price, how much and under which number`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await Self.released(desk, caller)
            let body = #"{"price":"150.30","quantity":100,"order_id":"A-4711"}"#
            let door = "/api/v1/signals/\(id)/executed?source=broker"
            let answer = try await caller.post(door, body, headers: .key("fill-1"))
            #expect(answer.status == 200 && answer.json["status"] == "EXECUTED", "\(answer)")
            let report = answer.json["report"]
            #expect(report["reported_by"] == "broker" && report["price"] == "150.30" && report["quantity"] == "100")
            #expect(report["order_id"] == "A-4711" && answer.json["decision"]["decided_by"] == "alice")
            #expect(try await caller.post(door, body, headers: .key("fill-1")).bytes == answer.bytes)
            try await caller.post(door, body).isProblem(409, "not_approved")
        }
    }

    @Test func `a failure says why`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await Self.released(desk, caller)
            let door = "/api/v1/signals/\(id)/failed?source=broker"
            let nothing = try await caller.post(door, "{}")
            nothing.isProblem(400, "invalid_request")
            #expect(nothing.pointers == ["/reason"])
            let answer = try await caller.post(door, #"{"reason":"Rejected by the venue"}"#)
            #expect(answer.json["status"] == "FAILED" && answer.json["report"]["reason"] == "Rejected by the venue")
        }
    }

    @Test(arguments: [
        (#"{"price":-1}"#, "/price"), (#"{"price":1e5}"#, "/price"), (#"{"quantity":"0"}"#, "/quantity"),
        (#"{"order_id":"a b"}"#, "/order_id"), (#"{"order_id":""}"#, "/order_id"), (#"{"source":"a\nb"}"#, "/source"),
        (#"{"source":"\#u{202E}"}"#, "/source"),
    ])
    func `what cannot be is refused with the place of it`(_ body: String, _ pointer: String) async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await Self.released(desk, caller)
            let answer = try await caller.post("/api/v1/signals/\(id)/executed", body)
            answer.isProblem(400, "invalid_request")
            #expect(answer.pointers == [pointer])
        }
    }
}
