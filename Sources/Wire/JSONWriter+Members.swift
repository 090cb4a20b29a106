package import Domain

// How the desk's values stand on the wire (docs/Protocol.md, "Values"). What is unknown is written as null.

extension JSONWriter {
    package mutating func text(_ key: StaticString, _ text: String?) {
        self.key(key)
        if let text { string(text) } else { null() }
    }

    /// Money, prices, heat, risk, percentages and ratios: a decimal in quotes.
    package mutating func decimal(_ key: StaticString, _ quantity: Quantity?) {
        text(key, quantity?.text)
    }

    /// Scores: a JSON number with exactly the digits of the quantity.
    package mutating func score(_ key: StaticString, _ quantity: Quantity?) {
        self.key(key)
        if let quantity { number(Self.number(quantity)) } else { null() }
    }

    package mutating func integer(_ key: StaticString, _ number: (some BinaryInteger)?) {
        self.key(key)
        if let number { integer(number) } else { null() }
    }

    package mutating func flag(_ key: StaticString, _ flag: Bool?) {
        self.key(key)
        if let flag { bool(flag) } else { null() }
    }

    package mutating func time(_ key: StaticString, _ timestamp: Timestamp?) {
        self.key(key)
        if let timestamp { string(timestamp.description) } else { null() }
    }

    package mutating func object(_ key: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.key(key)
        object(members)
    }

    package mutating func member(_ key: StaticString, _ value: (some WireEncodable)?) {
        self.key(key)
        if let value { value.write(to: &self) } else { null() }
    }

    package mutating func list(_ key: StaticString, _ values: some Sequence<some WireEncodable>) {
        self.key(key)
        array(values) { $1.write(to: &$0) }
    }

    package mutating func texts(_ key: StaticString, _ texts: (some Sequence<String>)?) {
        self.key(key)
        if let texts { array(texts) { $0.string($1) } } else { null() }
    }

    /// A quantity as a JSON number. JSON knows no `007.5`, which a decimal in quotes may be.
    static func number(_ quantity: Quantity) -> String {
        let text = quantity.text
        guard text.utf8.first == UInt8(ascii: "0") || text.utf8.first == UInt8(ascii: "-") else { return text }
        let sign = text.hasPrefix("-") ? "-" : ""
        var digits = text.dropFirst(sign.count)
        while digits.first == "0", let second = digits.dropFirst().first, second != "." { digits.removeFirst() }
        return sign + digits
    }
}

/// A value with one form on the wire.
package protocol WireEncodable {
    /// Writes exactly one JSON value.
    func write(to json: inout JSONWriter)
}

extension WireEncodable {
    /// The value as a JSON text of its own.
    package var encoded: [UInt8] {
        var json = JSONWriter(bytesReserved: 1024)
        write(to: &json)
        return json.bytes
    }
}
