import SocketSupport
import Testing
import WebSockets

/// The ends of a connection over real sockets: handshakes refused, closes that cross, halves closed, resets.
@Suite(.serialized) struct LiveEndTests {
    /// Runs a client against a server and returns how the server says that its connection ended.
    private func closeReported(
        _ body: (inout RawClient) async throws -> Void
    ) async throws -> WebSocketClose? {
        let (closes, closed) = AsyncStream.makeStream(of: WebSocketClose.self)
        var close: WebSocketClose?
        try await withLiveServer(onClose: { closed.yield($0) }) { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                try await body(&client)
            }
            // Before the server shuts down, which would close the connection with a code of its own.
            var iterator = closes.makeAsyncIterator()
            close = await iterator.next()
        }
        return close
    }

    private static let abnormal = WebSocketClose(code: .abnormal, reason: "", origin: .transport, isClean: false)

    @Test(arguments: [
        (RawClient.handshake.replacing("dGhlIHNhbXBsZSBub25jZQ==", with: "short"), "400", "Sec-WebSocket-Key must be"),
        (RawClient.handshake.replacing("permessage-deflate", with: "a;;b"), "400", "Sec-WebSocket-Extensions"),
        (RawClient.handshake.replacing("Version: 13", with: "Version: 8"), "426", "version 13"),
        (RawClient.handshake.replacing("/ws", with: "/forbidden"), "403", "not you"),
    ])
    func `a refused handshake is answered in full, whatever came right behind it`(
        _ request: String,
        _ status: String,
        _ reason: String
    ) async throws {
        let flood = ClientFrame.binary(Array(repeating: 1, count: 300_000)).wire
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(Array(request.utf8) + flood)
                let head = try await client.head()
                #expect(head.hasPrefix("HTTP/1.1 \(status) "))
                #expect(head.contains("\r\nSec-WebSocket-Version: 13\r\n") == (status == "426"))
                #expect(head.lowercased().contains("close\r\n"))
                let body = try await String(decoding: client.rest(), as: UTF8.self)
                #expect(body.contains(reason))
            }
        }
    }

    @Test func `a message of many segments right behind the handshake arrives`() async throws {
        let payload = (0..<60_000).map { UInt8(truncatingIfNeeded: $0) }
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(Array(RawClient.handshake.utf8) + ClientFrame.binary(payload).wire)
                _ = try await client.head()
                let frame = try #require(try await client.frame())
                let echo = frame.isCompressed ? ReferenceInflater().message(frame.payload) : frame.payload
                #expect(echo == payload)
            }
        }
    }

    @Test func `the server closes while the client is in the middle of a flood`() async throws {
        let close = try await closeReported { client in
            let flood = Array(repeating: ClientFrame.binary(Array(repeating: 1, count: 60_000)).wire, count: 20)
            try await client.send(ClientFrame.text("close").wire + flood.flatMap { $0 })
            #expect(try await client.frame() == .close(code: 4002, reason: "asked to"))
            try await client.send(.close(code: 4002))
            #expect(try await client.rest() == [])
        }
        #expect(close == WebSocketClose(code: .init(rawValue: 4002), reason: "asked to", origin: .local, isClean: true))
    }

    @Test func `the client ends its half instead of answering the server's close`() async throws {
        let close = try await closeReported { client in
            try await client.send(.text("close"))
            #expect(try await client.frame() == .close(code: 4002, reason: "asked to"))
            client.end()
            #expect(try await client.rest() == [])
        }
        #expect(
            close == WebSocketClose(code: .init(rawValue: 4002), reason: "asked to", origin: .local, isClean: false)
        )
    }

    @Test func `frames behind the client's close frame are not answered`() async throws {
        let close = try await closeReported { client in
            try await client.send(.close(code: 3001, reason: "enough"), .text("late"), .close(code: 1000), .ping())
            #expect(try await client.frame() == .close(code: 3001))
            #expect(try await client.rest() == [])
        }
        #expect(close == WebSocketClose(code: .init(rawValue: 3001), reason: "enough", origin: .peer, isClean: true))
    }

    @Test(
        arguments: [
            [0x81], [0x81, 0x85, 1, 2], [0x81, 0x85, 0, 0, 0, 0, 0x61], [0x01, 0x81, 0, 0, 0, 0, 0x61],
            [0xC1, 0x84, 0, 0, 0, 0, 0xF2, 0x48], [0x88, 0x82, 0, 0, 0, 0, 3],
        ] as [[UInt8]]
    )
    func `a client that ends its half within a frame or a message is let go`(_ begun: [UInt8]) async throws {
        let close = try await closeReported { client in
            try await client.send(begun)
            client.end()
            #expect(try await client.rest() == [])
        }
        #expect(close == Self.abnormal)
    }

    @Test func `a client that ends its half within the handshake is told or let go`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(String(RawClient.handshake.dropLast(20)))
                client.end()
                let answer = try await String(decoding: client.rest(), as: UTF8.self)
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
            }
        }
    }

    @Test(arguments: [[], [ClientFrame.text("begun", isFinal: false)], [ClientFrame.text("flood")]])
    func `a reset is reported as a lost connection`(_ before: [ClientFrame]) async throws {
        let close = try await closeReported { client in
            try await client.send(before.flatMap(\.wire) + ClientFrame.ping([1]).wire)
            // The flood fills the sockets' buffers on the way; otherwise the pong says that all has been read.
            _ = try await client.frame()
            try await client.reset()
        }
        #expect(close == Self.abnormal)
    }

    @Test func `a client that breaks the rules and then stops reading is disconnected`() async throws {
        let (closes, closed) = AsyncStream.makeStream(of: WebSocketClose.self)
        try await withLiveServer {
            $0.closeTimeoutMs = 50
        } onClose: {
            closed.yield($0)
        } _: { server in
            try await RawClient.with(port: server.port, receiveBytesMax: 4_096) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                try await client.send(ClientFrame.text("flood").wire + ClientFrame(opcode: 3, payload: []).wire)
                var iterator = closes.makeAsyncIterator()
                let close = await iterator.next()
                #expect(close?.code == .protocolError)
                #expect(close?.isClean == false)
            }
        }
    }
}
