import NIOCore
import NIOEmbedded
import SocketSupport

@testable import WebSockets

/// A connection without a socket: bytes in, bytes out, virtual time.
final class EmbeddedConnection {
    let channel = EmbeddedChannel()
    let recorder = Recorder()
    private var received: [UInt8] = []

    init(agreement: DeflateAgreement? = nil, _ change: (inout WebSocketConfiguration) -> Void = { _ in }) throws {
        var configuration = WebSocketConfiguration()
        configuration.pingIntervalMs = nil
        change(&configuration)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let recorder = recorder
        try channel.pipeline.syncOperations.addHandler(
            WebSocketChannelHandler(
                round: LoopRound(eventLoop: channel.embeddedEventLoop, configuration: configuration),
                agreement: agreement,
                answer: ByteBuffer(),
                makeHandler: { _ in recorder }
            )
        )
    }

    var connection: WebSocketConnection { recorder.connection! }

    func receive(_ frames: ClientFrame...) throws {
        try receive(frames.flatMap(\.wire))
    }

    func receive(_ bytes: [UInt8]) throws {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        channel.embeddedEventLoop.run()
    }

    /// The writes since the last look; what one flush joined is one write.
    func writes() throws -> [[UInt8]] {
        channel.embeddedEventLoop.run()
        var writes: [[UInt8]] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            if buffer.readableBytes > 0 { writes.append(Array(buffer.readableBytesView)) }
        }
        return writes
    }

    func sent() throws -> [ServerFrame] {
        ServerFrame.all(in: try writes().flatMap { $0 })
    }
}

/// Notes everything that a handler is told.
final class Recorder: WebSocketHandler {
    enum Event: Equatable {
        case opened
        case text(String)
        case binary([UInt8])
        case pong([UInt8])
        case writable(Bool)
        case closed(WebSocketClose)
    }

    private(set) var events: [Event] = []
    private(set) var connection: WebSocketConnection?
    var onText: (WebSocketConnection) -> Void = { _ in }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        events.append(.opened)
    }

    func received(text: ByteBuffer, on connection: WebSocketConnection) {
        events.append(.text(String(buffer: text)))
        onText(connection)
    }

    func received(binary: ByteBuffer, on connection: WebSocketConnection) {
        events.append(.binary(Array(binary.readableBytesView)))
    }

    func receivedPong(_ payload: ByteBuffer, on connection: WebSocketConnection) {
        events.append(.pong(Array(payload.readableBytesView)))
    }

    func writabilityChanged(isWritable: Bool, on connection: WebSocketConnection) {
        events.append(.writable(isWritable))
    }

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) { events.append(.closed(close)) }
}
