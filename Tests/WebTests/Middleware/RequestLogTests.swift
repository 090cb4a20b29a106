import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import Web

@Suite struct RequestLogTests {
    private struct Broken: Error {}

    private let stack = MiddlewareStack()

    @Test func `a request is one line with what was answered and never its query`() async throws {
        let application = stack.application { $0.get("/fine") { _, _ in "fine" } }
        try await application.test(.router) { client in
            _ = try await client.execute(uri: "/fine?token=hunter2", method: .get)
        }
        let lines = stack.log.lines.filter { $0.message == "Request" }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.level == .debug)
        #expect(line.metadata["method"] == "GET")
        #expect(line.metadata["path"] == "/fine")
        #expect(line.metadata["status"] == "200")
        #expect(line.metadata["hb.request.id"] != nil)
        #expect(Double(line.metadata["duration_ms"]?.description ?? "") != nil)
        #expect(!stack.log.lines.contains { "\($0.message) \($0.metadata)".contains("hunter2") })
    }

    @Test(arguments: [("/broken", Logger.Level.info, "500"), ("/nothing", .debug, "404")])
    func `only a failure of the desk is above debug`(path: String, level: Logger.Level, status: String) async throws {
        let application = stack.application { $0.get("/broken") { _, _ -> Response in throw Broken() } }
        try await application.test(.router) { client in
            _ = try await client.execute(uri: path, method: .get)
        }
        let line = try #require(stack.log.lines.first { $0.message == "Request" })
        #expect(line.level == level)
        #expect(line.metadata["status"]?.description == status)
    }

    @Test func `a long path is cut`() async throws {
        try await stack.application { _ in }.test(.router) { client in
            _ = try await client.execute(uri: "/" + String(repeating: "a", count: 5_000), method: .get)
        }
        let line = try #require(stack.log.lines.first { $0.message == "Request" })
        #expect(line.metadata["path"]?.description.count == 256)
    }
}
