import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import Wire

@testable import Web

@Suite struct BoundedBodyTests {
    private let stack = MiddlewareStack()

    private func application(_ body: BoundedBody) -> some ApplicationProtocol {
        stack.application { router in
            router.post("/body") { request, _ in
                let (bytes, format) = try await body.read(request)
                return "\(format.rawValue) \(bytes.readableBytes)"
            }
        }
    }

    private func answer(
        _ body: BoundedBody,
        headers: HTTPFields,
        bytes: Int,
        framework: TestingSetup = .router
    ) async throws -> TestResponse {
        let buffer = ByteBuffer(repeating: UInt8(ascii: "1"), count: bytes)
        return try await application(body).test(framework) { client in
            try await client.execute(uri: "/body", method: .post, headers: headers, body: buffer)
        }
    }

    @Test(arguments: [
        ("application/json", "application/json"), ("Application/JSON; charset=UTF-8", "application/json"),
        ("application/json;charset=\"utf-8\"", "application/json"),
        ("application/cloudevents+json", "application/json"),
        ("application/x-ndjson", "application/x-ndjson"), ("application/json; profile=x", "application/json"),
    ])
    func `JSON and JSON lines are read`(type: String, format: String) async throws {
        let body = BoundedBody(bytesMax: 100, formats: [.json, .lines])
        let response = try await answer(body, headers: [.contentType: type], bytes: 100)
        #expect(String(buffer: response.body) == "\(format) 100")
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/json", "json", "",
        "application/+json", "application/jsonp", "application/json, text/plain", "application/json; charset=utf-16",
        "application/x-ndjson", "image/svg+json",
    ])
    func `another media type is 415 and names the right one`(type: String) async throws {
        let response = try await answer(BoundedBody(bytesMax: 100), headers: [.contentType: type], bytes: 1)
        #expect(response.status == .unsupportedMediaType)
        #expect(String(buffer: response.body).contains("application/json"))
    }

    @Test func `a body without a media type is 415 and no body needs none`() async throws {
        let body = BoundedBody(bytesMax: 100)
        #expect(try await answer(body, headers: [:], bytes: 1).status == .unsupportedMediaType)
        #expect(try await answer(body, headers: [:], bytes: 0).status == .ok)
    }

    @Test func `a compressed body is 415`() async throws {
        let headers: HTTPFields = [.contentType: "application/json", .contentEncoding: "gzip"]
        let response = try await answer(BoundedBody(bytesMax: 100), headers: headers, bytes: 1)
        #expect(response.status == .unsupportedMediaType)
    }

    @Test func `a body over the limit is 413 and says the limit`() async throws {
        for framework in [TestingSetup.router, .live] {
            let headers: HTTPFields = [.contentType: "application/json"]
            let response = try await answer(
                BoundedBody(bytesMax: 100),
                headers: headers,
                bytes: 101,
                framework: framework
            )
            #expect(response.status == .contentTooLarge)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(String(buffer: response.body).contains("\"bytes_max\":100"))
        }
    }

    @Test func `a stream that announces no length is cut at the limit`() async throws {
        let chunks = AsyncStream<ByteBuffer> { continuation in
            for _ in 0..<3 { continuation.yield(ByteBuffer(repeating: 0, count: 50)) }
            continuation.finish()
        }
        let request = Request(
            head: .init(
                method: .post,
                scheme: nil,
                authority: nil,
                path: "/body",
                headerFields: [.contentType: "application/json"]
            ),
            body: .init(asyncSequence: chunks)
        )
        let error = await #expect(throws: Problem.self) { try await BoundedBody(bytesMax: 100).read(request) }
        #expect(error?.code == .bodyTooLarge)
    }
}
