import Crypto
package import Domain

/// The SHA-256 of the canonical text of a signal's ``Terms``, in hexadecimal: what a client sends back to say what it had on
/// the screen (docs/Protocol.md, "Terms").
package struct TermsHash: Hashable, Sendable, CustomStringConvertible {
    /// 64 digits, lower case.
    package let text: String

    package init(_ terms: Terms) {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: Array(terms.canonicalText.utf8))
        text = String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads digits of either case; `nil` for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 64,
            text.utf8.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "F") ~= $0
            })
        else { return nil }
        self.text = text.lowercased()
    }

    package var description: String { text }
}

extension Read {
    static func terms(_ value: JSONValue) throws(Mismatch) -> TermsHash {
        guard let hash = TermsHash(try text(value)) else {
            throw Mismatch("must be the terms of the signal as the desk sent them: 64 hexadecimal digits")
        }
        return hash
    }
}
