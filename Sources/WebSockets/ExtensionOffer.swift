/// One element of a `Sec-WebSocket-Extensions` header: an extension the client would like, with its parameters.
package struct ExtensionOffer: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package let name: String
        /// A token; a quoted string has been unquoted.
        package let value: String?

        package init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    package let name: String
    package let parameters: [Parameter]

    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// Reads the header's values, several header lines being one list (RFC 6455 §9.1), in the client's order of
    /// preference. `nil` when they do not conform to the grammar: the handshake must then fail.
    package static func parse(headerValues: [String]) -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        for value in headerValues {
            var scanner = ExtensionScanner(value)
            guard let parsed = scanner.list() else { return nil }
            offers += parsed
        }
        return offers
    }
}

/// Reads `extension-list = 1#( token *( ";" token [ "=" ( token / quoted-string ) ] ) )` (RFC 6455 §9.1).
private struct ExtensionScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func list() -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        while true {
            skipSpace()
            // The list rule allows empty elements (RFC 9110 §5.6.1.2).
            if !atEnd, bytes[index] != UInt8(ascii: ",") {
                guard let offer = element() else { return nil }
                offers.append(offer)
                skipSpace()
            }
            if atEnd { return offers }
            guard take(",") else { return nil }
        }
    }

    private mutating func element() -> ExtensionOffer? {
        guard let name = token() else { return nil }
        var parameters: [ExtensionOffer.Parameter] = []
        skipSpace()
        while take(";") {
            skipSpace()
            guard let parameter = parameter() else { return nil }
            parameters.append(parameter)
            skipSpace()
        }
        return ExtensionOffer(name: name, parameters: parameters)
    }

    private mutating func parameter() -> ExtensionOffer.Parameter? {
        guard let name = token() else { return nil }
        skipSpace()
        guard take("=") else { return .init(name: name, value: nil) }
        skipSpace()
        guard let value = take("\"") ? quoted() : token() else { return nil }
        return .init(name: name, value: value)
    }

    /// The rest of a quoted string, whose content must be a token once unquoted (RFC 6455 §9.1).
    private mutating func quoted() -> String? {
        var content: [UInt8] = []
        while !atEnd {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                return content.isEmpty ? nil : String(decoding: content, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                guard !atEnd else { return nil }
                byte = bytes[index]
                index += 1
            }
            guard Self.isTokenByte(byte) else { return nil }
            content.append(byte)
        }
        return nil
    }

    private mutating func token() -> String? {
        let start = index
        while !atEnd, Self.isTokenByte(bytes[index]) { index += 1 }
        return start == index ? nil : String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard !atEnd, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while !atEnd, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") { index += 1 }
    }

    private var atEnd: Bool { index == bytes.count }

    /// `tchar` (RFC 9110 §5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
