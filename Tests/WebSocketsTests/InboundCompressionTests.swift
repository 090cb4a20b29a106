import CZlib
import NIOCore
import SeededRandom
import SocketSupport
import Testing
import WebSockets

/// Compressed messages from the client (RFC 7692 §7.2.2).
@Suite struct InboundCompressionTests {
    private func machine(
        messageBytesMax: Int = 100_000,
        _ change: (inout DeflateAgreement) -> Void = { _ in }
    ) -> InboundMachine {
        var agreement = DeflateAgreement()
        change(&agreement)
        return InboundMachine(messageBytesMax: messageBytesMax, fragmentsMax: 1_000, agreement: agreement)
    }

    private func closeCode(_ action: InboundMachine.Action) -> WebSocketCloseCode? {
        if case .fail(let error) = action { error.closeCode } else { nil }
    }

    @Test func `the examples of RFC 7692 are understood`() {
        let hello = InboundMachine.Action.text(ByteBuffer(string: "Hello"))
        var machine = machine()
        // §7.2.3.1 one block, §7.2.3.2 the same again with the window kept
        let first = machine.receive(ClientFrame.compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]))
        let second = machine.receive(ClientFrame.compressed([0xF2, 0x00, 0x11, 0x00, 0x00]))
        // §7.2.3.3 a stored block
        let stored = machine.receive(
            ClientFrame.compressed([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00])
        )
        // §7.2.3.4 a final block
        let final = machine.receive(
            ClientFrame.compressed([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00])
        )
        // §7.2.3.5 two blocks
        let two = machine.receive(
            ClientFrame.compressed([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00])
        )
        // §7.2.3.6 an empty message
        let empty = machine.receive(ClientFrame.compressed([0x00]))
        #expect([first, second, stored, final, two] == Array(repeating: hello, count: 5))
        #expect(empty == .text(ByteBuffer()))
    }

    @Test func `a fragmented example has RSV1 on its first frame only`() {
        var machine = machine()
        let first = machine.receive(ClientFrame.compressed([0xF2, 0x48, 0xCD], isFinal: false))
        let last = machine.receive(ClientFrame.continuation([0xC9, 0xC9, 0x07, 0x00]))
        #expect([first, last] == [.wait, .text(ByteBuffer(string: "Hello"))])
    }

    @Test func `RSV1 on a continuation fails the connection with 1002`() {
        var machine = machine()
        _ = machine.receive(ClientFrame.compressed([0xF2, 0x48, 0xCD], isFinal: false))
        let action = machine.receive(ClientFrame.compressed([0xC9, 0xC9, 0x07, 0x00], opcode: 0))
        #expect(closeCode(action) == .protocolError)
    }

    @Test func `an uncompressed message between compressed ones leaves the window alone`() {
        var machine = machine()
        _ = machine.receive(ClientFrame.compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]))
        let plain = machine.receive(ClientFrame.text("between"))
        let second = machine.receive(ClientFrame.compressed([0xF2, 0x00, 0x11, 0x00, 0x00]))
        #expect([plain, second] == [.text(ByteBuffer(string: "between")), .text(ByteBuffer(string: "Hello"))])
    }

    @Test func `a client that promised to do without context takeover cannot refer back`() {
        var machine = machine { $0.clientNoContextTakeover = true }
        _ = machine.receive(ClientFrame.compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]))
        let second = machine.receive(ClientFrame.compressed([0xF2, 0x00, 0x11, 0x00, 0x00]))
        #expect(closeCode(second) == .invalidPayload)
    }

    @Test func `memory for decompressing is held only while it is needed`() {
        var machine = machine { $0.clientNoContextTakeover = true }
        let before = machine.holdsInflater
        _ = machine.receive(ClientFrame.text("plain"))
        let afterPlain = machine.holdsInflater
        _ = machine.receive(ClientFrame.compressed([0xF2, 0x48, 0xCD], isFinal: false))
        let within = machine.holdsInflater
        _ = machine.receive(ClientFrame.continuation([0xC9, 0xC9, 0x07, 0x00]))
        let after = machine.holdsInflater
        #expect([before, afterPlain, within, after] == [false, false, true, false])
    }

    @Test func `a window is kept across a final block`() {
        let deflater = ReferenceDeflater()
        let text = Array("the quick brown fox jumps over the lazy dog".utf8)
        var machine = machine()
        let first = deflater.payload(text)
        let second = deflater.payload(text, flush: Z_FINISH)
        _ = machine.receive(ClientFrame.compressed(first))
        let final = machine.receive(ClientFrame.compressed(second))
        // What the deflater would send next, had zlib not ended with the block: a reference 43 bytes back.
        let third = machine.receive(ClientFrame.compressed(second))
        #expect(second.count < 10)
        #expect([final, third] == Array(repeating: .text(ByteBuffer(bytes: text)), count: 2))
    }

    @Test func `final blocks without end fail the connection`() {
        var machine = machine()
        let action = machine.receive(
            ClientFrame.compressed(Array(repeating: [0x03, 0x00], count: 500).flatMap { $0 })
        )
        #expect(closeCode(action) == .invalidPayload)
    }

    @Test(arguments: [1, 1_000, 65_536])
    func `a bomb is refused with 1009 and takes no more memory than the limit`(_ messageBytesMax: Int) {
        let bomb = ReferenceDeflater(level: 9).payload(Array(repeating: 0, count: 10_000_000))
        var machine = InboundMachine(
            messageBytesMax: messageBytesMax,
            fragmentsMax: 1_000,
            agreement: DeflateAgreement()
        )
        var action = InboundMachine.Action.wait
        var start = 0
        while action == .wait, start < bomb.count {
            let end = min(start + 200, bomb.count)
            let isFirst = start == 0
            action = machine.receive(
                ClientFrame(
                    opcode: isFirst ? 2 : 0,
                    payload: Array(bomb[start..<end]),
                    isFinal: end == bomb.count,
                    reservedBits: isFirst ? 4 : 0
                )
            )
            start = end
        }
        #expect(closeCode(action) == .messageTooBig)
        let holds = machine.holdsInflater
        #expect(!holds)
    }

    @Test func `a bomb in one frame is refused while the frame is still coming in`() {
        let bomb = ReferenceDeflater(level: 9).payload(Array(repeating: 0, count: 10_000_000))
        let wire = ClientFrame.compressed(bomb, opcode: 2).wire
        var machine = machine(messageBytesMax: 65_536)
        var arrived = 0
        var heldBytesMax = 0
        var failure: WebSocketError?
        while failure == nil, arrived < wire.count {
            failure = machine.actions(of: [wire[arrived]]).first?.failure
            arrived += 1
            heldBytesMax = max(heldBytesMax, machine.heldBytes)
        }
        #expect(failure?.closeCode == .messageTooBig)
        // DEFLATE makes at most 1,032 bytes of one.
        #expect(arrived < 200)
        #expect(bomb.count > 9_000)
        #expect(heldBytesMax <= 131_072)
    }

    @Test func `control frames within a compressed message are read as they are`() {
        let text = Array(String(repeating: "{\"a\":1}", count: 50).utf8)
        let payload = ReferenceDeflater().payload(text)
        var machine = machine()
        var actions: [InboundMachine.Action] = []
        for (index, byte) in payload.enumerated() {
            let isLast = index == payload.count - 1
            let frame = ClientFrame(
                opcode: index == 0 ? 1 : 0,
                payload: [byte],
                isFinal: isLast,
                reservedBits: index == 0 ? 4 : 0
            )
            actions += machine.actions(of: frame.wire)
            if !isLast { actions += machine.actions(of: ClientFrame.ping([byte]).wire) }
        }
        let pings = payload.dropLast().map { InboundMachine.Action.ping(ByteBuffer(bytes: [$0])) }
        #expect(actions == pings + [.text(ByteBuffer(bytes: text))])
    }

    @Test(arguments: 9...15, [true, false])
    func `a client may fill the window it was given`(_ windowBits: Int, _ takesOver: Bool) {
        var random = SeededGenerator(seed: UInt64(windowBits))
        // zlib looks back 262 bytes less than the window; what repeats at that distance needs all of it.
        let noise = random.bytes((1 << windowBits) - 262 - 200)
        let deflater = ReferenceDeflater(windowBits: Int32(windowBits), level: 9)
        var machine = machine {
            $0.clientMaxWindowBits = windowBits
            $0.clientNoContextTakeover = !takesOver
        }
        for message in [noise + noise, noise, Array(noise.reversed()), noise] {
            let payload = deflater.payload(message)
            if !takesOver { deflater.reset() }
            let action = machine.receive(ClientFrame.compressed(payload, opcode: 2))
            #expect(action == .binary(ByteBuffer(bytes: message)))
        }
    }

    @Test func `a client with a window of 8 bits is understood`() {
        // zlib has none so small; a message of 256 bytes cannot refer further back.
        let deflater = ReferenceDeflater(windowBits: 9)
        var machine = machine { $0.clientMaxWindowBits = 8 }
        for text in ["{\"type\":\"ping\"}", String(repeating: "ab€", count: 50)] {
            deflater.reset()
            let payload = deflater.payload(Array(text.utf8))
            #expect(machine.receive(.compressed(payload)) == .text(ByteBuffer(string: text)))
        }
    }

    @Test func `a reference to before the window that is kept fails the connection`() {
        var random = SeededGenerator(seed: 1)
        let noise = random.bytes(400)
        let deflater = ReferenceDeflater(windowBits: 15)
        let payloads = [noise, random.bytes(400), noise].map { deflater.payload($0) }
        for (windowBits, expected) in [(15, nil), (10, nil), (9, WebSocketCloseCode.invalidPayload)] {
            var machine = machine { $0.clientMaxWindowBits = windowBits }
            let actions = payloads.map { machine.receive(.compressed($0, opcode: 2)) }
            #expect(actions.last.flatMap(\.failure)?.closeCode == expected, "\(windowBits) bits")
        }
    }

    @Test func `the inflater never writes more than one byte beyond its limit`() throws {
        let bomb = ReferenceDeflater(level: 9).payload(Array(repeating: 0, count: 1_000_000))
        var inflater = try Inflater(windowBits: 15)
        var output = ByteBuffer()
        var error: WebSocketError?
        bomb.withUnsafeBytes { bytes in
            do throws(WebSocketError) {
                try inflater.inflate(bytes, into: &output, outputBytesMax: 5_000)
            } catch let caught {
                error = caught
            }
        }
        #expect(error?.closeCode == .messageTooBig)
        #expect(output.readableBytes == 5_001)
    }

    @Test func `compressed input without output is bounded`() {
        var machine = machine(messageBytesMax: 1_000)
        var action = machine.receive(ClientFrame.compressed([], isFinal: false))
        // Empty stored blocks: five bytes in, none out.
        let empty = Array(repeating: [0x00, 0x00, 0x00, 0xFF, 0xFF] as [UInt8], count: 100).flatMap { $0 }
        for _ in 0..<100 where action == .wait {
            action = machine.receive(ClientFrame.continuation(empty, isFinal: false))
        }
        #expect(closeCode(action) == .messageTooBig)
    }

    @Test func `text is checked after decompressing`() {
        var machine = machine()
        let payload = ReferenceDeflater().payload([0x61, 0xFF, 0x61])
        #expect(closeCode(machine.receive(ClientFrame.compressed(payload))) == .invalidPayload)
    }

    @Test(arguments: 0..<30)
    func `what a client deflates arrives, however it is fragmented`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let windowBits = Int32.random(in: 9...15, using: &random)
        let takesOver = Bool.random(using: &random)
        let deflater = ReferenceDeflater(windowBits: windowBits, level: Int32.random(in: 0...9, using: &random))
        var machine = machine {
            $0.clientMaxWindowBits = Int(windowBits)
            $0.clientNoContextTakeover = !takesOver
        }
        for _ in 0..<20 {
            let text = Array(random.text(words: Int.random(in: 0...400, using: &random)).utf8)
            let payload = deflater.payload(text)
            if !takesOver { deflater.reset() }
            var action = InboundMachine.Action.wait
            for frame in fragments(of: payload, &random) { action = machine.receive(frame) }
            #expect(action == .text(ByteBuffer(bytes: text)), "seed \(seed)")
        }
    }

    @Test(arguments: 0..<30)
    func `a truncated stream fails the connection with 1007`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let text = Array(random.text(words: 200).utf8)
        let payload = ReferenceDeflater().payload(text)
        for _ in 0..<20 {
            var machine = machine()
            let cut = Int.random(in: 0..<payload.count, using: &random)
            let action = machine.receive(ClientFrame.compressed(Array(payload[..<cut]), opcode: 2))
            #expect(closeCode(action) == .invalidPayload, "seed \(seed), cut at \(cut) of \(payload.count)")
        }
    }

    @Test(arguments: 0..<200)
    func `a random stream never does more than fail`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var machine = machine(messageBytesMax: 2_000)
        let payload = random.bytes(Int.random(in: 0...400, using: &random))
        switch machine.receive(ClientFrame.compressed(payload, opcode: 2)) {
        case .binary(let message): #expect(message.readableBytes <= 2_000)
        case .fail(let error): #expect([.invalidPayload, .messageTooBig].contains(error.closeCode))
        default: Issue.record("seed \(seed): neither a message nor a failure")
        }
    }

    private func fragments(of payload: [UInt8], _ random: inout SeededGenerator) -> [ClientFrame] {
        var frames: [ClientFrame] = []
        var rest = payload[...]
        repeat {
            let count = Int.random(in: 0...max(rest.count, 1), using: &random)
            let piece = rest.prefix(count)
            rest = rest.dropFirst(count)
            let isFirst = frames.isEmpty
            frames.append(
                ClientFrame(
                    opcode: isFirst ? 1 : 0,
                    payload: Array(piece),
                    isFinal: rest.isEmpty,
                    reservedBits: isFirst ? 4 : 0,
                    key: random.bytes(4)
                )
            )
        } while !rest.isEmpty
        return frames
    }
}
