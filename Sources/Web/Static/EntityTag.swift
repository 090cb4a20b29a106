internal import Crypto
internal import Foundation

/// A strong validator (RFC 9110, 8.8.3): the same tag means the same bytes.
struct EntityTag: Hashable, Sendable {
    /// With its quotes, as it stands in `ETag`.
    let field: String

    /// 128 bits of the bytes' SHA-256, in base64url.
    init(of bytes: [UInt8]) {
        let digest = Data(SHA256.hash(data: bytes).prefix(16))
        let text = digest.base64EncodedString()
            .replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_")
        field = "\"\(text)\""
    }

    /// Whether an `If-None-Match` names this tag. The comparison is weak, as RFC 9110, 13.1.2 wants it.
    ///
    /// - Parameter ifNoneMatch: `*` or a list of tags. Several fields joined with commas are one list. What is not a tag
    ///   ends the reading: what stood before it counts, so that a malformed field costs at most a full answer.
    func isNamed(in ifNoneMatch: String) -> Bool {
        var rest = ifNoneMatch.utf8[...]
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
            if rest.first == UInt8(ascii: "*") { return true }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == UInt8(ascii: "\""),
                let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            else { return false }
            if rest[...end].elementsEqual(field.utf8) { return true }
            rest = rest[rest.index(after: end)...]
        }
    }
}
