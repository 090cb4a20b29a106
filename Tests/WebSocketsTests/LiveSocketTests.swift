import SocketSupport
import Testing
import WebSockets

/// The whole way over loopback sockets, through Hummingbird's server.
@Suite(.serialized) struct LiveSocketTests {
    @Test func `a message comes back, compressed as agreed`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
                let text = Array(String(repeating: "{\"a\":1}", count: 100).utf8)
                try await client.send(.compressed(ReferenceDeflater().payload(text)))
                let frame = try #require(try await client.frame())
                #expect(frame.isCompressed)
                #expect(ReferenceInflater().message(frame.payload) == text)
                try await client.send(.close(code: 1000))
                #expect(try await client.frame() == .close(code: 1000))
                #expect(try await client.rest() == [])
            }
        }
    }

    @Test func `frames pipelined behind the handshake are answered`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                let frames = ClientFrame.text("early").wire + ClientFrame.ping([9]).wire
                try await client.send(Array(RawClient.handshake.utf8) + frames)
                _ = try await client.head()
                #expect(try await client.frame() == .text("early"))
                #expect(try await client.frame() == .pong([9]))
            }
        }
    }

    @Test func `a message arrives, at every split over TCP segments`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                let wire = ClientFrame.text("grüße").wire
                for split in 0...wire.count {
                    try await client.send(Array(wire[..<split]))
                    try await client.send(Array(wire[split...]))
                    #expect(try await client.frame() == .text("grüße"))
                }
            }
        }
    }

    @Test func `the same port serves HTTP, and a handshake may follow requests`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                for path in ["/a", "/b"] {
                    try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await client.head().hasPrefix("HTTP/1.1 200 "))
                    #expect(try await client.bytes(7) == Array("path \(path)".utf8))
                }
                try await client.send(RawClient.handshake)
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
                try await client.send(.text("hi"))
                #expect(try await client.frame() == .text("hi"))
                try await client.send(.text("close"))
                #expect(try await client.frame() == .close(code: 4002, reason: "asked to"))
                try await client.send(.close(code: 4002))
                #expect(try await client.rest() == [])
            }
        }
    }

    @Test func `pipelined HTTP requests are answered in order`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(["/1", "/2", "/3"].map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
                for path in ["/1", "/2", "/3"] {
                    #expect(try await client.head().hasPrefix("HTTP/1.1 200 "))
                    #expect(try await client.bytes(7) == Array("path \(path)".utf8))
                }
            }
        }
    }

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", "400"), ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n", "400"),
        (RawClient.handshake.replacing("Version: 13", with: "Version: 12"), "426"),
        (RawClient.handshake.replacing("/ws", with: "/elsewhere"), "404"),
    ])
    func `a bad handshake is answered and the connection ended`(_ request: String, _ status: String) async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(request)
                #expect(try await client.head().hasPrefix("HTTP/1.1 \(status) "))
                _ = try await client.rest()
            }
        }
    }

    @Test func `a violation is told before the connection ends, however much follows it`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                let flood = Array(repeating: ClientFrame.binary(Array(repeating: 1, count: 60_000)).wire, count: 20)
                try await client.send(ClientFrame(opcode: 3, payload: []).wire + flood.flatMap { $0 })
                #expect(try await client.frame()?.closeCode == 1002)
                #expect(try await client.rest() == [])
            }
        }
    }

    @Test func `a client that ends its half without a close frame is let go`() async throws {
        let (closes, closed) = AsyncStream.makeStream(of: WebSocketClose.self)
        try await withLiveServer(onClose: { closed.yield($0) }) { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                client.end()
                #expect(try await client.rest() == [])
            }
        }
        var iterator = closes.makeAsyncIterator()
        let close = await iterator.next()
        #expect(close == WebSocketClose(code: .abnormal, reason: "", origin: .transport, isClean: false))
    }

    @Test func `a client that closes and ends its half at once gets its answer`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                try await client.send(.close(code: 3000, reason: "done"))
                client.end()
                #expect(try await client.frame() == .close(code: 3000))
            }
        }
    }

    @Test func `closes that cross end the connection once, and cleanly`() async throws {
        let (closes, closed) = AsyncStream.makeStream(of: WebSocketClose.self)
        try await withLiveServer(onClose: { closed.yield($0) }) { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                try await client.send(.text("close"), .close(code: 1000))
                #expect(try await client.frame() == .close(code: 4002, reason: "asked to"))
                #expect(try await client.rest() == [])
            }
        }
        var iterator = closes.makeAsyncIterator()
        let close = await iterator.next()
        #expect(
            close == WebSocketClose(code: .init(rawValue: 4002), reason: "asked to", origin: .local, isClean: true)
        )
    }

    @Test func `what was sent before a close arrives before it`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                try await client.send(.text("flood"), .close(code: 1000))
                for _ in 0..<16 { #expect(try await client.frame()?.payload.count == 65_536) }
                #expect(try await client.frame() == .close(code: 1000))
            }
        }
    }

    @Test func `a shutdown closes WebSockets with 1001 and ends`() async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await server.shutDown() }
                    #expect(try await client.frame()?.closeCode == 1001)
                    try await client.send(.close(code: 1001))
                    #expect(try await client.rest() == [])
                }
            }
        }
    }

    @Test func `a shutdown does not wait for ever for a request whose body never comes`() async throws {
        try await withLiveServer {
            $0.httpShutdownTimeoutMs = 100
            $0.httpIdleTimeoutMs = 3_600_000
        } _: { server in
            try await RawClient.with(port: server.port) { client in
                try await client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nten bytes.")
                #expect(try await client.head().hasPrefix("HTTP/1.1 200"))
                try await server.shutDown()
                _ = try? await client.rest()
            }
        }
    }

    @Test(arguments: [true, false])
    func `cancelling the server's task closes WebSockets with 1001`(_ requestedBefore: Bool) async throws {
        try await withLiveServer { server in
            try await RawClient.with(port: server.port) { client in
                if requestedBefore {
                    try await client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
                    _ = try await client.head()
                    _ = try await client.bytes(7)
                }
                try await client.send(RawClient.handshake)
                _ = try await client.head()
                server.cancel()
                #expect(try await client.frame()?.closeCode == 1001)
                // The server need not wait for the answer any more.
                try? await client.send(.close(code: 1001))
                _ = try? await client.rest()
            }
        }
    }
}
