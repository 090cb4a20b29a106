import NIOCore
import NIOWebSocket
import SeededRandom
import SocketSupport
import Testing
import WebSockets

@Suite struct FrameParserTests {
    /// What a parser makes of pieces of a stream: the heads, the payloads put together, and the error that ended it.
    private struct Outcome: Equatable {
        var heads: [FrameHead] = []
        var payloads: [[UInt8]] = []
        var ends = 0
        var error: WebSocketError?
    }

    private func parse(_ pieces: [[UInt8]], allowsCompression: Bool = true) -> Outcome {
        var parser = FrameParser(allowsCompression: allowsCompression)
        var outcome = Outcome()
        do throws(WebSocketError) {
            for piece in pieces {
                var bytes = ByteBuffer(bytes: piece)
                while let next = try parser.next(&bytes) {
                    switch next {
                    case .head(let head):
                        outcome.heads.append(head)
                        outcome.payloads.append([])
                    case .payload(let masked):
                        var payload = ByteBuffer()
                        masked.append(to: &payload)
                        outcome.payloads[outcome.payloads.count - 1] += payload.readableBytesView
                    case .end: outcome.ends += 1
                    }
                }
            }
        } catch {
            outcome.error = error
        }
        return outcome
    }

    private func head(_ opcode: WebSocketOpcode, isFinal: Bool = true, isCompressed: Bool = false, _ count: Int)
        -> FrameHead
    {
        FrameHead(opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, payloadBytes: count)
    }

    @Test func `frames are the same however the stream is cut in three`() {
        var random = SeededGenerator(seed: 1)
        let long = random.bytes(130)
        let frames: [ClientFrame] = [
            .compressed([1, 2, 3], isFinal: false), .ping([4]), .continuation([]), .binary(long), .close([3, 0xE8]),
        ]
        let stream = frames.flatMap(\.wire)
        let expected = Outcome(
            heads: [
                head(.text, isFinal: false, isCompressed: true, 3), head(.ping, 1), head(.continuation, 0),
                head(.binary, 130), head(.connectionClose, 2),
            ],
            payloads: [[1, 2, 3], [4], [], long, [3, 0xE8]],
            ends: 5
        )
        for first in 0...stream.count {
            for second in first...stream.count {
                let pieces = [Array(stream[..<first]), Array(stream[first..<second]), Array(stream[second...])]
                #expect(parse(pieces) == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1 << 20])
    func `a length is read in its shortest form`(_ count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let outcome = parse([ClientFrame.binary(payload).wire])
        #expect(outcome == Outcome(heads: [head(.binary, count)], payloads: [payload], ends: 1))
    }

    @Test(
        arguments: [
            [126, 0, 0], [126, 0, 125], [127, 0, 0, 0, 0, 0, 0], [127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [127, 0x80],
            [127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]]
    )
    func `a length in a longer form than needed, or of 2^63, is refused`(_ length: [UInt8]) {
        let outcome = parse([[0x82, 0x80 | length[0]] + length[1...]])
        #expect(outcome.error?.closeCode == .protocolError)
        #expect(outcome.heads.isEmpty)
    }

    @Test func `the longest length there is can be announced`() {
        let outcome = parse([[0x82, 0xFF, 0x7F] + Array(repeating: 0xFF, count: 7)])
        #expect(outcome == Outcome(heads: [head(.binary, .max)], payloads: [[]]))
    }

    @Test func `the head is told before the mask and the payload have come`() {
        #expect(parse([[0x81, 0x85]]).heads == [head(.text, 5)])
        #expect(parse([[0x81, 0xFE, 1, 0]]).heads == [head(.text, 256)])
    }

    /// Of 256 first bytes those are right that have a known opcode and no reserved bit without a meaning; control frames
    /// must be whole (RFC 6455 §5.2 and §5.5, RFC 7692 §6).
    @Test(arguments: 0...255 as ClosedRange<UInt8>, [true, false])
    func `every first byte is judged by itself`(_ byte: UInt8, _ allowsCompression: Bool) {
        let isFinal = byte & 0x80 != 0
        let isRight =
            switch (byte & 0x70, byte & 0x0F) {
            case (0, 0), (0, 1), (0, 2): true
            case (0x40, 1), (0x40, 2): allowsCompression
            case (0, 8), (0, 9), (0, 10): isFinal
            default: false
            }
        let outcome = parse([[byte]], allowsCompression: allowsCompression)
        #expect(outcome.error?.closeCode == (isRight ? nil : .protocolError))
        let masked = parse([[byte, 0x80, 1, 2, 3, 4]], allowsCompression: allowsCompression)
        #expect(masked.ends == (isRight ? 1 : 0))
        let unmasked = parse([[byte, 0]], allowsCompression: allowsCompression)
        #expect(unmasked.error?.closeCode == .protocolError)
    }

    @Test(arguments: [8, 9, 10] as [UInt8], [126, 127] as [UInt8])
    func `a control frame of more than 125 bytes is refused by its second byte`(_ opcode: UInt8, _ length: UInt8) {
        #expect(parse([[0x80 | opcode, 0x80 | length]]).error?.closeCode == .protocolError)
    }

    @Test func `a mask goes on where the last piece ended`() {
        var random = SeededGenerator(seed: 2)
        let payload = random.bytes(100)
        let wire = ClientFrame(opcode: 2, payload: payload, key: [1, 20, 77, 255]).wire
        for size in 1...20 {
            let pieces = stride(from: 0, to: wire.count, by: size).map { Array(wire[$0..<min($0 + size, wire.count)]) }
            #expect(parse(pieces).payloads == [payload], "in pieces of \(size)")
        }
    }
}
