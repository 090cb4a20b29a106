package import Wire

/// Names one value in a JSON document (RFC 6901).
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let tokens: [String]

    /// `nil` unless `text` is empty or begins with a slash, and every `~` is `~0` or `~1`.
    package init?(_ text: String) {
        description = text
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let afterTildes = part.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
            guard afterTildes.allSatisfy({ $0.hasPrefix("0") || $0.hasPrefix("1") }) else { return nil }
            // In this order, so that ~01 is ~1 (RFC 6901 section 4).
            tokens.append(String(part.replacing("~1", with: "/").replacing("~0", with: "~")))
        }
        self.tokens = tokens
    }

    /// `nil` when nothing is there.
    package func value(in document: JSONValue) -> JSONValue? {
        tokens.reduce(document) { value, token in value.flatMap { Self.member(token, of: $0) } }
    }

    private static func member(_ token: String, of value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let object): return object[token]
        case .array(let elements):
            let isIndex = token == "0" || (!token.hasPrefix("0") && !token.isEmpty && token.utf8.allSatisfy(isDigit))
            guard isIndex, let index = Int(token), elements.indices.contains(index) else { return nil }
            return elements[index]
        case .string, .number, .bool, .null: return nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
