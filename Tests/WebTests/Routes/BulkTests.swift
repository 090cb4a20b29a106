import HTTPTypes
import Testing

@testable import Web

/// Several decisions in one request, each with an outcome of its own (GAP-02, GAP-09).
@Suite(.timeLimit(.minutes(5))) struct BulkTests {
    private static func decide(
        _ caller: Caller,
        _ items: [String],
        as user: String = "alice",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        let body = #"{"items":[\#(items.joined(separator: ","))]}"#
        return try await caller.post("/api/v1/decisions/bulk?as=\(user)", body, headers: headers)
    }

    private static func approve(_ id: String, _ more: String = "") -> String {
        #"{"signal_id":"\#(id)","action":"approve","status":"BUY"\#(more)}"#
    }

    private static func reject(_ id: String, _ more: String = "") -> String {
        #"{"signal_id":"\#(id)","action":"reject","reason":"too late"\#(more)}"#
    }

    @Test func `each decision has its outcome, in the order they were asked for`() async throws {
        try await TestDesk.routed { desk, caller in
            let ids = [try await caller.signal(), try await caller.signal("MSFT"), try await caller.signal("TSLA")]
            _ = try await caller.reject(ids[1])
            let answer = try await Self.decide(
                caller,
                [Self.approve(ids[0], #","note":"go""#), Self.approve(ids[1]), Self.reject(ids[2])]
            )
            #expect(answer.status == 207, "\(answer)")
            #expect(answer.json["done"] == 2 && answer.json["refused"] == 1)
            let outcomes = answer.json["outcomes"].items
            #expect(outcomes.map { $0["signal_id"].text } == ids)
            #expect(outcomes.map { $0["status"] } == [200, 409, 200])
            #expect(outcomes[0]["signal"]["decision"]["note"] == "go" && outcomes[0]["problem"] == .null)
            #expect(outcomes[1]["problem"]["code"] == "already_decided" && outcomes[1]["signal"] == .null)
            #expect(outcomes[1]["problem"]["signal"]["decision"]["decided_by"] == "bob")
            #expect(outcomes[2]["signal"]["status"] == "REJECTED")
            #expect(try await desk.store.log.count == 6)
        }
    }

    @Test func `repeated with the same decision ids, or under the same key, it decides once`() async throws {
        try await TestDesk.routed { desk, caller in
            let (one, other) = (try await caller.signal(), try await caller.signal("MSFT"))
            let items = [Self.approve(one, #","decision_id":"d-1""#), Self.reject(other, #","decision_id":"d-2""#)]
            let first = try await Self.decide(caller, items)
            #expect(first.json["outcomes"].items.map { $0["decision_id"].text } == ["d-1", "d-2"])
            #expect(try await Self.decide(caller, items).bytes == first.bytes)
            #expect(try await desk.store.log.count == 4)

            let third = try await caller.signal("TSLA")
            let keyed = try await Self.decide(caller, [Self.approve(third)], headers: .key("k"))
            #expect(keyed.json["outcomes"].items.first?["decision_id"] == "k/0")
            #expect(try await Self.decide(caller, [Self.approve(third)], headers: .key("k")).bytes == keyed.bytes)
            let changed = try await Self.decide(caller, [Self.reject(third)], headers: .key("k"))
            #expect(changed.json["outcomes"].items.first?["problem"]["code"] == "idempotency_key_reused")
        }
    }

    @Test func `the same signal twice is decided by the first of the two`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            let outcomes = try await Self.decide(caller, [Self.approve(id), Self.reject(id)]).json["outcomes"].items
            #expect(outcomes.map { $0["status"] } == [200, 409])
        }
    }

    @Test func `a request that cannot be read decides nothing, and says where`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let wrong: [([String], [String])] = [
                ([], ["/items"]),
                (["7"], ["/items/0"]),
                (
                    [Self.approve(id), #"{"signal_id":"x","action":"hold"}"#],
                    ["/items/1/signal_id", "/items/1/action"]
                ),
                ([Self.approve(id), #"{"signal_id":"\#(id)","action":"reject"}"#], ["/items/1/reason"]),
                ([Self.approve(id, #","note":"a\u202Eb""#)], ["/items/0/note"]),
                (
                    [Self.approve(id, #","decision_id":"d""#), Self.reject(id, #","decision_id":"d""#)],
                    ["/items/1/decision_id"]
                ),
                ([Self.approve(id, #","decision_id":"a b""#)], ["/items/0/decision_id"]),
                (Array(repeating: Self.approve(id), count: 21), ["/items"]),
            ]
            for (items, pointers) in wrong {
                let answer = try await Self.decide(caller, items)
                answer.isProblem(400, "invalid_request")
                #expect(answer.pointers == pointers)
            }
            try await Self.decide(caller, [Self.approve(id, #","user_id":"bob""#)]).isProblem(403, "user_mismatch")
            try await caller.post("/api/v1/decisions/bulk", "{}").isProblem(401, "identity_required")
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test func `each counts among the decisions of a minute`() async throws {
        try await TestDesk.routed({ $0.decisionsPerMinuteMax = 2 }) { desk, caller in
            var ids: [String] = []
            for symbol in ["A", "B", "C"] { ids.append(try await caller.signal(symbol)) }
            let outcomes = try await Self.decide(caller, ids.map { Self.approve($0) }).json["outcomes"].items
            #expect(outcomes.map { $0["status"] } == [200, 200, 429])
            #expect(outcomes.last?["problem"]["code"] == "rate_limited")
            #expect(try await desk.store.log.count == 5)
        }
    }

    @Test func `what the store does not take is told of each`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            desk.store.appends(fail: true)
            let outcomes = try await Self.decide(caller, [Self.approve(id)]).json["outcomes"].items
            #expect(outcomes.first?["problem"]["code"] == "store_unavailable")
            desk.store.appends(fail: false)
            #expect(try await Self.decide(caller, [Self.approve(id)]).json["done"] == 1)
        }
    }
}
