import SeededRandom
import SocketSupport

/// Makes inputs for `FrameProperties` without a fuzzer: the same one from the same seed.
package struct FrameMutator {
    private var random: SeededGenerator

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    package mutating func input() -> [UInt8] {
        var input = Bool.random(using: &random) ? SeedStreams.all.randomElement(using: &random)! : madeUp()
        for _ in 0..<Int.random(in: 0...4, using: &random) where !input.isEmpty { mutate(&input) }
        return input
    }

    /// A stream of frames that are mostly right.
    private mutating func madeUp() -> [UInt8] {
        let windowBits = Int32.random(in: 9...15, using: &random)
        let deflater = ReferenceDeflater(windowBits: windowBits, level: Int32.random(in: 0...9, using: &random))
        var input = [random.byte() & 0x83, UInt8(windowBits - 8) | (random.byte() & 0xC0), random.byte()]
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let words = Int.random(in: 0...60, using: &random)
            let content = Array(random.text(words: words).utf8)
            let isCompressed = input[1] & 0x80 == 0 && Bool.random(using: &random)
            let payload = isCompressed ? deflater.payload(content) : content
            if input[1] & 0x40 != 0 { deflater.reset() }
            for frame in fragments(of: payload, isCompressed: isCompressed) { input += frame.wire }
        }
        return input
    }

    private mutating func fragments(of payload: [UInt8], isCompressed: Bool) -> [ClientFrame] {
        var frames: [ClientFrame] = []
        var rest = payload[...]
        var isFirst = true
        repeat {
            let piece = rest.prefix(Int.random(in: 0...max(rest.count, 1), using: &random))
            rest = rest.dropFirst(piece.count)
            frames.append(
                ClientFrame(
                    opcode: isFirst ? UInt8.random(in: 1...2, using: &random) : 0,
                    payload: Array(piece),
                    isFinal: rest.isEmpty,
                    reservedBits: isFirst && isCompressed ? 4 : 0,
                    key: random.bytes(4)
                )
            )
            isFirst = false
            if Int.random(in: 0...5, using: &random) == 0 {
                frames.append(ClientFrame(opcode: UInt8.random(in: 9...10, using: &random), payload: random.bytes(3)))
            }
        } while !rest.isEmpty
        return frames
    }

    private mutating func mutate(_ input: inout [UInt8]) {
        let at = Int.random(in: 0..<input.count, using: &random)
        let end = min(at + Int.random(in: 1...8, using: &random), input.count)
        switch Int.random(in: 0...6, using: &random) {
        case 0: input[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 1: input[at] = [0, 1, 0x7D, 0x7E, 0x7F, 0x80, 0xFE, 0xFF].randomElement(using: &random)!
        case 2: input[at] = random.byte()
        case 3: input.removeSubrange(at..<end)
        case 4: input.insert(contentsOf: input[at..<end], at: at)
        case 5: input.removeSubrange(at...)
        default: input.insert(contentsOf: random.bytes(end - at), at: at)
        }
    }
}
