// Texts and numbers: the parts of JSON where every byte counts.

extension JSONParser {
    /// The number at the position, as it is written (RFC 8259, section 6).
    mutating func number() throws(JSONFault) -> String {
        let start = position
        _ = consume(UInt8(ascii: "-"))
        if consume(UInt8(ascii: "0")) {
            if position < bytes.count, Self.isDigit(bytes[position]) {
                throw fault("A number must not begin with a needless zero.")
            }
        } else {
            try digits()
        }
        if consume(UInt8(ascii: ".")) { try digits() }
        if consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) {
            if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONFault) {
        let start = position
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
        guard position > start else { throw fault("A digit is expected here.") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The text whose opening quote is at the position. Texts without escapes are copied once.
    mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        try skipPlainText()
        if bytes[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while bytes[position] == UInt8(ascii: "\\") {
            try appendEscaped(to: &text)
            let start = position
            try skipPlainText()
            text.append(contentsOf: bytes[start..<position])
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Moves to the next quote or backslash; one of them is there when this returns.
    private mutating func skipPlainText() throws(JSONFault) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case 0x00...0x1F: throw fault("Control characters in a text must be escaped.")
            case 0x20...0x7F: position += 1
            default:
                guard let length = utf8Length else { throw fault("This is not valid UTF-8.") }
                position += length
            }
        }
        throw fault("The text is not closed by a double quote.")
    }

    /// The length of the well-formed multi-byte character at the position (Unicode 16, table 3-7).
    private var utf8Length: Int? {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch bytes[position] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return nil }
        for index in (position + 2)..<max(position + length, position + 2) where bytes[index] & 0xC0 != 0x80 {
            return nil
        }
        return length
    }

    private mutating func appendEscaped(to text: inout [UInt8]) throws(JSONFault) {
        let start = position
        guard position + 1 < bytes.count else { throw fault("The text ends inside an escape.") }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: UTF8.encode(try escapedScalar(from: start))!)
        default: throw JSONFault("JSON does not know this escape.", at: start, in: bytes)
        }
    }

    private mutating func escapedScalar(from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let first = try hexDigits()
        if first == 0 { throw JSONFault("NUL is not accepted in a text.", at: start, in: bytes) }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) else {
            throw JSONFault("Half of a surrogate pair stands alone.", at: start, in: bytes)
        }
        let second = try hexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw JSONFault("Half of a surrogate pair stands alone.", at: start, in: bytes) }
        return scalar
    }

    private mutating func hexDigits() throws(JSONFault) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Self.hexValue(bytes[position]) else {
                throw fault("Four hexadecimal digits are expected after \\u.")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
