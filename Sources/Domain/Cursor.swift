/// A place in one life of the log, as clients keep it: `epoch:offset` (docs/Protocol.md, "Cursors").
package struct Cursor: Hashable, Sendable, CustomStringConvertible {
    package static let epochCharactersMax = 64

    package let epoch: Epoch
    package let offset: Offset

    package init(epoch: Epoch, offset: Offset) {
        self.epoch = epoch
        self.offset = offset
    }

    /// The two halves as a client says them; `nil` unless the epoch is 1–64 visible ASCII characters, so that it may stand
    /// in a header or on a line, and the offset is decimal digits.
    package init?(epoch: some StringProtocol, offset: some StringProtocol) {
        guard (1...Self.epochCharactersMax).contains(epoch.utf8.count),
            epoch.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            offset.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let value = Int64(offset)
        else { return nil }
        self.init(epoch: Epoch(String(epoch)), offset: Offset(value))
    }

    /// An epoch may hold colons; the offset stands behind the last one.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        self.init(epoch: text[..<colon], offset: text[text.index(after: colon)...])
    }

    package var description: String { "\(epoch):\(offset)" }
}
