/// Appends the JSON of stored events to a buffer, byte by byte as Foundation's encoder writes it with sorted keys and plain
/// slashes, in an eighth of the time. What is `nil` is left out.
///
/// Callers name the members of an object in ascending order.
struct PayloadWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(bytesReserved: Int = 1024) { bytes.reserveCapacity(bytesReserved) }

    mutating func object(_ members: (inout PayloadWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func object(_ key: StaticString, _ members: (inout PayloadWriter) -> Void) {
        self.key(key)
        object(members)
    }

    mutating func member(_ key: StaticString, _ write: (inout PayloadWriter) -> Void) {
        self.key(key)
        write(&self)
    }

    mutating func objects<Item>(
        _ key: StaticString,
        _ items: [Item]?,
        _ members: (Item, inout PayloadWriter) -> Void
    ) {
        guard let items else { return }
        self.key(key)
        bytes.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            object { members(item, &$0) }
        }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func text(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        self.key(key)
        string(text)
    }

    /// As ``text(_:_:)``, but what is `nil` is said.
    mutating func nullable(_ key: StaticString, _ text: String?) {
        if let text { self.text(key, text) } else { null(key) }
    }

    mutating func null(_ key: StaticString) {
        self.key(key)
        bytes.append(contentsOf: "null".utf8)
    }

    mutating func texts(_ key: StaticString, _ texts: [String]?) {
        guard let texts else { return }
        self.key(key)
        bytes.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            string(text)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        escape(text)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func integer(_ key: StaticString, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        self.key(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func flag(_ key: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        self.key(key)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    private mutating func key(_ key: StaticString) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// Appends runs of harmless bytes at once.
    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { text in
            var start = 0
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                bytes.append(contentsOf: text[start..<index])
                start = index + 1
                appendEscape(byte)
            }
            bytes.append(contentsOf: text[start...])
        }
    }

    private mutating func appendEscape(_ byte: UInt8) {
        let escape: String =
            switch byte {
            case UInt8(ascii: "\""): "\\\""
            case UInt8(ascii: "\\"): "\\\\"
            case 0x08: "\\b"
            case 0x09: "\\t"
            case 0x0A: "\\n"
            case 0x0C: "\\f"
            case 0x0D: "\\r"
            default: "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
            }
        bytes.append(contentsOf: escape.utf8)
    }
}
