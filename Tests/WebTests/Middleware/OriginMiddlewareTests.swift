import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

/// What the policy says is tested beside it; this is about the fields reaching it over a real connection.
@Suite struct OriginMiddlewareTests {
    private func statuses(_ requests: [TestClient.Request]) async throws -> [Int] {
        let application = MiddlewareStack().application { router in
            router.get("/snapshot") { _, _ in "snapshot" }
            router.post("/approve") { _, _ in "approved" }
        }
        return try await application.test(.live) { server in
            let client = TestClient(host: "localhost", port: try #require(server.port))
            client.connect()
            var statuses: [Int] = []
            for request in requests { statuses.append(try await client.execute(request).status.code) }
            try await client.shutdown()
            return statuses
        }
    }

    private func request(
        _ method: HTTPRequest.Method,
        host: String,
        _ headers: HTTPFields = [:]
    ) -> TestClient.Request {
        let path = method == .get ? "/snapshot" : "/approve"
        return TestClient.Request(path, method: method, authority: host, headers: headers)
    }

    @Test func `a rebound name is refused on reading and writing`() async throws {
        let seen = try await statuses([
            request(.get, host: "localhost:8000"), request(.get, host: "[::1]:8000"),
            request(.get, host: "evil.example:8000"), request(.post, host: "evil.example:8000"),
            request(.get, host: "EVIL.example"),
        ])
        #expect(seen == [200, 200, 403, 403, 403])
    }

    @Test func `a write is for the desk's own page and for programs`() async throws {
        let host = "localhost:8000"
        let seen = try await statuses([
            request(.post, host: host), request(.post, host: host, [.origin: "http://localhost:8000"]),
            request(.post, host: host, [.origin: "http://localhost:8001"]),
            request(.post, host: host, [.origin: "null"]), request(.get, host: host, [.origin: "http://evil.example"]),
            request(.post, host: host, [HTTPField.Name("Sec-Fetch-Site")!: "cross-site"]),
        ])
        #expect(seen == [200, 200, 403, 403, 200, 403])
    }
}
