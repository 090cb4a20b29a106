import SeededRandom
import SocketSupport
import Testing
import WebSockets

/// What the state machines promise, once more over real sockets: frames and compression.
@Suite(.serialized) struct LiveConformanceTests {
    private func withClient(
        of server: LiveServer,
        offering offer: String = "permessage-deflate",
        _ body: (inout RawClient) async throws -> Void
    ) async throws {
        try await RawClient.with(port: server.port) { client in
            try await client.send(RawClient.handshake.replacing("permessage-deflate", with: offer))
            #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
            try await body(&client)
        }
    }

    /// The code of the close frame that ends the connection.
    private func end(_ client: inout RawClient) async throws -> UInt16? {
        while let frame = try await client.frame() {
            guard frame.opcode != 8 else { return frame.closeCode }
        }
        return nil
    }

    @Test(arguments: [true, false])
    func `every first byte gets its answer, masked and unmasked`(_ isMasked: Bool) async throws {
        try await withLiveServer { server in
            for byte in 0...255 as ClosedRange<UInt8> {
                let isRight =
                    isMasked && [0x81, 0xC1, 0x01, 0x41, 0x82, 0xC2, 0x02, 0x42, 0x88, 0x89, 0x8A].contains(byte)
                try await withClient(of: server) { client in
                    let payload: [UInt8] = byte & 0x40 != 0 ? [0x00] : []
                    let first = ClientFrame(opcode: 0, payload: payload, isMasked: isMasked).wire
                    var frames = [byte] + first.dropFirst()
                    if isRight, byte & 0x80 == 0 { frames += ClientFrame.continuation([]).wire }
                    if byte != 0x88 { frames += ClientFrame.close(code: 1000).wire }
                    try await client.send(frames)
                    // 0x41 and 0x42 go on with an empty frame, which is a stored block's length as well.
                    #expect(try await end(&client) == (isRight ? (byte == 0x88 ? nil : 1000) : 1002), "byte \(byte)")
                }
            }
        }
    }

    @Test func `a fragmented message with control frames in it arrives at every cut`() async throws {
        let text = "{\"symbol\":\"ÄAPL €😀\"}"
        let bytes = Array(text.utf8)
        let compressed = ReferenceDeflater().payload(bytes)
        try await withLiveServer { server in
            try await withClient(of: server, offering: "permessage-deflate; client_no_context_takeover") { client in
                for (payload, bits) in [(bytes, 0), (compressed, 4)] as [([UInt8], UInt8)] {
                    for cut in 0...payload.count {
                        try await client.send(
                            .init(opcode: 1, payload: Array(payload[..<cut]), isFinal: false, reservedBits: bits),
                            .ping([UInt8(cut)]),
                            .continuation([], isFinal: false),
                            .continuation(Array(payload[cut...]))
                        )
                        #expect(try await client.frame() == .pong([UInt8(cut)]))
                        #expect(try await client.frame() == .text(text))
                    }
                }
            }
        }
    }

    @Test(arguments: 8...15)
    func `every window is agreed on and kept to, both ways`(_ serverBits: Int) async throws {
        var random = SeededGenerator(seed: UInt64(serverBits))
        // A repeat at every distance up to 600 bytes and beyond; with a narrow window it must not be used.
        let message = Array((random.text(words: 60) + random.text(words: 2_000) + random.text(words: 60)).utf8)
        try await withLiveServer {
            $0.deflate = DeflatePolicy(allowsClientContextTakeover: true)
        } _: { server in
            for clientBits in 8...15 {
                for flags in 0..<4 {
                    let offer =
                        "permessage-deflate; server_max_window_bits=\(serverBits); client_max_window_bits=\(clientBits)"
                        + (flags & 1 != 0 ? "; server_no_context_takeover" : "")
                        + (flags & 2 != 0 ? "; client_no_context_takeover" : "")
                    try await withClient(of: server, offering: offer) { client in
                        let deflater = ReferenceDeflater(windowBits: Int32(max(clientBits, 9)))
                        var inflater = ReferenceInflater(windowBits: Int32(serverBits))
                        for _ in 0..<2 {
                            // zlib has no window of 8 bits: a short message keeps within it.
                            let text = clientBits == 8 ? Array(message.prefix(240)) : message
                            let payload = deflater.payload(whole(text))
                            if flags & 2 != 0 || clientBits == 8 { deflater.reset() }
                            if flags & 1 != 0 { inflater = ReferenceInflater(windowBits: Int32(serverBits)) }
                            try await client.send(.compressed(payload))
                            let frame = try #require(try await client.frame())
                            let answer = frame.isCompressed ? inflater.message(frame.payload) : frame.payload
                            #expect(answer == whole(text), "\(offer)")
                        }
                    }
                }
            }
        }
    }

    /// Without a character that was cut.
    private func whole(_ bytes: [UInt8]) -> [UInt8] {
        (0...3).lazy.map { Array(bytes.dropLast($0)) }.first { String(validating: $0, as: UTF8.self) != nil } ?? []
    }

    @Test func `a bomb is refused, and another connection goes on meanwhile`() async throws {
        let bomb = ReferenceDeflater(level: 9).payload(Array(repeating: 0, count: 50_000_000))
        try await withLiveServer { server in
            try await withClient(of: server) { good in
                try await withClient(of: server) { bad in
                    try await bad.send(.compressed(bomb, opcode: 2))
                    #expect(try await end(&bad) == 1009)
                }
                try await good.send(.text("still here"))
                #expect(try await good.frame() == .text("still here"))
            }
        }
    }

    @Test func `random and truncated streams are answered with 1007, or with what they mean`() async throws {
        var random = SeededGenerator(seed: 7)
        let text = ReferenceDeflater().payload(Array(random.text(words: 100).utf8))
        try await withLiveServer { server in
            for number in 0..<60 {
                let isRandom = number % 2 == 0
                let cut = Int.random(in: 0..<text.count, using: &random)
                let payload = isRandom ? random.bytes(Int.random(in: 0...100, using: &random)) : Array(text[..<cut])
                try await withClient(of: server) { client in
                    try await client.send(.compressed(payload, opcode: 2), .close(code: 1000))
                    let code = try await end(&client)
                    #expect(code == 1007 || (isRandom && code == 1000), "\(payload)")
                }
            }
        }
    }

    @Test(
        arguments: [
            [ClientFrame(opcode: 1, payload: [0x61, 0xF4, 0x90] + Array(repeating: 0x61, count: 100)).wire.prefix(9)],
            [[0x82, 0xFE, 0, 125]], [[0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0]], [[0x89, 0xFE]], [[0xF1]],
        ] as [[ArraySlice<UInt8>]]
    )
    func `what cannot be right is refused before the frame is complete`(_ start: [ArraySlice<UInt8>]) async throws {
        try await withLiveServer { server in
            try await withClient(of: server) { client in
                try await client.send(Array(start[0]))
                let code = try await end(&client)
                #expect([1002, 1007, 1009].contains(code))
            }
        }
    }
}
