import Foundation

/// One line of text from outside: trimmed, not empty, bounded, without characters that deceive.
///
/// Direction overrides and invisible characters would let a note or a name show something else than it says (SEC-08), so
/// they are refused, not hidden. What can be written in two ways (é as one character or as e with an accent) is kept in one:
/// Unicode's Normalization Form C.
package struct Line: Hashable, Sendable {
    package let text: String

    package init?(_ text: String, charactersMax: Int) {
        if let plain = text.trimmedPlain(allowsLineFeeds: false) {
            guard (1...charactersMax).contains(plain.utf8.count) else { return nil }
            self.text = plain
            return
        }
        let text = Self.trimmed(text).precomposedStringWithCanonicalMapping
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
        if let plain = text.trimmedPlain(allowsLineFeeds: true) {
            guard (1...charactersMax).contains(plain.utf8.count) else { return nil }
            self.text = plain
            return
        }
        let text = Self.unified(Line.trimmed(text)).precomposedStringWithCanonicalMapping
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

extension String {
    /// The text without the white space around it when all of it is printable ASCII, whose characters are its bytes and
    /// harmless; `nil` for any other text. Nearly everything is such text, and asking Unicode about each character of it
    /// takes sixty times as long.
    fileprivate func trimmedPlain(allowsLineFeeds: Bool) -> String? {
        func isWhite(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }
        for byte in utf8 where !(0x20...0x7E).contains(byte) {
            guard allowsLineFeeds, byte == UInt8(ascii: "\n") else { return nil }
        }
        guard let first = utf8.first, let last = utf8.last, isWhite(first) || isWhite(last) else { return self }
        guard let start = utf8.firstIndex(where: { !isWhite($0) }) else { return "" }
        let end = utf8.lastIndex { !isWhite($0) } ?? start
        return String(self[start...end])
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
