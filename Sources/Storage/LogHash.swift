import Crypto
package import Foundation

/// The SHA-256 of an entry of the log; see ``EntryContent``.
package struct LogHash: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 32

    /// What the first entry of a log follows on.
    package static let beginning = LogHash(unchecked: [UInt8](repeating: 0, count: byteCount))

    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are 32 bytes.
    package init?(_ bytes: Data) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// - Returns: `nil` unless these are 64 hexadecimal digits.
    package init?(_ hexadecimal: String) {
        let digits = hexadecimal.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == Self.byteCount * 2, hexadecimal.utf8.count == digits.count else { return nil }
        bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    init(_ digest: SHA256.Digest) { bytes = Array(digest) }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    package var data: Data { Data(bytes) }

    /// 64 hexadecimal digits, lower case.
    package var description: String { String(decoding: hexadecimal, as: UTF8.self) }

    var hexadecimal: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(Self.digits[Int(byte >> 4)])
            text.append(Self.digits[Int(byte & 15)])
        }
        return text
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
