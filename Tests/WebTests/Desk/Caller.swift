import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Sends requests to a desk.
struct Caller: Sendable {
    typealias Send =
        @Sendable (HTTPRequest.Method, _ uri: String, HTTPFields, ByteBuffer?) async throws -> Answer

    private let send: Send

    init(_ send: @escaping Send) { self.send = send }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, uri, headers, nil)
    }

    func call(_ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(method, uri, headers, nil)
    }

    func post(_ uri: String, _ body: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await post(uri, bytes: Array(body.utf8), headers: headers)
    }

    func post(_ uri: String, bytes: [UInt8], headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await send(.post, uri, headers, ByteBuffer(bytes: bytes))
    }

    /// No body and nothing said about one.
    func postNothing(_ uri: String) async throws -> Answer { try await send(.post, uri, [:], nil) }

    /// Puts a signal on the desk and returns its id.
    func signal(_ symbol: String = "AAPL", more: String = "") async throws -> String {
        let answer = try await post("/api/v1/signals", #"{"symbol":"\#(symbol)","side":"BUY"\#(more)}"#)
        try #require(answer.status == 201, "\(answer)")
        return answer.json["id"].text
    }

    func approve(
        _ target: String,
        as user: String = "alice",
        _ body: String = #"{"status":"BUY"}"#,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await post("/api/v1/signals/\(target)/approve?as=\(user)", body, headers: headers)
    }

    func reject(
        _ target: String,
        as user: String = "bob",
        _ body: String = #"{"reason":"too late"}"#,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await post("/api/v1/signals/\(target)/reject?as=\(user)", body, headers: headers)
    }
}

/// What came back.
struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    init(_ status: HTTPResponse.Status, _ headers: HTTPFields, _ body: ByteBuffer) {
        self.status = status.code
        self.headers = headers
        bytes = Array(body.readableBytesView)
    }

    /// `.absent` when the body is no JSON.
    var json: JSON { (try? JSON(bytes)) ?? .absent }
    var description: String { "\(status) \(String(decoding: bytes, as: UTF8.self))" }

    /// Checks that this is a problem document of RFC 9457 with this status and code, and returns it.
    @discardableResult
    func isProblem(
        _ status: Int,
        _ code: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> JSON {
        #expect(self.status == status, "\(self)", sourceLocation: sourceLocation)
        #expect(headers[.contentType] == "application/problem+json", sourceLocation: sourceLocation)
        #expect(json["code"] == .string(code), "\(self)", sourceLocation: sourceLocation)
        #expect(json["status"] == .number(Double(status)), sourceLocation: sourceLocation)
        let urn = "urn:countersign:problem:\(code.replacing("_", with: "-"))"
        #expect(json["type"] == .string(urn), sourceLocation: sourceLocation)
        #expect(!json["title"].text.isEmpty && !json["detail"].text.isEmpty, sourceLocation: sourceLocation)
        return json
    }

    /// The pointers of the faults in a problem.
    var pointers: [String] { json["errors"].items.map { $0["pointer"].text } }
}

extension HTTPFields {
    static func key(_ key: String) -> HTTPFields { [HTTPField.Name("Idempotency-Key")!: key] }
}
