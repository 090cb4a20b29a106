import NIOCore
import NIOPosix

/// A TCP client that knows nothing of WebSocket.
package struct RawClient {
    private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received: [UInt8] = []

    /// - Parameter receiveBytesMax: How much the kernel takes for a client that does not read; `nil` for its own choice.
    package static func with<R>(
        port: Int,
        receiveBytesMax: Int? = nil,
        _ body: (inout RawClient) async throws -> R
    ) async throws -> R {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if let receiveBytesMax {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBytesMax)
        }
        let channel =
            try await bootstrap
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

    package static let handshake = """
        GET /ws HTTP/1.1\r
        Host: x\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Extensions: permessage-deflate\r
        \r

        """

    package func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    package func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    package func send(_ frames: ClientFrame...) async throws {
        try await send(frames.flatMap(\.wire))
    }

    /// Ends our half of the connection.
    package func end() {
        outbound.finish()
    }

    /// Breaks the connection off with a reset, as a machine does that lost power and came back.
    package func reset() async throws {
        guard let socket = channel as? any SocketOptionProvider else { return }
        try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    /// The head of an HTTP answer.
    package mutating func head() async throws -> String {
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
    package mutating func frame() async throws -> ServerFrame? {
        while true {
            if let frame = ServerFrame.take(from: &received) { return frame }
            guard try await more() else { return nil }
        }
    }

    /// Everything until the server ends its half.
    package mutating func rest() async throws -> [UInt8] {
        while try await more() {}
        defer { received = [] }
        return received
    }

    package mutating func bytes(_ count: Int) async throws -> [UInt8] {
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
