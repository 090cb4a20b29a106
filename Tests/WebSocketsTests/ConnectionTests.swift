import NIOCore
import NIOEmbedded
import SeededRandom
import SocketSupport
import Testing

@testable import WebSockets

@Suite struct ConnectionTests {
    @Test func `messages sent in one round leave in one write`() throws {
        let embedded = try EmbeddedConnection()
        let connection = embedded.connection
        connection.send(text: "one")
        connection.send(binary: ByteBuffer(bytes: [2]))
        connection.send(PreparedMessage(head: "{\"n\":", tail: "}"), number: 3)
        #expect(connection.bufferedBytes == 5 + 3 + 16)
        let writes = try embedded.writes()
        #expect(writes.count == 1)
        #expect(ServerFrame.all(in: writes[0]) == [.text("one"), .binary([2]), .text("{\"n\":       3}")])
        #expect(connection.bufferedBytes == 0)
    }

    @Test func `a flush does not wait for the end of the round`() throws {
        let embedded = try EmbeddedConnection()
        embedded.connection.send(text: "now")
        embedded.connection.flush()
        let first = try embedded.channel.readOutbound(as: ByteBuffer.self)
        #expect(first.map { Array($0.readableBytesView) } == [0x81, 3] + Array("now".utf8))
        #expect(try embedded.writes().isEmpty)
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
    func `a frame of any length has the shortest head`(_ count: Int) throws {
        let embedded = try EmbeddedConnection()
        let payload = [UInt8](repeating: 5, count: count)
        embedded.connection.send(binary: ByteBuffer(bytes: payload))
        let bytes = try embedded.writes().flatMap { $0 }
        #expect(bytes.count == count + (count < 126 ? 2 : count < 65_536 ? 4 : 10))
        #expect(ServerFrame.all(in: bytes) == [.binary(payload)])
    }

    @Test func `a message compressed on request can be inflated and follows what was agreed`() throws {
        var agreement = DeflateAgreement()
        agreement.serverMaxWindowBits = 9
        let embedded = try EmbeddedConnection(agreement: agreement) { $0.deflate?.deflateBytesMin = 100 }
        var random = SeededGenerator(seed: 8)
        let client = ReferenceInflater(windowBits: 9)
        for words in [10, 30, 100, 2_000] {
            let text = random.text(words: words)
            embedded.connection.send(text: text, compress: true)
            let frame = try #require(try embedded.sent().first)
            #expect(frame.isCompressed == (text.utf8.count >= 100))
            #expect((frame.isCompressed ? client.message(frame.payload) : frame.payload) == Array(text.utf8))
        }
        embedded.connection.send(text: String(repeating: "a", count: 1_000))
        #expect(try embedded.sent().first?.isCompressed == false)
    }

    @Test func `a byte stream may be split anywhere`() throws {
        let frames: [ClientFrame] = [
            .text("Hel", isFinal: false), .ping([1, 2]), .continuation(Array("lo".utf8)),
            .binary(Array(repeating: 9, count: 200)), .close(code: 1000, reason: "bye"),
        ]
        let stream = frames.flatMap(\.wire)
        for split in 0...stream.count {
            let embedded = try EmbeddedConnection()
            try embedded.receive(Array(stream[..<split]))
            try embedded.receive(Array(stream[split...]))
            let close = WebSocketClose(code: .normal, reason: "bye", origin: .peer, isClean: true)
            #expect(
                embedded.recorder.events == [
                    .opened, .text("Hello"), .binary(Array(repeating: 9, count: 200)), .closed(close),
                ],
                "split at \(split)"
            )
            #expect(try embedded.sent() == [.pong([1, 2]), .close(code: 1000)])
        }
    }

    @Test func `a byte stream may come byte by byte`() throws {
        let embedded = try EmbeddedConnection()
        for byte in ClientFrame.text("€").wire + ClientFrame.ping().wire { try embedded.receive([byte]) }
        #expect(embedded.recorder.events == [.opened, .text("€")])
        #expect(try embedded.sent() == [.pong([])])
    }

    @Test func `a pong is told to the handler, with what it answers`() throws {
        let embedded = try EmbeddedConnection()
        embedded.connection.ping(ByteBuffer(bytes: [7]))
        #expect(try embedded.sent() == [ServerFrame(opcode: 9, payload: [7])])
        try embedded.receive(.pong([7]))
        #expect(embedded.recorder.events == [.opened, .pong([7])])
    }

    @Test func `we close: nothing more is sent or delivered, and the answer ends it`() throws {
        let embedded = try EmbeddedConnection()
        embedded.connection.close(code: .goingAway, reason: "later")
        embedded.connection.send(text: "too late")
        embedded.connection.close()
        try embedded.receive(.text("ignored"), .ping())
        #expect(try embedded.sent() == [.close(code: 1001, reason: "later")])
        #expect(embedded.channel.isActive)
        try embedded.receive(.close(code: 1001))
        let close = WebSocketClose(code: .goingAway, reason: "later", origin: .local, isClean: true)
        #expect(embedded.recorder.events == [.opened, .closed(close)])
        #expect(!embedded.channel.isActive)
    }

    @Test func `a peer that does not answer our close is disconnected after the timeout`() throws {
        let embedded = try EmbeddedConnection { $0.closeTimeoutMs = 5_000 }
        embedded.connection.close()
        embedded.channel.embeddedEventLoop.advanceTime(by: .milliseconds(4_999))
        #expect(embedded.channel.isActive)
        embedded.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!embedded.channel.isActive)
    }

    @Test func `closing within a callback is safe`() throws {
        let embedded = try EmbeddedConnection()
        embedded.recorder.onText = { $0.close(code: .policyViolation, reason: "no") }
        try embedded.receive(.text("a"), .text("b"))
        #expect(embedded.recorder.events == [.opened, .text("a")])
        #expect(try embedded.sent() == [.close(code: 1008, reason: "no")])
    }

    @Test func `a violation is told to the peer and the rest is ignored`() throws {
        let embedded = try EmbeddedConnection()
        try embedded.receive(.init(opcode: 1, payload: [0xFF]), .text("late"), .ping())
        let sent = try embedded.sent()
        #expect(sent.map(\.closeCode) == [1007])
        #expect(embedded.recorder.events.count == 2)
        #expect(!embedded.channel.isActive)
    }

    @Test func `a frame too long for any message is refused by its head`() throws {
        let embedded = try EmbeddedConnection { $0.messageBytesMax = 1_000 }
        try embedded.receive([0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0])
        #expect(try embedded.sent().map(\.closeCode) == [1009])
    }

    @Test func `bytes behind a frame that broke the decoder are ignored`() throws {
        let embedded = try EmbeddedConnection()
        try embedded.receive([0x09, 0x80, 0, 0, 0, 0] + ClientFrame.text("late").wire)
        _ = try? embedded.receive(.text("later"))
        #expect(try embedded.sent().map(\.closeCode) == [1002])
        #expect(embedded.recorder.events.first == .opened)
        #expect(embedded.recorder.events.count == 2)
    }

    @Test func `a lost connection is reported once, and the connection can still be held`() throws {
        let embedded = try EmbeddedConnection()
        let connection = embedded.connection
        connection.send(text: "lost")
        connection.disconnect()
        embedded.channel.embeddedEventLoop.run()
        connection.send(text: "void")
        connection.flush()
        connection.close()
        let close = WebSocketClose(code: .abnormal, reason: "", origin: .transport, isClean: false)
        #expect(embedded.recorder.events == [.opened, .closed(close)])
        #expect(connection.bufferedBytes == 0)
        #expect(!connection.isWritable)
    }

    @Test func `the server's shutdown closes with 1001`() throws {
        let embedded = try EmbeddedConnection()
        embedded.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(try embedded.sent().map(\.closeCode) == [1001])
    }

    @Test func `a peer that closes its half is let go`() throws {
        let embedded = try EmbeddedConnection()
        embedded.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!embedded.channel.isActive)
        #expect(embedded.recorder.events.count == 2)
    }

    @Test func `a peer that closes its half instead of answering our close is let go, uncleanly`() throws {
        let embedded = try EmbeddedConnection()
        embedded.connection.close(code: .goingAway, reason: "later")
        try embedded.receive([0x88, 0x82, 0, 0])
        embedded.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        let close = WebSocketClose(code: .goingAway, reason: "later", origin: .local, isClean: false)
        #expect(embedded.recorder.events == [.opened, .closed(close)])
    }

    @Test func `frames between our close and the peer's answer are read but not delivered`() throws {
        let embedded = try EmbeddedConnection(agreement: DeflateAgreement())
        embedded.connection.close()
        try embedded.receive(
            .text("late", isFinal: false),
            .ping([1]),
            .continuation([0x21]),
            .compressed([0x00]),
            .close(code: 1001)
        )
        #expect(try embedded.sent() == [.close(code: 1000)])
        let close = WebSocketClose(code: .normal, reason: "", origin: .local, isClean: true)
        #expect(embedded.recorder.events == [.opened, .closed(close)])
    }

    @Test func `a violation between our close and the peer's answer ends it without a second close frame`() throws {
        let embedded = try EmbeddedConnection()
        embedded.connection.close(code: .init(rawValue: 4001))
        try embedded.receive(.init(opcode: 3, payload: []), .close(code: 4001))
        #expect(try embedded.sent() == [.close(code: 4001)])
        #expect(!embedded.channel.isActive)
    }

    @Test func `a close frame ends the reading: what follows it is not even judged`() throws {
        let embedded = try EmbeddedConnection()
        try embedded.receive(.close(code: 1000), .init(opcode: 3, payload: []), .text("late"))
        #expect(try embedded.sent() == [.close(code: 1000)])
        let close = WebSocketClose(code: .normal, reason: "", origin: .peer, isClean: true)
        #expect(embedded.recorder.events == [.opened, .closed(close)])
    }

    @Test func `a peer is pinged, and dropped when silent for two intervals`() throws {
        let embedded = try EmbeddedConnection { $0.pingIntervalMs = 30_000 }
        let ping = ServerFrame(opcode: 9, payload: [])
        embedded.channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        #expect(try embedded.sent() == [ping])
        try embedded.receive(.pong())
        embedded.channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        #expect(try embedded.sent() == [ping])
        embedded.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(embedded.channel.isActive)
        embedded.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(try embedded.sent().map(\.closeCode) == [4000])
        #expect(!embedded.channel.isActive)
    }

    @Test func `a peer that does not read gets the answer to its newest ping only`() throws {
        let embedded = try EmbeddedConnection()
        embedded.channel.isWritable = false
        embedded.channel.pipeline.fireChannelWritabilityChanged()
        try embedded.receive(.ping([1]), .ping([2]), .ping([3]))
        #expect(try embedded.sent().isEmpty)
        embedded.channel.isWritable = true
        embedded.channel.pipeline.fireChannelWritabilityChanged()
        #expect(try embedded.sent() == [.pong([3])])
        #expect(embedded.recorder.events == [.opened, .writable(false), .writable(true)])
    }

    @Test func `a peer that takes nothing is cut off at the limit`() throws {
        let embedded = try EmbeddedConnection { $0.outboundBytesMax = 10_000 }
        embedded.channel.isWritable = false
        for _ in 0..<9 { embedded.connection.send(binary: ByteBuffer(repeating: 0, count: 996)) }
        #expect(embedded.connection.isOpen)
        for _ in 0..<2 { embedded.connection.send(binary: ByteBuffer(repeating: 0, count: 996)) }
        #expect(!embedded.connection.isOpen)
        embedded.channel.embeddedEventLoop.run()
        #expect(!embedded.channel.isActive)
    }
}
