/// The name under which a file is known: its place below the root, such as `/styles/base.css`.
///
/// Files are found by looking this up among the files that were found on disk, never by opening a path that a client
/// wrote. So no spelling can lead out of the root; the checks here only make sure that one file has one spelling.
struct StaticPath: Hashable, Sendable {
    let text: String

    /// - Parameter text: made by us from names on disk.
    init(fromDisk text: String) {
        self.text = text
    }

    /// Reads the path of a request target, or nil where it cannot be a file's name: percent-encoding that is broken,
    /// hides a slash, or is not UTF-8; a backslash or control character; an empty, `.`, `..` or dot-file segment.
    ///
    /// The percent-encoding is undone exactly once: `%252e` is the four characters `%2e`, not a dot.
    init?(requestPath: String) {
        guard requestPath.utf8.count <= Self.bytesMax, requestPath.utf8.first == UInt8(ascii: "/"),
            let bytes = Self.percentDecoded(requestPath.utf8),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
        let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard isPlain, text == "/" || segments.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else { return nil }
        self.text = text
    }

    static let bytesMax = 1024

    private static func percentDecoded(_ path: String.UTF8View) -> [UInt8]? {
        var decoded: [UInt8] = []
        var rest = path[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit),
                high << 4 | low != UInt8(ascii: "/")
            else { return nil }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
