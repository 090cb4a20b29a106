import Domain
import Testing

@testable import Web

/// The same request under the same key has one effect and one answer (GAP-09).
@Suite(.timeLimit(.minutes(5))) struct IdempotencyTests {
    @Test func `a repeated decision gets the same answer byte for byte and decides once`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let first = try await caller.approve(id, headers: .key("click-1"))
            #expect(first.status == 200 && first.json["decision"]["id"] == "click-1")
            desk.clock.move(milliseconds: 60_000)
            let again = try await caller.approve(id, headers: .key("click-1"))
            #expect(again.status == 200 && again.bytes == first.bytes && again.headers == first.headers)
            #expect(try await desk.store.log.count == 2 && desk.broadcasts == 2)
        }
    }

    @Test func `the same answer comes even after the signal went on`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let first = try await caller.approve(id, headers: .key("k"))
            try await desk.release(id)
            _ = try await caller.post("/api/v1/events", #"{"type":"signal:executed","data":{"id":"\#(id)"}}"#)
            #expect(try await caller.approve(id, headers: .key("k")).bytes == first.bytes)
        }
    }

    @Test func `a key that was used for another request is refused`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let other = try await caller.signal("MSFT")
            _ = try await caller.approve(id, headers: .key("k"))
            let sell = #"{"status":"SELL"}"#
            try await caller.approve(id, sell, headers: .key("k")).isProblem(422, "idempotency_key_reused")
            try await caller.approve(other, headers: .key("k")).isProblem(422, "idempotency_key_reused")
            try await caller.reject(id, as: "alice", headers: .key("k")).isProblem(422, "idempotency_key_reused")
            // Keys belong to whoever chose them.
            #expect(try await caller.approve(other, as: "bob", headers: .key("k")).status == 200)
            #expect(try await desk.store.log.count == 4)
        }
    }

    @Test func `a refusal is not kept: the same key may try again`() async throws {
        try await TestDesk.routed { _, caller in
            try await caller.approve("AAPL", headers: .key("k")).isProblem(409, "symbol_not_pending")
            _ = try await caller.signal()
            #expect(try await caller.approve("AAPL", headers: .key("k")).status == 200)
        }
    }

    @Test(arguments: ["", "a b", "ü", String(repeating: "k", count: 129)])
    func `a key is 1 to 128 visible ASCII characters`(_ key: String) async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            try await caller.approve(id, headers: .key(key)).isProblem(400, "invalid_request")
            try await caller.post("/api/v1/signals", #"{"symbol":"A"}"#, headers: .key(key)).isProblem(
                400,
                "invalid_request"
            )
            try await caller.post("/api/v1/events", "{}", headers: .key(key)).isProblem(400, "invalid_request")
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test func `a bad key does not count against the decisions of a minute`() async throws {
        try await TestDesk.routed({ $0.decisionsPerMinuteMax = 1 }) { _, caller in
            let id = try await caller.signal()
            try await caller.approve(id, headers: .key("a b")).isProblem(400, "invalid_request")
            #expect(try await caller.approve(id).status == 200)
        }
    }

    @Test func `a signal that is posted twice is taken once`() async throws {
        try await TestDesk.routed { desk, caller in
            let body = #"{"symbol":"AAPL"}"#
            let first = try await caller.post("/api/v1/signals", body, headers: .key("k"))
            let again = try await caller.post("/api/v1/signals", body, headers: .key("k"))
            #expect(again.status == 201 && again.bytes == first.bytes && again.headers == first.headers)
            #expect(try await desk.store.log.count == 1)
            try await caller.post("/api/v1/signals?source=other", body, headers: .key("k"))
                .isProblem(422, "idempotency_key_reused")
        }
    }

    @Test func `the same answer comes even after the signal expired`() async throws {
        try await TestDesk.routed { desk, caller in
            let expiry = desk.clock.now().advanced(byMilliseconds: 5_000)
            let signal = #"{"symbol":"AAPL","expires_at":"\#(expiry)"}"#
            let posts = [("/api/v1/signals", signal), ("/api/v1/events", #"{"type":"signal:new","data":\#(signal)}"#)]
            for (path, body) in posts {
                _ = try await caller.post(path, body, headers: .key(path))
            }
            desk.clock.move(milliseconds: 60_000)
            for (path, body) in posts {
                let again = try await caller.post(path, body, headers: .key(path))
                #expect(again.status < 300, "\(again)")
                // A request that was never accepted is too late.
                let late = try await caller.post(path, body, headers: .key("late"))
                #expect(late.isProblem(400, "invalid_request")["errors"].items.count == 1)
            }
            #expect(try await desk.store.log.count { $0.event.signal?.version == 1 } == 2)
        }
    }

    @Test func `a wrong request under a used key is refused for what is wrong or for the key`() async throws {
        try await TestDesk.routed { _, caller in
            _ = try await caller.post("/api/v1/signals", #"{"symbol":"AAPL"}"#, headers: .key("k"))
            try await caller.post("/api/v1/signals", #"{"symbol":"A B"}"#, headers: .key("k"))
                .isProblem(400, "invalid_request")
        }
    }

    @Test func `prices that are posted twice are not broadcast again, for newer ones may be out`() async throws {
        try await TestDesk.routed { desk, caller in
            let price =
                #"{"type":"price_update","symbol":"AAPL","data":{"price":"185","change":"2","change_pct":"1","volume":4}}"#
            let first = try await caller.post("/api/v1/events", price, headers: .key("k"))
            let again = try await caller.post("/api/v1/events", price, headers: .key("k"))
            #expect(first.status == 202 && again.bytes == first.bytes)
            try await caller.post("/api/v1/events", "[\(price)]", headers: .key("k")).isProblem(
                422,
                "idempotency_key_reused"
            )
            #expect(desk.broadcasts == 1)
        }
    }
}
