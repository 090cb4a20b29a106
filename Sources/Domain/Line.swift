/// One line of text from outside: trimmed, not empty, bounded, without characters that deceive.
///
/// Direction overrides and invisible characters would let a note or a name show something else than it says (SEC-08), so
/// they are refused, not hidden.
package struct Line: Hashable, Sendable {
    package let text: String

    package init?(_ text: String, charactersMax: Int) {
        let text = Self.trimmed(text)
        guard Self.fits(text, charactersMax), text.unicodeScalars.allSatisfy(Self.isHarmless) else { return nil }
        self.text = text
    }

    package static func trimmed(_ text: String) -> String {
        var slice = text[...]
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }

    /// False for control characters, for those that reorder text (Unicode UAX #9), and for those that show nothing, save
    /// the joiners and selectors that scripts and emoji are made of.
    package static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return false
        default: break
        }
        if (0xFFF9...0xFFFB).contains(scalar.value) { return false }
        return !scalar.properties.isDefaultIgnorableCodePoint || isJoinerOrSelector(scalar)
    }

    /// There is something to see, and neither more characters nor more bytes than a reader would expect of them.
    static func fits(_ text: String, _ charactersMax: Int) -> Bool {
        text.utf8.count <= charactersMax * 8 && (1...charactersMax).contains(text.count)
            && !text.unicodeScalars.allSatisfy(isJoinerOrSelector)
    }

    /// Zero-width joiners (Persian, Indic scripts, emoji families), emoji selectors and the tags of flags.
    private static func isJoinerOrSelector(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C, 0x200D, 0xFE0E, 0xFE0F, 0xE0020...0xE007F: true
        default: false
        }
    }
}

/// What a trader writes beside a decision, or a source beside a signal: like a ``Line`` but with line breaks.
///
/// As text is pasted from anywhere, every kind of line break becomes `\n` and a tab becomes a space.
package struct Note: Hashable, Sendable {
    package let text: String

    package static let charactersMax = 500

    package init?(_ text: String, charactersMax: Int = Note.charactersMax) {
        let text = Self.unified(Line.trimmed(text))
        guard Line.fits(text, charactersMax) else { return nil }
        guard text.unicodeScalars.allSatisfy({ $0 == "\n" || Line.isHarmless($0) }) else { return nil }
        self.text = text
    }

    private static func unified(_ text: String) -> String {
        String(
            text.map { character in
                switch character {
                case "\r\n", "\r": "\n"
                case "\t": " "
                default: character
                }
            }
        )
    }
}

extension Line {
    /// What somebody sent, short and harmless enough to be said back.
    package static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(64).map { isHarmless($0) ? $0 : "\u{FFFD}" }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The same in quotation marks.
    package static func quoted(_ text: String) -> String { "“\(shown(text))”" }
}
