import Glibc

/// The first lines of an HTTP message, up to the empty one, read where they lie.
struct HTTPHead {
    /// More is no head that anybody here sends.
    static let bytesMax = 16 << 10

    /// From the first line to the end of the empty one.
    let bytes: UnsafeRawBufferPointer

    /// `nil` while the empty line has not come.
    init?(startOf input: UnsafeRawBufferPointer) {
        guard let end = input.firstOffset(of: "\r\n\r\n") else { return nil }
        bytes = UnsafeRawBufferPointer(rebasing: input[..<(end + 4)])
    }

    var firstLine: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.firstOffset(of: "\r\n") ?? bytes.count)])
    }

    /// Of an answer; `nil` when this is none.
    var status: Int? {
        guard bytes.starts(with: "HTTP/1.1 "), bytes.count > 12 else { return nil }
        return Decimals.read(UnsafeRawBufferPointer(rebasing: bytes[9..<12]))
    }

    /// Of the body; 0 when the head does not say, `nil` when it says no number.
    var contentLength: Int? {
        guard let value = value(of: "Content-Length") else { return 0 }
        return Decimals.read(value)
    }

    /// The value of a field, whatever the case of its name; `nil` when it is not there.
    func value(of name: StaticString) -> UnsafeRawBufferPointer? {
        var rest = bytes.dropping(firstLine.count + 2)
        while let end = rest.firstOffset(of: "\r\n"), end > 0 {
            let line = UnsafeRawBufferPointer(rebasing: rest[..<end])
            rest = rest.dropping(end + 2)
            let nameCount = name.utf8CodeUnitCount
            guard line.count > nameCount, line[nameCount] == UInt8(ascii: ":"), let start = line.baseAddress else {
                continue
            }
            let text = start.assumingMemoryBound(to: CChar.self)
            let wanted = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
            guard strncasecmp(text, wanted, nameCount) == 0 else { continue }
            var value = line.dropping(nameCount + 1)
            while value.first == UInt8(ascii: " ") { value = value.dropping(1) }
            while value.last == UInt8(ascii: " ") { value = UnsafeRawBufferPointer(rebasing: value.dropLast()) }
            return value
        }
        return nil
    }
}

/// Decimal digits and nothing else.
enum Decimals {
    static func read(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
        var value = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// The number at the start of these bytes, behind any spaces.
    static func leading(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.firstIndex(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        let digits = bytes[start...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return read(UnsafeRawBufferPointer(rebasing: digits))
    }
}
