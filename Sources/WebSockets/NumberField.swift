/// Where a frame holds the number of its connection, and how it is written there.
///
/// The number stands right-aligned in eight places behind spaces, which JSON allows before a value (RFC 8259 §2). So
/// every connection's copy of a message is as long as every other's, and differs from it in these places alone.
struct NumberField: Hashable, Sendable {
    static let places = 8
    static let numberMax = 99_999_999

    /// How the places are written.
    enum Coding: Hashable, Sendable {
        case ascii
        /// Literals of a block with fixed Huffman codes (RFC 1951 §3.2.6). The first begins `shift` bits into the field's
        /// first byte, behind the bits `before`; behind the last come zeros, at least up to the end of its byte.
        case huffman(shift: Int, before: UInt8)
    }

    /// The byte of the frame in which the first place begins.
    let start: Int
    let coding: Coding

    func moved(by bytes: Int) -> NumberField { NumberField(start: start + bytes, coding: coding) }

    /// Overwrites the places.
    ///
    /// - Parameters:
    ///   - places: from ``places(for:)``.
    ///   - frame: The first byte of what `start` counts from.
    func write(_ places: UInt64, into frame: UnsafeMutableRawPointer) {
        switch coding {
        case .ascii:
            frame.storeBytes(of: places.littleEndian, toByteOffset: start, as: UInt64.self)
        case .huffman(let shift, let before):
            let codes = Self.huffmanCodes(of: places)
            let low = codes << UInt64(shift) | UInt64(before)
            frame.storeBytes(of: low.littleEndian, toByteOffset: start, as: UInt64.self)
            guard shift > 0 else { return }
            let high = UInt8(truncatingIfNeeded: codes >> UInt64(64 - shift))
            frame.storeBytes(of: high, toByteOffset: start + Self.places, as: UInt8.self)
        }
    }

    /// The eight characters of a number, the first in the lowest byte.
    static func places(for number: Int) -> UInt64 {
        precondition((0...numberMax).contains(number), "a number has at most eight digits")
        var places: UInt64 = 0x2020_2020_2020_2020
        var rest = UInt32(number)
        var bits: UInt64 = 56
        repeat {
            let digit = rest % 10
            rest /= 10
            // A space is 0x20, a digit 0x30 and its value.
            places |= UInt64(0x10 + digit) << bits
            bits &-= 8
        } while rest > 0
        return places
    }

    /// The code of a literal below 144 has eight bits, 0x30 and its value, the highest first (RFC 1951 §3.1.1).
    static func huffmanCodes(of characters: UInt64) -> UInt64 {
        var codes = characters &+ 0x3030_3030_3030_3030
        codes = (codes >> 1 & 0x5555_5555_5555_5555) | (codes & 0x5555_5555_5555_5555) << 1
        codes = (codes >> 2 & 0x3333_3333_3333_3333) | (codes & 0x3333_3333_3333_3333) << 2
        codes = (codes >> 4 & 0x0F0F_0F0F_0F0F_0F0F) | (codes & 0x0F0F_0F0F_0F0F_0F0F) << 4
        return codes
    }
}
