package import Foundation

/// An exact decimal amount: money, a price, a percentage, a ratio or a score. Never a binary float (C15, ENV-07).
///
/// Keeps the digits its source wrote (`149.50` stays `149.50`); two quantities are equal when their values are. Only the
/// text is stored: it is what amounts are read, kept and sent as. Reading its number takes 35 ns where `Decimal(string:)`
/// takes 400.
package struct Quantity: Sendable {
    /// Plain decimal text: an optional minus, digits, and at most one point with digits behind it.
    package let text: String

    package static let integerDigitsMax = 20
    package static let fractionDigitsMax = 12

    /// Parses plain decimal text; `nil` for anything else, exponents and more digits than the limits included.
    package init?(_ text: String) {
        let limits = (Self.integerDigitsMax, Self.fractionDigitsMax)
        guard ScaledInteger(text, integerDigitsMax: limits.0, fractionDigitsMax: limits.1) != nil else { return nil }
        self.text = text
    }

    /// `value` rounded half to even at `fractionDigits`, written with exactly that many.
    package init(_ value: Decimal, fractionDigits: Int) {
        var exact = value
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, fractionDigits, .bankers)
        var text = rounded.description
        if fractionDigits > 0 {
            let written = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
            if written == 0 { text += "." }
            text += String(repeating: "0", count: fractionDigits - written)
        }
        self.text = text
    }

    init(_ number: ScaledInteger) { text = number.text }

    /// - Parameter text: of a quantity there is.
    init(normal text: String) { self.text = text }

    /// For arithmetic.
    package var value: Decimal {
        guard let value = Decimal(string: text, locale: nil) else {
            preconditionFailure("the text of a quantity is a plain decimal")
        }
        return value
    }

    /// For comparing and dividing.
    var number: ScaledInteger {
        let digitsMax = ScaledInteger.digitsMax
        guard let number = ScaledInteger(text, integerDigitsMax: digitsMax, fractionDigitsMax: digitsMax) else {
            preconditionFailure("the text of a quantity is a plain decimal")
        }
        return number
    }
}

extension Quantity: ExpressibleByIntegerLiteral {
    package init(integerLiteral number: Int) { text = String(number) }
}

extension Quantity: Hashable, Comparable {
    package static func == (one: Quantity, other: Quantity) -> Bool {
        one.text == other.text || one.number == other.number
    }
    package static func < (one: Quantity, other: Quantity) -> Bool { one.number < other.number }
    package func hash(into hasher: inout Hasher) { hasher.combine(number) }
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
