/// One line of text from outside: trimmed, not empty, bounded, without control or direction-changing characters.
///
/// Direction overrides would let a note show something else than it says (SEC-08), so they are refused, not hidden.
package struct Line: Hashable, Sendable {
    package let text: String

    package init?(_ text: String, charactersMax: Int) {
        let text = Self.trimmed(text)
        guard (1...charactersMax).contains(text.count), text.utf8.count <= charactersMax * 8 else { return nil }
        guard text.unicodeScalars.allSatisfy(Self.isHarmless) else { return nil }
        self.text = text
    }

    package static func trimmed(_ text: String) -> String {
        var slice = text[...]
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }

    /// False for control characters and for the characters that reorder text (Unicode UAX #9).
    package static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF: false
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: false
        default: true
        }
    }
}

/// What a trader writes beside a decision, or a source beside a signal: like a ``Line`` but with line breaks.
package struct Note: Hashable, Sendable {
    package let text: String

    package static let charactersMax = 500

    package init?(_ text: String, charactersMax: Int = Note.charactersMax) {
        let text = Line.trimmed(text)
        guard (1...charactersMax).contains(text.count), text.utf8.count <= charactersMax * 8 else { return nil }
        guard text.unicodeScalars.allSatisfy({ $0 == "\n" || Line.isHarmless($0) }) else { return nil }
        self.text = text
    }
}

extension Line {
    /// What somebody sent, short and harmless enough to be said back.
    package static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(64).map { isHarmless($0) ? $0 : "\u{FFFD}" }
        return "“\(String(String.UnicodeScalarView(shown)))”"
    }
}
