import SocketSupport
import Testing

/// A browser tab: what a page does with its socket, and what it may do wrong.
struct Tab: NumberedTab {
    private(set) var client: RawClient
    private let inflater = ReferenceInflater(stepBytes: 65_536)
    var number = 0
    private(set) var compressedCount = 0
    /// What the desk's pings carried that were not answered.
    private(set) var pings: [[UInt8]] = []
    private var answersPings = false

    /// Opens a socket, checks that the handshake succeeds, and closes it behind `body`.
    static func open<R>(
        _ desk: LiveDesk,
        _ path: String = "/ws",
        compress: Bool = false,
        headers: [String] = [],
        receiveBytesMax: Int? = nil,
        _ body: (inout Tab) async throws -> R
    ) async throws -> R {
        try await RawClient.with(port: desk.port, receiveBytesMax: receiveBytesMax) { client in
            let offer = compress ? ["Sec-WebSocket-Extensions: permessage-deflate"] : []
            try await client.send(handshake(path, headers: offer + headers))
            let head = try await client.head()
            try #require(head.hasPrefix("HTTP/1.1 101 "), "\(head)")
            #expect(head.contains("permessage-deflate") == compress)
            var tab = Tab(client: client)
            return try await body(&tab)
        }
    }

    /// Opens a socket and takes its greeting.
    static func greeted<R>(
        _ desk: LiveDesk,
        _ path: String = "/ws",
        compress: Bool = false,
        receiveBytesMax: Int? = nil,
        _ body: (inout Tab) async throws -> R
    ) async throws -> R {
        try await open(desk, path, compress: compress, receiveBytesMax: receiveBytesMax) { tab in
            #expect(try await tab.next()["type"] == "connected")
            return try await body(&tab)
        }
    }

    static func handshake(_ path: String, headers: [String] = [], host: String = "localhost") -> String {
        let lines =
            [
                "GET \(path) HTTP/1.1", "Host: \(host)", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            ] + headers
        return lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// From now on, and what was not answered so far.
    mutating func answerPings() async throws {
        answersPings = true
        for ping in pings { try await send(.pong(ping)) }
        pings = []
    }

    func say(_ text: String) async throws { try await client.send(.text(text)) }

    func send(_ frame: ClientFrame) async throws { try await client.send(frame) }

    /// Whatever comes until the desk ends the connection.
    mutating func rest() async throws -> [UInt8] { try await client.rest() }

    /// The close frame, whatever comes before it.
    mutating func closing() async throws -> (code: UInt16, reason: String) {
        while let frame = try await client.frame() {
            guard let code = frame.closeCode else { continue }
            return (code, String(decoding: frame.payload.dropFirst(2), as: UTF8.self))
        }
        Issue.record("the connection ended without a close frame")
        return (1006, "")
    }

    /// The message of the next text frame.
    mutating func take() async throws -> JSON {
        var frame = try #require(try await client.frame(), "the connection ended")
        // Whether a heartbeat is answered is another suite's business.
        while frame.opcode == 9 {
            if answersPings { try await send(.pong(frame.payload)) } else { pings.append(frame.payload) }
            frame = try #require(try await client.frame(), "the connection ended")
        }
        try #require(frame.opcode == 1, "\(frame.closeCode ?? 0) \(String(decoding: frame.payload, as: UTF8.self))")
        guard frame.isCompressed else { return try JSON(frame.payload) }
        compressedCount += 1
        return try JSON(try #require(inflater.message(frame.payload)))
    }
}
