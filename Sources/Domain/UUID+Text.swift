package import Foundation

/// UUIDs as text (RFC 9562, section 4). Foundation goes through `printf` and `scanf`, which takes five times as long, and
/// every signal needs it several times (swift-foundation of Swift 6.3).
extension UUID {
    /// Reads 32 hexadecimal digits of any case with hyphens behind the 8th, 12th, 16th and 20th; `nil` for anything else.
    package init?(hyphenated text: String) {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRead = withUnsafeMutableBytes(of: &bytes) { bytes in
            var digits = 0
            for (index, character) in text.utf8.enumerated() {
                switch index {
                case 8, 13, 18, 23: guard character == UInt8(ascii: "-") else { return false }
                case 36...: return false
                default:
                    guard let digit = Self.value(ofDigit: character) else { return false }
                    bytes[digits / 2] = bytes[digits / 2] << 4 | digit
                    digits += 1
                }
            }
            return digits == 32
        }
        guard isRead else { return nil }
        self.init(uuid: bytes)
    }

    private static func value(ofDigit character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// 36 characters.
    package func hyphenated(isUpperCase: Bool = false) -> String {
        String(unsafeUninitializedCapacity: 36) { text in
            write(to: text, isUpperCase: isUpperCase)
            return 36
        }
    }

    private func write(to text: UnsafeMutableBufferPointer<UInt8>, isUpperCase: Bool) {
        let letter: UInt8 = (isUpperCase ? UInt8(ascii: "A") : UInt8(ascii: "a")) - 10
        var index = 0
        func put(_ digit: UInt8) {
            text[index] = digit + (digit < 10 ? UInt8(ascii: "0") : letter)
            index += 1
        }
        withUnsafeBytes(of: uuid) { bytes in
            for (number, byte) in bytes.enumerated() {
                if number == 4 || number == 6 || number == 8 || number == 10 {
                    text[index] = UInt8(ascii: "-")
                    index += 1
                }
                put(byte >> 4)
                put(byte & 15)
            }
        }
    }
}
