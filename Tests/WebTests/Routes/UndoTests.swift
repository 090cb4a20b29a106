import Domain
import Engine
import HTTPTypes
import Testing

@testable import Web

/// Undo and "+5 min" over REST (GAP-02, GAP-09, APR-13).
@Suite(.timeLimit(.minutes(5))) struct UndoTests {
    private static func undo(
        _ caller: Caller,
        _ id: String,
        as user: String = "bo",
        _ body: String = "{}",
        key: String? = nil
    ) async throws -> Answer {
        try await caller.post("/api/v1/signals/\(id)/undo?as=\(user)", body, headers: key.map { .key($0) } ?? [:])
    }

    @Test func `any trader takes an approval back, and the answer says who had approved`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id, as: "ann")
            desk.clock.move(milliseconds: 4_999)
            let answer = try await Self.undo(caller, id, key: "undo-1")
            #expect(answer.status == 200 && answer.json["status"] == "PENDING_REVIEW", "\(answer)")
            #expect(answer.json["decision"] == .null && answer.json["awaiting_approval"] == true)
            let undone = answer.json["undone"]
            #expect(undone["undone_by"] == "bo" && undone["approved_by"] == "ann" && undone["id"] == "undo-1")
            #expect(undone["approved_status"] == "BUY" && undone["undone_at"] == "2026-01-23T10:30:04.999Z")
            #expect(try await caller.reject(id).status == 200)
        }
    }

    @Test func `no body at all is enough, and who undoes must say so`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id)
            try await caller.postNothing("/api/v1/signals/\(id)/undo").isProblem(401, "identity_required")
            try await Self.undo(caller, id, #"{"user_id":"cy"}"#).isProblem(403, "user_mismatch")
            #expect(try await caller.postNothing("/api/v1/signals/\(id)/undo?as=bo").status == 200)
        }
    }

    @Test func `after the window it is 409 with the signal, and what was never approved cannot be undone`() async throws
    {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            #expect(try await Self.undo(caller, id).isProblem(409, "not_approved")["signal"]["id"] == .string(id))
            _ = try await caller.approve(id)
            desk.clock.move(milliseconds: 5_000)
            let late = try await Self.undo(caller, id).isProblem(409, "undo_window_over")
            #expect(late["signal"]["status"] == "APPROVED_BUY")
            try await Self.undo(caller, "AAPL").isProblem(404, "signal_not_found")
        }
    }

    @Test func `undoing is a decision of its own: repeated it is one, under the approval's key it is refused`()
        async throws
    {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id, as: "ann", headers: .key("k"))
            try await Self.undo(caller, id, as: "ann", key: "k").isProblem(422, "idempotency_key_reused")
            try await Self.undo(caller, id, as: "bo", key: "k").isProblem(422, "idempotency_key_reused")
            let first = try await Self.undo(caller, id, key: "u")
            let again = try await Self.undo(caller, id, key: "u")
            #expect(first.status == 200 && again.bytes == first.bytes)
            #expect(try await desk.store.log.count == 3)
            try await Self.undo(caller, id, #"{"version":2}"#, key: "u").isProblem(422, "idempotency_key_reused")
        }
    }

    @Test func `who looks at another version undoes nothing`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id)
            try await Self.undo(caller, id, #"{"version":1}"#).isProblem(409, "version_conflict")
            #expect(try await Self.undo(caller, id, #"{"version":2}"#).status == 200)
        }
    }

    @Test func `undoing counts among the decisions of a minute`() async throws {
        try await TestDesk.routed({ $0.decisionsPerMinuteMax = 2 }) { _, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id, as: "bo")
            #expect(try await Self.undo(caller, id).status == 200)
            _ = try await caller.approve(id, as: "ann")
            let refused = try await Self.undo(caller, id)
            refused.isProblem(429, "rate_limited")
            #expect(refused.headers[.retryAfter] != nil)
        }
    }

    @Test func `five minutes more, or as many as are asked for, and not for ever`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal(more: #","expires_at":"2026-01-23T10:35:00Z""#)
            let door = "/api/v1/signals/\(id)/extend?as=bo"
            let answer = try await caller.postNothing(door)
            #expect(answer.status == 200 && answer.json["expires_at"] == "2026-01-23T10:40:00.000Z", "\(answer)")
            #expect(answer.json["extended"]["extended_by"] == "bo" && answer.json["extended"]["times"] == 1)
            #expect(try await caller.post(door, #"{"minutes":25}"#).json["extended"]["minutes"] == 30)
            try await caller.post(door, #"{"minutes":1}"#).isProblem(409, "extension_limit")
            for odd in ["0", "31", "-5", "1e400", #""5""#, "5.5"] {
                let wrong = try await caller.post(door, #"{"minutes":\#(odd)}"#)
                wrong.isProblem(400, "invalid_request")
                #expect(wrong.pointers == ["/minutes"])
            }
        }
    }
}
