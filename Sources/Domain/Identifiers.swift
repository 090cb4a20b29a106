package import Foundation

/// Names one signal for ever.
package struct SignalID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let uuid: UUID

    package init(_ uuid: UUID = UUID()) { self.uuid = uuid }

    package init?(_ text: String) {
        guard let uuid = UUID(hyphenated: text) else { return nil }
        self.uuid = uuid
    }

    package init(from decoder: any Decoder) throws {
        uuid = try decoder.singleValueContainer().decode(UUID.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uuid)
    }

    /// The UUID in lower case, as it stands on the wire.
    package var description: String { uuid.hyphenated() }
}

/// Names one decision: the `Idempotency-Key` of the click that made it, or a fresh UUID (C18).
package struct DecisionID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    package init(_ text: String = UUID().hyphenated()) { self.text = text }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }
}

/// An instrument as its market writes it, upper case (APR-04): 1–32 of `A–Z 0–9 . - _ / : ^ =`.
package struct Symbol: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    /// Upper-cases ASCII letters; `nil` when anything else stands in it.
    package init?(_ text: String) {
        guard (1...32).contains(text.utf8.count) else { return nil }
        var isUpperCase = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "^"), UInt8(ascii: "="):
                continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"): isUpperCase = false
            default: return nil
            }
        }
        self.text = isUpperCase ? text : text.uppercased()
    }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package static func < (one: Symbol, other: Symbol) -> Bool { one.text < other.text }
    package var description: String { text }
}

/// What a person is called on the desk: 1–64 characters on one line, trimmed, of 256 bytes at most: a signal names several
/// people, and every message about it stays below 10 KB (ENV-09).
package struct UserName: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard let line = Line(text, charactersMax: 64), line.text.utf8.count <= 256 else { return nil }
        self.text = line.text
    }

    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package static func < (one: UserName, other: UserName) -> Bool { one.text < other.text }
    package var description: String { text }
}
