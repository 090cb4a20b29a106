import HTTPTypes
import Testing

@testable import Web

/// What cannot be read is refused with the place of the fault, and leaves nothing behind.
@Suite(.timeLimit(.minutes(5))) struct BodyTests {
    private static let doors = [
        "/api/v1/signals", "/api/v1/events", "/api/v1/signals/AAPL/approve?as=alice",
        "/api/v1/signals/AAPL/reject?as=alice", "/approve?as=alice", "/reject?as=alice",
    ]

    private static let malformed: [(String, place: String)] = [
        (#"{"symbol":"#, "Line 1, column 11"), (#"{"symbol":"AAPL" "side":"BUY"}"#, "Line 1, column 18"),
        ("{\n  \"symbol\": AAPL\n}", "Line 2, column 13"), (#"{"symbol":"AAPL","symbol":"MSFT"}"#, "Line 1, column 18"),
        (#"{"symbol":"\ud800"}"#, "Line 1, column 12"), (#"{"symbol":"A\u0000"}"#, "Line 1, column 13"),
        (String(repeating: "[", count: 40) + String(repeating: "]", count: 40), "Line 1, column 33"),
        (#"{"symbol":01}"#, "Line 1, column 1"), ("nul", "Line 1, column 1"),
    ]

    @Test(arguments: doors) func `JSON that cannot be read is told with its position`(_ door: String) async throws {
        try await TestDesk.routed { desk, caller in
            for (body, place) in Self.malformed {
                let answer = try await caller.post(door, body)
                answer.isProblem(400, "malformed_json")
                #expect(answer.json["detail"].text.hasPrefix(place), "\(body): \(answer)")
                #expect(answer.pointers == [""])
            }
            try await caller.post(door, bytes: [0x7B, 0x22, 0xFF, 0x22, 0x7D]).isProblem(400, "malformed_json")
            #expect(try await desk.store.log.isEmpty && desk.broadcasts == 0)
        }
    }

    @Test(arguments: doors) func `no body at all is told what belongs there`(_ door: String) async throws {
        try await TestDesk.routed { desk, caller in
            let nothing = try await caller.postNothing(door)
            let empty = try await caller.post(door, "")
            for answer in [nothing, empty] {
                #expect(answer.status == 400, "\(answer)")
                #expect(["invalid_request", "malformed_json"].contains(answer.json["code"].text), "\(answer)")
            }
        }
    }

    @Test(arguments: doors) func `another media type, charset or coding is refused`(_ door: String) async throws {
        try await TestDesk.routed { _, caller in
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "json"]
            {
                try await caller.post(door, "{}", headers: [.contentType: type]).isProblem(
                    415,
                    "unsupported_media_type"
                )
            }
            let zipped: HTTPFields = [.contentType: "application/json", .contentEncoding: "gzip"]
            try await caller.post(door, "{}", headers: zipped).isProblem(415, "unsupported_media_type")
        }
    }

    @Test(arguments: [
        ("/api/v1/signals", 65_536), ("/api/v1/events", 1_048_576), ("/api/v1/signals/AAPL/approve?as=alice", 16_384),
        ("/reject?as=alice", 16_384),
    ])
    func `a body beyond the limit is refused and says the limit`(_ door: String, _ bytesMax: Int) async throws {
        try await TestDesk.routed { _, caller in
            let huge = try await caller.post(door, bytes: Array(repeating: 0x20, count: bytesMax + 1))
            #expect(huge.isProblem(413, "body_too_large")["bytes_max"] == .number(Double(bytesMax)))
            let fits = try await caller.post(door, bytes: Array(repeating: 0x20, count: bytesMax))
            fits.isProblem(400, "malformed_json")
        }
    }

    @Test func `over a real connection, too, a huge body is answered 413`() async throws {
        try await TestDesk.live { desk in
            let answer = try await desk.caller.post(
                "/api/v1/signals",
                bytes: Array(repeating: 0x20, count: 65_537)
            )
            answer.isProblem(413, "body_too_large")
        }
    }

    @Test(arguments: [
        ("{}", ["/symbol"]), ("[]", [""]), ("7", [""]), (#"{"symbol":5}"#, ["/symbol"]),
        (#"{"symbol":""}"#, ["/symbol"]), (#"{"symbol":"A B"}"#, ["/symbol"]),
        (#"{"symbol":"AAPL","side":"UP"}"#, ["/side"]), (#"{"symbol":"AAPL","entry_price":"1e5"}"#, ["/entry_price"]),
        (#"{"symbol":"AAPL","entry_price":true}"#, ["/entry_price"]),
        (#"{"symbol":"AAPL","quantity":-1}"#, ["/quantity"]),
        (#"{"symbol":"AAPL","confidence_score":101}"#, ["/confidence_score"]),
        (#"{"symbol":"AAPL","id":"nope"}"#, ["/id"]), (#"{"symbol":"AAPL","ts":"yesterday"}"#, ["/ts"]),
        (#"{"symbol":"AAPL","expires_at":"2020-01-01T00:00:00Z"}"#, ["/expires_at"]),
        (#"{"symbol":"AAPL","status":"APPROVED_BUY"}"#, ["/status"]),
        (#"{"symbol":"AAPL","side":"BUY","entry_price":"10","stop_loss":"11"}"#, ["/stop_loss"]),
        (#"{"symbol":"AAPL","type":"price_update"}"#, ["/type"]),
        (#"{"symbol":5,"side":"UP","quantity":0}"#, ["/quantity", "/side", "/symbol"]),
    ])
    func `a signal with faults names every one of them`(_ body: String, _ pointers: [String]) async throws {
        try await TestDesk.routed { desk, caller in
            let answer = try await caller.post("/api/v1/signals", body)
            answer.isProblem(400, "invalid_request")
            #expect(answer.pointers.sorted() == pointers, "\(answer)")
            #expect(try await desk.store.log.isEmpty && desk.broadcasts == 0)
        }
    }

    @Test(arguments: [
        ("approve", "{}", "/status"), ("approve", #"{"status":5}"#, "/status"),
        ("approve", #"{"status":"MAYBE"}"#, "/status"),
        ("approve", #"{"status":"BUY","version":"1"}"#, "/version"),
        ("approve", #"{"status":"BUY","version":-1}"#, "/version"),
        ("approve", #"{"status":"BUY","version":1.5}"#, "/version"),
        ("approve", #"{"status":"BUY","note":5}"#, "/note"),
        ("approve", #"{"status":"BUY","note":"\#(String(repeating: "x", count: 501))"}"#, "/note"),
        ("approve", #"{"status":"BUY","note":"\u202e"}"#, "/note"),
        ("approve", #"{"status":"BUY","user_id":5}"#, "/user_id"),
        ("approve", "[]", ""), ("reject", "{}", "/reason"), ("reject", #"{"reason":""}"#, "/reason"),
        ("reject", #"{"reason":null}"#, "/reason"),
        ("reject", #"{"reason":"\#(String(repeating: "x", count: 501))"}"#, "/reason"),
        ("reject", #"{"reason":"no","note":{}}"#, "/note"),
    ])
    func `a decision with a fault decides nothing`(_ verb: String, _ body: String, _ pointer: String) async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            let answer = try await caller.post("/api/v1/signals/\(id)/\(verb)?as=alice", body)
            answer.isProblem(400, "invalid_request")
            #expect(answer.pointers == [pointer], "\(answer)")
            #expect(try await desk.store.log.count == 1)
            #expect(try await caller.get("/api/v1/signals/\(id)").json["status"] == "PENDING_REVIEW")
        }
    }
}
