import HTTPTypes
import Logging
import Testing

@testable import Web

/// What every address answers whatever is asked of it: methods, origins, health, who is connected.
@Suite(.timeLimit(.minutes(5))) struct AddressTests {
    @Test(arguments: [
        ("/api/v1/snapshot", "GET, HEAD"), ("/api/v1/signals", "GET, HEAD, POST"),
        ("/api/v1/events", "GET, HEAD, POST"),
        ("/api/v1/signals/x", "GET, HEAD"), ("/api/v1/patterns/x", "GET, HEAD"), ("/api/v1/signals/x/approve", "POST"),
        ("/api/v1/signals/x/reject", "POST"), ("/approve", "POST"), ("/reject", "POST"), ("/health", "GET, HEAD"),
        ("/ws/stats", "GET, HEAD"),
    ])
    func `a method that is not for this address is told those that are`(_ path: String, _ allow: String) async throws {
        try await TestDesk.routed { _, caller in
            let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]
            for method in methods where !allow.split(separator: ", ").contains(Substring(method.rawValue)) {
                let answer = try await caller.call(method, path)
                answer.isProblem(405, "method_not_allowed")
                #expect(answer.headers[.allow] == allow)
            }
        }
    }

    @Test(arguments: ["/api/v1/nothing", "/api/v2/snapshot", "/nothing", "/api/v1/signals/x/redo", "/approve/x"])
    func `an address that is not there is not found`(_ path: String) async throws {
        try await TestDesk.routed { _, caller in
            try await caller.get(path).isProblem(404, "not_found")
            try await caller.post(path, "{}").isProblem(404, "not_found")
        }
    }

    @Test(arguments: ["/health", "/api/v1/snapshot", "/api/v1/signals", "/api/v1/events", "/ws/stats"])
    func `HEAD answers as GET does, without the body`(_ path: String) async throws {
        try await TestDesk.routed { _, caller in
            let get = try await caller.get(path)
            let head = try await caller.call(.head, path)
            #expect(head.status == 200 && head.bytes.isEmpty)
            #expect(head.headers == get.headers)
            #expect(head.headers[.contentLength] == String(get.bytes.count))
            let missing = try await caller.call(.head, "/api/v1/patterns/none")
            #expect(missing.status == 404 && missing.bytes.isEmpty)
        }
    }

    @Test(arguments: ["https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:1"])
    func `a page of another site changes nothing`(_ origin: String) async throws {
        try await TestDesk.routed { desk, caller in
            let foreign: HTTPFields = [.origin: origin]
            let id = try await caller.signal()
            try await caller.approve(id, headers: foreign).isProblem(403, "origin_forbidden")
            try await caller.post("/api/v1/signals", #"{"symbol":"A"}"#, headers: foreign).isProblem(
                403,
                "origin_forbidden"
            )
            #expect(try await desk.store.log.count == 1)
            #expect(
                try await caller.get("/api/v1/snapshot", headers: foreign).headers[.accessControlAllowOrigin] == nil
            )
            // The desk's own page, and a program that is no browser, may.
            #expect(try await caller.approve(id, headers: [.origin: "http://localhost"]).status == 200)
        }
    }

    // MARK: Health and statistics

    @Test func `health says how the desk is`() async throws {
        try await TestDesk.routed { desk, caller in
            _ = try await caller.signal()
            desk.clock.move(milliseconds: 1_234)
            let answer = try await caller.get("/health")
            #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store")
            let health = answer.json
            #expect(
                health.keys == [
                    "status", "version", "uptime_ms", "websocket", "event_stream", "store", "pending", "desk", "policy",
                ]
            )
            #expect(health["status"] == "ok" && health["version"] == "test" && health["uptime_ms"] == 1234)
            #expect(health["websocket"]["connections"] == 0 && health["pending"] == 1)
            #expect(health["store"]["epoch"] == "epoch-1" && health["store"]["offset"] == 1)
        }
    }

    @Test func `health is 503 while the store fails, and the log says why`() async throws {
        try await TestDesk.routed { desk, caller in
            desk.store.reads(fail: true)
            let answer = try await caller.get("/health")
            #expect(answer.status == 503)
            #expect(answer.json["status"] == "failing" && answer.json["store"] == .null)
            #expect(!answer.description.contains("secret"))
            #expect(desk.logs.lines.contains { $0.level == .error && "\($0.metadata)".contains("secret") })
            desk.store.reads(fail: false)
            #expect(try await caller.get("/health").status == 200)
        }
    }

    @Test func `statistics of nobody are empty`() async throws {
        try await TestDesk.routed { _, caller in
            let stats = try await caller.get("/ws/stats").json
            #expect(
                stats.keys == [
                    "total_connections", "clients", "transports", "channel_subscriptions", "symbol_subscriptions",
                ]
            )
            #expect(stats["total_connections"] == 0 && stats["clients"] == [])
        }
    }
}
