import SocketSupport
import Testing

@testable import WebSockets

/// Broadcasts over real sockets, past the channel and through it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BroadcastSocketTests {
    private static let head = "{\"n\":"

    /// Numbers of every message, in order, and whether their tails are right.
    private func numbers(in frames: [ServerFrame], inflatedBy client: ReferenceInflater) throws -> [Int] {
        try frames.map { frame in
            let bytes = try #require(frame.isCompressed ? client.message(frame.payload) : frame.payload)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix(Self.head) && text.hasSuffix("}"))
            let digits = text.dropFirst(Self.head.count).drop { $0 == " " }.prefix { $0.isNumber }
            return try #require(Int(digits))
        }
    }

    @Test(arguments: [true, false])
    func `a broadcast reaches every connection, in order among its own messages`(_ writesDirectly: Bool) async throws {
        try await withBroadcastServer(writesDirectly: writesDirectly) { server in
            try await RawClient.with(port: server.port) { first in
                try await RawClient.with(port: server.port) { second in
                    try await first.shakeHands()
                    try await second.shakeHands()
                    try await server.waitForConnections(2)
                    for _ in 0..<20 { try await server.broadcast(messages: 3, thenEach: true) }
                    let inflater = (ReferenceInflater(), ReferenceInflater())
                    let frames = (try await first.frames(80), try await second.frames(80))
                    #expect(try numbers(in: frames.0, inflatedBy: inflater.0) == Array(0..<80))
                    #expect(try numbers(in: frames.1, inflatedBy: inflater.1) == Array(0..<80))
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func `a peer that does not read loses nothing and holds up nobody`(_ writesDirectly: Bool) async throws {
        try await withBroadcastServer(writesDirectly: writesDirectly) { server in
            try await RawClient.with(port: server.port, receiveBytesMax: 4_096) { slow in
                try await RawClient.with(port: server.port) { quick in
                    // Uncompressed, for six megabytes are much to inflate byte by byte.
                    try await slow.shakeHands(offering: nil)
                    try await quick.shakeHands(offering: nil)
                    try await server.waitForConnections(2)
                    // 6 MB in all: more than the kernel keeps for the slow one.
                    for _ in 0..<60 { try await server.broadcast(messages: 10, tailBytes: 10_000, thenEach: true) }
                    #expect(try await server.bufferedBytes().contains { $0 > 0 })
                    #expect(try numbers(in: await quick.frames(660), inflatedBy: .init()) == Array(0..<660))
                    #expect(try numbers(in: await slow.frames(660), inflatedBy: .init()) == Array(0..<660))
                    try await server.waitForNothingBuffered()
                    try await server.broadcast(messages: 1)
                    #expect(try numbers(in: await slow.frames(1), inflatedBy: .init()) == [660])
                }
            }
        }
    }

    @Test func `connections that break in the middle of broadcasts are closed once, and others go on`() async throws {
        try await withBroadcastServer { server in
            try await RawClient.with(port: server.port) { staying in
                try await staying.shakeHands()
                for round in 1...20 {
                    try await RawClient.with(port: server.port) { leaving in
                        try await leaving.shakeHands()
                        try await server.waitForConnections(2)
                        // It leaves without a word while this is on its way.
                        try await server.broadcast(messages: 5, tailBytes: 100)
                    }
                    try await server.broadcast(messages: 5, tailBytes: 100)
                    try await server.waitForConnections(1)
                    #expect(try await server.closed == round)
                }
                #expect(try numbers(in: await staying.frames(200), inflatedBy: .init()) == Array(0..<200))
            }
        }
    }

    @Test func `beyond eight digits a connection goes on, in frames of its own`() async throws {
        let first = 99_999_990 - BroadcastRun.messagesMax
        try await withBroadcastServer(firstNumber: first) { server in
            try await RawClient.with(port: server.port) { client in
                try await client.shakeHands()
                try await server.waitForConnections(1)
                for _ in 0..<40 { try await server.broadcast(messages: 5, tailBytes: 100) }
                #expect(try numbers(in: await client.frames(200), inflatedBy: .init()) == Array(first..<first + 200))
            }
        }
    }

    @Test func `after the close frame nothing more is sent`() async throws {
        try await withBroadcastServer { server in
            try await RawClient.with(port: server.port) { client in
                try await client.shakeHands()
                try await server.waitForConnections(1)
                try await server.broadcast(messages: 1)
                try await server.closeAll()
                try await server.broadcast(messages: 1)
                #expect(try numbers(in: await client.frames(1), inflatedBy: .init()) == [0])
                #expect(try await client.frame()?.closeCode == 1000)
                try await client.send(.close(code: 1000))
                #expect(try await client.rest() == [])
            }
        }
    }
}

extension RawClient {
    fileprivate mutating func shakeHands(offering extension: String? = "permessage-deflate") async throws {
        let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
        let mine = `extension`.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? ""
        try await send(RawClient.handshake.replacing(offer, with: mine))
        #expect(try await head().hasPrefix("HTTP/1.1 101 "))
    }

    fileprivate mutating func frames(_ count: Int) async throws -> [ServerFrame] {
        var frames: [ServerFrame] = []
        while frames.count < count, let frame = try await frame() { frames.append(frame) }
        return frames
    }
}
