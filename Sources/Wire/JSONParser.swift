/// Reads JSON (RFC 8259) strictly, one pass over the bytes.
///
/// Not Foundation's decoder, for three reasons: an object with the same key twice must be refused, because two readers
/// could believe different things about it; numbers must keep the digits they were written with, since money never
/// passes through a binary float; and every refusal must say where the fault is.
///
/// Refused besides what is no JSON at all: the same key twice (canonically equivalent keys count as the same), lone
/// surrogates, NUL, invalid UTF-8, a byte order mark, more than ``depthMax`` levels, and bytes behind the value.
/// Recursion is bounded by ``depthMax``; no input makes it trap.
package struct JSONParser {
    package static let depthMax = 32
    /// Up to here keys are compared one by one; beyond, a set keeps the cost of hostile objects linear.
    private static let membersComparedMax = 16

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The one value that `bytes` are.
    package static func parse(_ bytes: some Sequence<UInt8>) throws(JSONFault) -> JSONValue {
        try withBuffer(bytes) { parser throws(JSONFault) in
            let value = try parser.document()
            guard parser.atEnd else { throw parser.fault("Nothing may follow the JSON value.") }
            return value
        }
    }

    static func withBuffer<Result>(
        _ bytes: some Sequence<UInt8>,
        _ body: (inout JSONParser) throws(JSONFault) -> Result
    ) throws(JSONFault) -> Result {
        func outcome(_ buffer: UnsafeBufferPointer<UInt8>) -> Swift.Result<Result, JSONFault> {
            var parser = JSONParser(buffer)
            do throws(JSONFault) { return .success(try body(&parser)) } catch { return .failure(error) }
        }
        let contiguous = bytes.withContiguousStorageIfAvailable(outcome)
        return try (contiguous ?? Array(bytes).withUnsafeBufferPointer(outcome)).get()
    }

    /// A value at the top level, with the white space around it.
    mutating func document() throws(JSONFault) -> JSONValue {
        if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw fault("JSON must not begin with a byte order mark.")
        }
        skipWhiteSpace()
        guard !atEnd else { throw fault("A JSON value is expected, but there is nothing.") }
        let value = try value()
        skipWhiteSpace()
        return value
    }

    mutating func value() throws(JSONFault) -> JSONValue {
        guard position < bytes.count else { throw fault("A value is expected, but the text ends here.") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONFault) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONFault) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw fault("A value is expected here.")
        }
    }

    mutating func nested<Value>(
        _ body: (inout JSONParser) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        guard depth < Self.depthMax else { throw fault("Nested more than \(Self.depthMax) levels deep.") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func object() throws(JSONFault) -> JSONValue {
        var members: [JSONObject.Member] = []
        var keys: Set<String> = []
        position += 1
        skipWhiteSpace()
        if consume(UInt8(ascii: "}")) { return .object(JSONObject([])) }
        repeat {
            skipWhiteSpace()
            let start = position
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw fault("A key in double quotes is expected here.")
            }
            let key = try string()
            guard isNew(key, members, &keys) else {
                throw JSONFault("The same key stands twice in one object.", at: start, in: bytes)
            }
            skipWhiteSpace()
            guard consume(UInt8(ascii: ":")) else { throw fault("A colon is expected after the key.") }
            skipWhiteSpace()
            members.append(JSONObject.Member(key: key, value: try value()))
            skipWhiteSpace()
        } while consume(UInt8(ascii: ","))
        guard consume(UInt8(ascii: "}")) else { throw fault("A comma or a closing brace is expected here.") }
        return .object(JSONObject(members))
    }

    private func isNew(_ key: String, _ members: [JSONObject.Member], _ keys: inout Set<String>) -> Bool {
        guard members.count >= Self.membersComparedMax else { return !members.contains { $0.key == key } }
        if keys.isEmpty { keys = Set(members.map(\.key)) }
        return keys.insert(key).inserted
    }

    private mutating func array() throws(JSONFault) -> JSONValue {
        var elements: [JSONValue] = []
        try forEachElement { parser throws(JSONFault) in elements.append(try parser.value()) }
        return .array(elements)
    }

    /// Calls `body` in front of every element of the array that begins here, and reads its brackets and commas.
    mutating func forEachElement(_ body: (inout JSONParser) throws(JSONFault) -> Void) throws(JSONFault) {
        position += 1
        skipWhiteSpace()
        if consume(UInt8(ascii: "]")) { return }
        repeat {
            skipWhiteSpace()
            try body(&self)
            skipWhiteSpace()
        } while consume(UInt8(ascii: ","))
        guard consume(UInt8(ascii: "]")) else { throw fault("A comma or a closing bracket is expected here.") }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[position..<end]) }) else {
            throw fault("A value is expected here.")
        }
        position = end
        return value
    }
}

// MARK: - Bytes

extension JSONParser {
    var atEnd: Bool { position >= bytes.count }

    func fault(_ reason: String) -> JSONFault { JSONFault(reason, at: position, in: bytes) }

    mutating func consume(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}
