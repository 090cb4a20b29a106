package import Foundation

/// An exact decimal amount: money, a price, a percentage, a ratio or a score. Never a binary float (C15, ENV-07).
///
/// Keeps the digits its source wrote (`149.50` stays `149.50`); two quantities are equal when their values are.
package struct Quantity: Sendable {
    /// Plain decimal text: an optional minus, digits, and at most one point with digits behind it.
    package let text: String
    package let value: Decimal

    package static let integerDigitsMax = 20
    package static let fractionDigitsMax = 12

    /// Parses plain decimal text; `nil` for anything else, exponents and more digits than the limits included.
    package init?(_ text: some StringProtocol) {
        guard Self.isPlain(text.utf8) else { return nil }
        let text = String(text)
        guard let value = Decimal(string: text, locale: nil) else { return nil }
        self.text = text
        self.value = value
    }

    /// `value` rounded half to even at `fractionDigits`, written with exactly that many.
    package init(_ value: Decimal, fractionDigits: Int) {
        var exact = value
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, fractionDigits, .bankers)
        self.value = rounded
        var text = rounded.description
        if fractionDigits > 0 {
            let written = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
            if written == 0 { text += "." }
            text += String(repeating: "0", count: fractionDigits - written)
        }
        self.text = text
    }

    private static func isPlain(_ bytes: some Sequence<UInt8>) -> Bool {
        var integerDigits = 0
        var fractionDigits = 0
        var sawPoint = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: continue
            case UInt8(ascii: ".") where !sawPoint && integerDigits > 0: sawPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if sawPoint { fractionDigits += 1 } else { integerDigits += 1 }
            default: return false
            }
        }
        return (1...integerDigitsMax).contains(integerDigits)
            && fractionDigits <= fractionDigitsMax
            && (!sawPoint || fractionDigits > 0)
    }
}

extension Quantity: Hashable, Comparable {
    package static func == (one: Quantity, other: Quantity) -> Bool { one.value == other.value }
    package static func < (one: Quantity, other: Quantity) -> Bool { one.value < other.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Quantity: CustomStringConvertible {
    package var description: String { text }
}

extension Quantity: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let quantity = Quantity(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a plain decimal")
        }
        self = quantity
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
