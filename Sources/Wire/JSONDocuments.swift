/// The values of a body that is one value, an array of values, or values line by line (NDJSON).
struct JSONDocuments {
    struct Element {
        let value: JSONValue
        let byteCount: Int
    }

    /// False for one value that stands alone.
    let isList: Bool
    let elements: [Element]

    static func parse(_ bytes: some Sequence<UInt8>) throws(JSONFault) -> JSONDocuments {
        try JSONParser.withBuffer(bytes) { parser throws(JSONFault) in
            parser.skipWhiteSpace()
            if !parser.atEnd, parser.bytes[parser.position] == UInt8(ascii: "[") { return try array(&parser) }
            return try lines(&parser)
        }
    }

    private static func array(_ parser: inout JSONParser) throws(JSONFault) -> JSONDocuments {
        var elements: [Element] = []
        try parser.nested { parser throws(JSONFault) in
            try parser.forEachElement { parser throws(JSONFault) in
                let start = parser.position
                elements.append(Element(value: try parser.value(), byteCount: parser.position - start))
            }
        }
        parser.skipWhiteSpace()
        guard parser.atEnd else { throw parser.fault("Nothing may follow the list.") }
        return JSONDocuments(isList: true, elements: elements)
    }

    private static func lines(_ parser: inout JSONParser) throws(JSONFault) -> JSONDocuments {
        var elements: [Element] = []
        repeat {
            let start = parser.position
            elements.append(Element(value: try parser.document(), byteCount: parser.position - start))
            guard parser.atEnd || parser.bytes[start..<parser.position].last == UInt8(ascii: "\n") else {
                throw parser.fault("Nothing may follow the JSON value but another on a line of its own.")
            }
        } while !parser.atEnd
        return JSONDocuments(isList: elements.count > 1, elements: elements)
    }
}
