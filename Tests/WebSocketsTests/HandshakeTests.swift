import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import SocketSupport
import Synchronization
import Testing

@testable import WebSockets

/// The opening handshake (RFC 6455 §4.2), without sockets.
@Suite struct HandshakeTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let good = [
        "GET /ws HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: \(key)",
        "Sec-WebSocket-Version: 13",
    ]

    /// What became HTTP and is served by nobody.
    private final class Begun: Sendable {
        let conversations = Mutex<[HTTPConversation]>([])
    }

    private final class Server {
        let channel = EmbeddedChannel()
        let recorder = Recorder()
        private let begun = Begun()

        /// - Parameter decided: when the application has decided; at once without.
        init(
            _ decision: WebSocketUpgrade? = nil,
            decided: EventLoopPromise<Void>? = nil,
            _ change: (inout WebSocketConfiguration) -> Void = { _ in }
        ) throws {
            var configuration = WebSocketConfiguration()
            configuration.pingIntervalMs = nil
            change(&configuration)
            let recorder = NIOLoopBound(recorder, eventLoop: channel.eventLoop)
            let settings = UpgradeSettings(
                webSocket: configuration,
                decide: { _, channel in
                    let decided = decided?.futureResult ?? channel.eventLoop.makeSucceededVoidFuture()
                    return decided.hop(to: channel.eventLoop).map { decision ?? .accept { _ in recorder.value } }
                },
                rounds: LoopRounds(configuration: WebSocketConfiguration()),
                logger: Logger(label: "test"),
                onHTTP: { [begun] conversation in begun.conversations.withLock { $0.append(conversation) } }
            )
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            try settings.setUp(channel)
        }

        /// Sends bytes and returns all that came back.
        func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            channel.embeddedEventLoop.run()
            var answer: [UInt8] = []
            while let part = try channel.readOutbound(as: ByteBuffer.self) { answer += part.readableBytesView }
            return answer
        }

        func exchange(_ lines: [String]) throws -> String {
            String(decoding: try exchange(Array(HandshakeTests.text(lines).utf8)), as: UTF8.self)
        }
    }

    private static func text(_ lines: [String]) -> String {
        lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// The good handshake with one line replaced, dropped or added.
    private static func changed(_ name: String, to line: String?) -> [String] {
        good.filter { !$0.hasPrefix(name) } + (line.map { [$0] } ?? [])
    }

    @Test func `the example of RFC 6455 is answered as in RFC 6455`() throws {
        let answer = try Server().exchange(Self.good)
        #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(answer.lowercased().contains("\r\nupgrade: websocket\r\n"))
        #expect(answer.lowercased().contains("\r\nconnection: upgrade\r\n"))
        #expect(!answer.contains("Sec-WebSocket-Extensions"))
        #expect(!answer.lowercased().contains("content-length"))
        #expect(!answer.lowercased().contains("transfer-encoding"))
    }

    @Test(arguments: [
        ["POST /ws HTTP/1.1"] + good.dropFirst(), ["GET /ws HTTP/1.0"] + good.dropFirst(),
        changed("Host", to: nil), changed("Upgrade", to: nil), changed("Upgrade", to: "Upgrade: h2c"),
        changed("Connection", to: nil), changed("Connection", to: "Connection: keep-alive"),
        changed("Sec-WebSocket-Key", to: nil), changed("Sec-WebSocket-Key", to: "Sec-WebSocket-Key: short=="),
        changed("Sec-WebSocket-Key", to: "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ!!"),
        good + ["Sec-WebSocket-Key: \(key)"], changed("Sec-WebSocket-Version", to: nil),
        good + ["Sec-WebSocket-Extensions: permessage-deflate; ="],
    ])
    func `a malformed handshake is answered with 400 and the connection closed`(_ lines: [String]) throws {
        let server = try Server()
        let answer = try server.exchange(lines)
        #expect(answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.0 400 "))
        #expect(!server.channel.isActive)
        #expect(server.recorder.events.isEmpty)
    }

    @Test(arguments: ["8", "7", "0", "14", "13, 8", "x"])
    func `another version is answered with 426 and ours`(_ version: String) throws {
        let server = try Server()
        let answer = try server.exchange(
            Self.changed("Sec-WebSocket-Version", to: "Sec-WebSocket-Version: \(version)")
        )
        #expect(answer.hasPrefix("HTTP/1.1 426 "))
        #expect(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"))
        #expect(!server.channel.isActive)
    }

    @Test(arguments: [403, 404, 429, 503])
    func `the application may refuse with any status`(_ status: Int) throws {
        let server = try Server(
            .refuse(status: .init(code: status), headers: [.retryAfter: "7"], body: "{\"why\":1}")
        )
        let answer = try server.exchange(Self.good)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("\r\nRetry-After: 7\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n{\"why\":1}"))
        #expect(!server.channel.isActive)
    }

    @Test func `the header names and tokens may have any case and company`() throws {
        let lines = [
            "GET /ws HTTP/1.1", "hOST: x", "UPGRADE: foo, WebSocket", "connection: keep-alive, uPGRADE",
            "SEC-WEBSOCKET-KEY: \(Self.key)", "sec-websocket-version: 13",
        ]
        #expect(try Server().exchange(lines).hasPrefix("HTTP/1.1 101 "))
    }

    @Test func `compression is negotiated`() throws {
        let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_no_context_takeover"
        let answer = try Server().exchange(Self.good + [offer])
        let expected = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        #expect(answer.contains("\r\nSec-WebSocket-Extensions: \(expected)\r\n"))
        let off = try Server(nil) { $0.deflate = nil }.exchange(Self.good + [offer])
        #expect(!off.contains("Sec-WebSocket-Extensions"))
    }

    @Test func `frames sent right behind the handshake are not lost, at any split`() throws {
        let frames = ClientFrame.text("early").wire + ClientFrame.ping([1]).wire
        let stream = Array(Self.text(Self.good).utf8) + frames
        for split in 0...stream.count {
            let server = try Server()
            let answer = try server.exchange(Array(stream[..<split])) + server.exchange(Array(stream[split...]))
            #expect(server.recorder.events == [.opened, .text("early")], "split at \(split)")
            #expect(Array(answer.suffix(3)) == [0x8A, 1, 1], "split at \(split)")
        }
    }

    @Test func `what comes while the application decides is left to the kernel and read afterwards`() throws {
        let loop = EmbeddedEventLoop()
        let decided = loop.makePromise(of: Void.self)
        let server = try Server(decided: decided)
        let reads = ReadCounter()
        try server.channel.pipeline.syncOperations.addHandler(reads, position: .first)
        #expect(try server.exchange(Array(Self.text(Self.good).utf8) + ClientFrame.text("early").wire) == [])
        server.channel.read()
        server.channel.read()
        #expect(reads.count == 0)
        decided.succeed()
        loop.run()
        server.channel.embeddedEventLoop.run()
        #expect(reads.count == 1)
        #expect(server.recorder.events == [.opened, .text("early")])
        server.channel.read()
        #expect(reads.count == 2)
    }

    @Test func `after the handshake only the WebSocket handlers are left`() throws {
        let server = try Server()
        _ = try server.exchange(Self.good)
        let pipeline = server.channel.pipeline.syncOperations
        #expect(throws: ChannelPipelineError.self) { try pipeline.handler(type: UpgradeHandler.self) }
        #expect(throws: ChannelPipelineError.self) { try pipeline.handler(type: HTTPResponseEncoder.self) }
        #expect(throws: Never.self) { try pipeline.handler(type: WebSocketChannelHandler.self) }
    }

    @Test func `a connection that sends no request is closed after the timeout`() throws {
        let server = try Server(nil) { $0.handshakeTimeoutMs = 10_000 }
        _ = try server.exchange(Array("GET /ws HTT".utf8))
        server.channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(server.channel.isActive)
        server.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!server.channel.isActive)
    }

    @Test func `a shutdown closes a connection that has sent no request`() throws {
        let server = try Server()
        server.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!server.channel.isActive)
    }
}

/// Counts how often the channel is asked to read.
private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = Never
    private(set) var count = 0

    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}
