/// The DEFLATE block that holds a message's head and the places of its number, with fixed Huffman codes
/// (RFC 1951 §3.2.6).
///
/// Written by hand, because the places must be found again: zlib would refer to digits that differ between connections.
/// The head itself may refer to the head of the message before.
struct HeadBlock {
    /// The whole bytes of the block, the places filled with spaces.
    let bytes: [UInt8]
    /// What the block has beyond its last whole byte: fewer than eight bits, the first the lowest.
    let rest: (bits: UInt8, count: Int)
    /// Counted from the start of the block.
    let field: NumberField

    private static let matchBytes = 3...258
    private static let distanceMax = 32_768

    /// - Parameters:
    ///   - head: the same for all messages of a stream.
    ///   - distance: bytes from the start of the message before, which began with the same head, to the start of this
    ///     one; `nil` when the receiver may not know it.
    init(head: [UInt8], distance: Int?) {
        var bits = BitWriter()
        // BFINAL = 0, BTYPE = 01 (RFC 1951 §3.2.3).
        bits.write(0b010, count: 3)
        if let distance, Self.matchBytes.contains(head.count), distance <= Self.distanceMax {
            bits.writeMatch(length: head.count, distance: distance)
        } else {
            for byte in head { bits.writeLiteral(byte) }
        }
        let (start, shift) = bits.count.quotientAndRemainder(dividingBy: 8)
        let before = bits.partial
        bits.write(NumberField.huffmanCodes(of: NumberField.places(for: 0)), count: 64)
        // Code 256, the end of the block, is seven zeros: all that `Coding.huffman` wants behind the places.
        bits.write(0, count: 7)
        field = NumberField(start: start, coding: .huffman(shift: shift, before: before))
        bytes = bits.bytes
        rest = (bits.partial, bits.count % 8)
    }
}

/// Bits in the order of DEFLATE: each byte is filled from its lowest bit (RFC 1951 §3.1.1).
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var partial: UInt8 = 0
    private(set) var count = 0

    /// Writes the lowest bits, the lowest first.
    mutating func write(_ bits: UInt64, count new: Int) {
        for index in 0..<new {
            partial |= UInt8(truncatingIfNeeded: bits >> UInt64(index) & 1) << UInt8(count % 8)
            count += 1
            guard count % 8 == 0 else { continue }
            bytes.append(partial)
            partial = 0
        }
    }

    /// Huffman codes alone come with their highest bit first.
    private mutating func writeCode(_ code: Int, count new: Int) {
        for index in (0..<new).reversed() { write(UInt64(code >> index & 1), count: 1) }
    }

    mutating func writeLiteral(_ byte: UInt8) {
        if byte < 144 { writeCode(0x30 + Int(byte), count: 8) } else { writeCode(0x190 + Int(byte) - 144, count: 9) }
    }

    /// A length of 3…258 and a distance of 1…32,768 (RFC 1951 §3.2.5): each a code for its range and extra bits for the
    /// place within.
    mutating func writeMatch(length: Int, distance: Int) {
        let (lengthCode, lengthExtra, lengthBits) = Self.lengthCode(length)
        if lengthCode < 280 {
            writeCode(lengthCode - 256, count: 7)
        } else {
            writeCode(0xC0 + lengthCode - 280, count: 8)
        }
        write(UInt64(lengthExtra), count: lengthBits)
        let (distanceCode, distanceExtra, distanceBits) = Self.distanceCode(distance)
        writeCode(distanceCode, count: 5)
        write(UInt64(distanceExtra), count: distanceBits)
    }

    private static func lengthCode(_ length: Int) -> (code: Int, extra: Int, bits: Int) {
        if length == 258 { return (285, 0, 0) }
        let past = length - 3
        guard past >= 8 else { return (257 + past, 0, 0) }
        let bits = past.bitWidth - past.leadingZeroBitCount - 3
        return (257 + 4 * (bits + 1) + (past >> bits & 3), past & (1 << bits - 1), bits)
    }

    private static func distanceCode(_ distance: Int) -> (code: Int, extra: Int, bits: Int) {
        let past = distance - 1
        guard past >= 4 else { return (past, 0, 0) }
        let bits = past.bitWidth - past.leadingZeroBitCount - 2
        return (2 * (bits + 1) + (past >> bits & 1), past & (1 << bits - 1), bits)
    }
}
