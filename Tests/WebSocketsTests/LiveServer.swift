import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import WebSockets

/// Runs `body` against a server on a free port of the loopback interface, then shuts it down.
func withLiveServer(
    _ change: (inout WebSocketConfiguration) -> Void = { _ in },
    onClose: @escaping @Sendable (WebSocketClose) -> Void = { _ in },
    _ body: (_ port: Int, _ shutDown: @Sendable @escaping () async throws -> Void) async throws -> Void
) async throws {
    var configuration = WebSocketConfiguration()
    configuration.pingIntervalMs = nil
    change(&configuration)
    let channel = HTTP1WebSocketChannel(
        configuration: configuration,
        responder: { request, writer, _ in
            let body = "path \(request.head.path ?? "")"
            try await writer.write(
                response: HTTPResponse(status: .ok, headerFields: [.contentLength: String(body.utf8.count)]),
                body: ResponseBody(byteBuffer: ByteBuffer(string: body))
            )
        },
        decideAtOnce: { request, _ in
            request.path == "/ws" ? .accept { _ in LiveEcho(onClose: onClose) } : .refuse(.notFound)
        }
    )
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let server = Server(
        childChannelSetup: channel,
        configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { running.yield($0.localAddress!.port!) },
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { return }
        try await body(port) { try await server.shutdownGracefully() }
        try await server.shutdownGracefully()
    }
}

/// Echoes; a text `close` closes, a text `flood` sends a megabyte.
private final class LiveEcho: WebSocketHandler {
    private let onClose: @Sendable (WebSocketClose) -> Void

    init(onClose: @escaping @Sendable (WebSocketClose) -> Void) {
        self.onClose = onClose
    }

    func opened(_ connection: WebSocketConnection) {}

    func received(text: ByteBuffer, on connection: WebSocketConnection) {
        switch String(buffer: text) {
        case "close": connection.close(code: .init(rawValue: 4002), reason: "asked to")
        case "flood": for _ in 0..<16 { connection.send(binary: ByteBuffer(repeating: 1, count: 65_536)) }
        default: connection.send(text: text, compress: true)
        }
    }

    func received(binary: ByteBuffer, on connection: WebSocketConnection) {
        connection.send(binary: binary, compress: true)
    }

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) { onClose(close) }
}

/// A TCP client that knows nothing of WebSocket.
struct RawClient {
    private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received: [UInt8] = []

    static func with<R>(port: Int, _ body: (inout RawClient) async throws -> R) async throws -> R {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(
                inbound: inbound,
                outbound: outbound,
                channel: channel.channel,
                iterator: inbound.makeAsyncIterator()
            )
            return try await body(&client)
        }
    }

    static let handshake = """
        GET /ws HTTP/1.1\r
        Host: x\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Extensions: permessage-deflate\r
        \r

        """

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ frames: ClientFrame...) async throws {
        try await send(frames.flatMap(\.wire))
    }

    /// Ends our half of the connection.
    func end() {
        outbound.finish()
    }

    /// The head of an HTTP answer.
    mutating func head() async throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                let head = String(decoding: received[..<range.upperBound], as: UTF8.self)
                received.removeFirst(range.upperBound)
                return head
            }
            guard try await more() else { return "" }
        }
    }

    /// The next frame; `nil` at the end of the stream.
    mutating func frame() async throws -> ServerFrame? {
        while true {
            if let frame = ServerFrame.take(from: &received) { return frame }
            guard try await more() else { return nil }
        }
    }

    /// Everything until the server ends its half.
    mutating func rest() async throws -> [UInt8] {
        while try await more() {}
        defer { received = [] }
        return received
    }

    mutating func bytes(_ count: Int) async throws -> [UInt8] {
        while received.count < count, try await more() {}
        defer { received.removeFirst(min(count, received.count)) }
        return Array(received.prefix(count))
    }

    private mutating func more() async throws -> Bool {
        guard let buffer = try await iterator.next() else { return false }
        received += buffer.readableBytesView
        return true
    }
}
