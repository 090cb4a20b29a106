import HTTPTypes
import Testing

@testable import Web

/// Approve and reject over REST (EP-07, GAP-02, GAP-03, GAP-09).
@Suite(.timeLimit(.minutes(5))) struct DecisionTests {
    @Test func `an approval answers with the signal as it is now`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            desk.clock.move(milliseconds: 1_500)
            let body = #"{"status":"buy","note":"  Held.\r\nGo. ","version":1,"user_id":"alice"}"#
            let answer = try await caller.approve(id, body)
            #expect(answer.status == 200, "\(answer)")
            let signal = answer.json
            #expect(
                signal["status"] == "APPROVED_BUY" && signal["awaiting_approval"] == false && signal["version"] == 2
            )
            let decision = signal["decision"]
            #expect(
                decision["outcome"] == "approved" && decision["status"] == "BUY" && decision["decided_by"] == "alice"
            )
            #expect(decision["note"] == "Held.\nGo." && decision["reason"] == .null)
            #expect(decision["decided_at"] == "2026-01-23T10:30:01.500Z")
            #expect(decision["id"].text.count == 36)
            #expect(try await caller.get("/api/v1/signals/\(id)").bytes == answer.bytes)
        }
    }

    @Test func `a rejection answers with who, why and the note`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            let answer = try await caller.reject(id, #"{"reason":"too late","note":""}"#)
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "REJECTED")
            let decision = answer.json["decision"]
            #expect(decision["outcome"] == "rejected" && decision["status"] == .null && decision["decided_by"] == "bob")
            #expect(decision["reason"] == "too late" && decision["note"] == .null)
        }
    }

    @Test func `the second decision is refused with the first one's who, what and when`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let first = try await caller.approve(id).json
            for second in [try await caller.reject(id), try await caller.approve(id, as: "alice")] {
                let problem = second.isProblem(409, "already_decided")
                #expect(problem["signal"] == first)
                #expect(problem["detail"].text.contains("alice"))
            }
            #expect(try await desk.store.log.count == 2)
        }
    }

    @Test func `a decision about what is no longer on the screen is refused`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let answer = try await caller.approve(id, #"{"status":"BUY","version":7}"#)
            #expect(answer.isProblem(409, "version_conflict")["signal"]["version"] == 1)
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test func `after its expiry a signal cannot be decided, whether or not it was marked`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: #","expires_at":"2026-01-23T10:30:05Z""#)
            desk.clock.move(milliseconds: 5_000)
            for answer in [try await caller.approve(id), try await caller.reject(id)] {
                #expect(answer.isProblem(410, "signal_expired")["signal"]["id"] == .string(id))
            }
        }
    }

    @Test(arguments: ["550e8400-e29b-41d4-a716-446655440000", "no%20symbol", "%00", "%F0%9F"])
    func `a signal that is not there is not found`(_ target: String) async throws {
        try await TestDesk.routed { _, caller in
            let answer = try await caller.approve(target)
            if target == "%F0%9F" {
                answer.isProblem(400, "invalid_request")
            } else {
                answer.isProblem(404, "signal_not_found")
            }
        }
    }

    @Test(arguments: ["/approve", "/reject", "/api/v1/signals/AAPL/approve", "/api/v1/signals/AAPL/reject"])
    func `who decides must say so, and only for themselves`(_ door: String) async throws {
        try await TestDesk.routed { desk, caller in
            _ = try await caller.signal()
            let body = #"{"symbol":"AAPL","status":"BUY","reason":"no","user_id":"bob"}"#
            try await caller.post(door, body).isProblem(401, "identity_required")
            try await caller.post(door + "?as=", body).isProblem(401, "identity_required")
            try await caller.post(door + "?as=%20", body).isProblem(400, "invalid_request")
            try await caller.post(door + "?as=" + String(repeating: "x", count: 65), body).isProblem(
                400,
                "invalid_request"
            )
            #expect(
                try await caller.post(door + "?as=alice", body).isProblem(403, "user_mismatch")["detail"].text.contains(
                    "bob"
                )
            )
            #expect(try await desk.store.log.count == 1)
            #expect(try await caller.post(door + "?as=%20bob%20", body).status == 200)
        }
    }

    // MARK: By symbol

    @Test(arguments: ["/api/v1/signals/aapl/approve?as=alice", "/approve?as=alice"])
    func `a symbol is enough when one signal of it is pending`(_ door: String) async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            _ = try await caller.signal("MSFT")
            let answer = try await caller.post(door, #"{"symbol":"aapl","status":"SELL"}"#)
            #expect(answer.json["id"] == .string(id) && answer.json["status"] == "APPROVED_SELL", "\(answer)")
        }
    }

    @Test(arguments: ["/api/v1/signals/AAPL/", "/"])
    func `a symbol that does not name one signal is answered with those it could be`(_ door: String) async throws {
        try await TestDesk.routed { desk, caller in
            let body = #"{"symbol":"AAPL","status":"BUY","reason":"no"}"#
            for verb in ["approve", "reject"] {
                let none = try await caller.post(door + verb + "?as=alice", body)
                #expect(none.isProblem(409, "symbol_not_pending")["signals"] == [])
            }
            let ids: Set = [try await caller.signal(), try await caller.signal()]
            for verb in ["approve", "reject"] {
                let several = try await caller.post(door + verb + "?as=alice", body).isProblem(409, "symbol_ambiguous")
                #expect(Set(several["signals"].items.map { $0["id"].text }) == ids)
            }
            #expect(try await desk.store.log.count == 2)
        }
    }

    @Test(arguments: ["BTC/USD", "^GSPC", "EURUSD=X", "BRK.B", "NYSE:IBM"])
    func `a symbol in the path may be percent-encoded`(_ symbol: String) async throws {
        try await TestDesk.routed { _, caller in
            _ = try await caller.signal(symbol)
            let encoded = symbol.utf8.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
            let answer = try await caller.approve(encoded)
            #expect(answer.status == 200 && answer.json["symbol"] == .string(symbol), "\(answer)")
        }
    }

    @Test func `a body that means another symbol than its address decides nothing`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            for target in [id, "AAPL"] {
                let answer = try await caller.approve(target, #"{"status":"BUY","symbol":"MSFT"}"#)
                answer.isProblem(400, "invalid_request")
                #expect(answer.pointers == ["/symbol"])
            }
            #expect(try await desk.store.log.count == 1)
            #expect(try await caller.approve(id, #"{"status":"BUY","symbol":"aapl"}"#).status == 200)
        }
    }

    @Test func `the form without a signal needs a symbol`() async throws {
        try await TestDesk.routed { _, caller in
            let answer = try await caller.post("/approve?as=alice", #"{"status":"BUY"}"#)
            answer.isProblem(400, "invalid_request")
            #expect(answer.pointers == ["/symbol"])
        }
    }

    // MARK: Rates

    @Test func `too many decisions of one user are slowed down, those of another are not`() async throws {
        try await TestDesk.routed({ $0.decisionsPerMinuteMax = 3 }) { desk, caller in
            for _ in 1...3 { #expect(try await caller.approve(try await caller.signal()).status == 200) }
            let id = try await caller.signal()
            let late = try await caller.approve(id)
            late.isProblem(429, "rate_limited")
            #expect(late.headers[.retryAfter] == "20")
            #expect(try await caller.get("/api/v1/signals/\(id)").json["version"] == 1)
            desk.clock.move(milliseconds: 20_000)
            #expect(try await caller.approve(id).status == 200)
            #expect(try await caller.reject(try await caller.signal()).status == 200)
        }
    }

    @Test func `what cannot be stored decides nothing and can be tried again`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            desk.store.appends(fail: true)
            let answer = try await caller.approve(id, headers: .key("k"))
            answer.isProblem(503, "store_unavailable")
            #expect(answer.headers[.retryAfter] == "2" && !answer.description.contains("disk"))
            desk.store.appends(fail: false)
            #expect(try await caller.approve(id, headers: .key("k")).status == 200)
        }
    }
}
