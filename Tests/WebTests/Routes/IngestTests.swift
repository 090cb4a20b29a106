import HTTPTypes
import Logging
import Testing

@testable import Web

/// `POST /api/v1/signals` and `POST /api/v1/events` (GAP-01, GAP-08).
@Suite(.timeLimit(.minutes(5))) struct IngestTests {
    private static let notice = #"{"type":"notification","data":{"id":"n1","message":"hello","type":"info"}}"#
    private static let price =
        #"{"type":"price_update","symbol":"AAPL","data":{"price":"185.50","change":"2.30","change_pct":"1.26","volume":45}}"#
    private static let signal = #"{"type":"signal:new","data":{"symbol":"AAPL","side":"BUY"}}"#

    @Test func `a signal is stored, broadcast and answered with its place`() async throws {
        try await TestDesk.routed { desk, caller in
            let body = """
                {"symbol":"aapl","action":"long","entry_price":150.25,"stop_loss":"149.50","target_price":"152.75",
                "confidence_score":92.5,"ts":"2026-01-23T12:30:00+02:00","expires_at":"2026-01-23T12:00:00Z"}
                """
            let answer = try await caller.post("/api/v1/signals?source=wyckoff", body)
            #expect(answer.status == 201)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.cacheControl] == "no-store")
            let signal = answer.json
            #expect(answer.headers[.location] == "/api/v1/signals/\(signal["id"].text)")
            #expect(signal["symbol"] == "AAPL" && signal["side"] == "BUY" && signal["source"] == "wyckoff")
            #expect(
                signal["status"] == "PENDING_REVIEW" && signal["awaiting_approval"] == true && signal["version"] == 1
            )
            #expect(
                signal["entry_price"] == "150.25" && signal["r_multiple"] == "3.33"
                    && signal["confidence_grade"] == "A+"
            )
            #expect(signal["ts"] == "2026-01-23T10:30:00.000Z" && signal["received_at"] == "2026-01-23T10:30:00.000Z")
            #expect(signal["decision"] == .null && signal["reasoning"] == .null)
            #expect(try await caller.get("/api/v1/signals/\(signal["id"].text)").bytes == answer.bytes)
            #expect(try await desk.store.log.count == 1 && desk.broadcasts == 1)
        }
    }

    @Test func `a signal that is on the desk already is not taken twice`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let again = try await caller.post("/api/v1/signals", #"{"id":"\#(id.uppercased())","symbol":"MSFT"}"#)
            let problem = again.isProblem(409, "signal_exists")
            #expect(problem["signals"][0]["id"] == .string(id) && problem["signals"][0]["symbol"] == "AAPL")
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test(arguments: [
        (notice, 1, 1), ("[\(notice),\(signal)]", 2, 2), ("\(notice)\n\(signal)\n", 2, 2),
        ("\(notice)\r\n\(signal)", 2, 2),
        ("[\(price),\(signal),\(price)]", 3, 1), (price, 1, 0),
    ])
    func `one message, a list and lines are taken`(_ body: String, _ accepted: Int, _ logged: Int) async throws {
        try await TestDesk.routed { desk, caller in
            let answer = try await caller.post("/api/v1/events", body)
            #expect(answer.status == 202, "\(answer)")
            #expect(answer.json["accepted"] == .number(Double(accepted)))
            #expect(answer.json["offset"] == .number(Double(logged)))
            #expect(answer.json["ids"].items.count == logged)
            #expect(try await desk.store.log.count == logged)
        }
    }

    @Test func `lines may say that they are lines`() async throws {
        try await TestDesk.routed { _, caller in
            let lines: HTTPFields = [.contentType: "application/x-ndjson"]
            #expect(try await caller.post("/api/v1/events", Self.notice, headers: lines).status == 202)
            try await caller.post("/api/v1/signals", "{}", headers: lines).isProblem(415, "unsupported_media_type")
        }
    }

    @Test(arguments: [
        (#"{"type":"notification","data":{}}"#, 400, "/2/data/message"), (#"{"type":"nonsense"}"#, 400, "/2/type"),
        (#"{"type":"signal:rejected"}"#, 400, "/2/type"), ("7", 400, "/2"),
        (#"{"type":"signal:executed","data":{"id":"550e8400-e29b-41d4-a716-446655440000"}}"#, 404, ""),
    ])
    func `when the third of three is wrong nothing is stored and nobody hears of it`(
        _ third: String,
        _ status: Int,
        _ pointer: String
    ) async throws {
        try await TestDesk.routed { desk, caller in
            let answer = try await caller.post("/api/v1/events", "[\(Self.price),\(Self.signal),\(third)]")
            answer.isProblem(status, status == 404 ? "signal_not_found" : "invalid_request")
            if status == 400 { #expect(answer.pointers.contains(pointer), "\(answer)") }
            #expect(try await desk.store.log.isEmpty && desk.broadcasts == 0)
            #expect(try await caller.get("/api/v1/snapshot").json["prices"] == [])
        }
    }

    @Test func `no more than 1000 messages at a time, and none too long`() async throws {
        try await TestDesk.routed { desk, caller in
            let many = "[" + Array(repeating: #"{"type":"x"}"#, count: 1_001).joined(separator: ",") + "]"
            #expect(
                try await caller.post("/api/v1/events", many).isProblem(400, "invalid_request")["detail"].text.contains(
                    "1000"
                )
            )
            #expect(
                try await caller.post("/api/v1/events", "[]").isProblem(400, "invalid_request")["detail"].text.contains(
                    "1000"
                )
            )
            let long = #"[{"type":"x","pad":"\#(String(repeating: "p", count: 65_536))"}]"#
            let answer = try await caller.post("/api/v1/events", long)
            #expect(answer.isProblem(400, "invalid_request")["errors"][0]["pointer"] == "/0")
            #expect(try await desk.store.log.isEmpty)
        }
    }

    @Test func `a released signal can be reported executed, another one cannot`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let report = #"{"type":"signal:executed","data":{"id":"\#(id)"}}"#
            let early = try await caller.post("/api/v1/events", report)
            #expect(early.isProblem(409, "not_approved")["signal"]["id"] == .string(id))
            _ = try await caller.approve(id)
            try await desk.release(id)
            #expect(try await caller.post("/api/v1/events", report).json["ids"] == [.string(id)])
            let signal = try await caller.get("/api/v1/signals/\(id)").json
            #expect(signal["status"] == "EXECUTED" && signal["decision"]["decided_by"] == "alice")
        }
    }

    @Test func `a source must be a name`() async throws {
        try await TestDesk.routed { _, caller in
            try await caller.post("/api/v1/signals?source=%0A", #"{"symbol":"AAPL"}"#).isProblem(400, "invalid_request")
        }
    }

    @Test func `what cannot be stored is answered 503 and broadcast to nobody`() async throws {
        try await TestDesk.routed { desk, caller in
            desk.store.appends(fail: true)
            let answer = try await caller.post("/api/v1/events", "[\(Self.price),\(Self.signal)]")
            answer.isProblem(503, "store_unavailable")
            #expect(answer.headers[.retryAfter] == "2")
            #expect(desk.broadcasts == 0)
            #expect(desk.logs.lines.contains { $0.level == .error })
            desk.store.appends(fail: false)
            #expect(try await caller.post("/api/v1/events", Self.signal).status == 202)
        }
    }
}
