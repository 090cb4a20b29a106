package import Domain

/// Where the hash chain of a log ends. Who notes it elsewhere can tell later that nothing up to there was changed, taken out
/// or put in, not even by somebody who made all hashes anew.
package struct LogHead: Hashable, Sendable {
    /// The newest entry and its hash; ``Offset/start`` and ``LogHash/beginning`` while there is none.
    package let offset: Offset
    package let hash: LogHash
    /// The newest of the entries that are kept for ever: the one to note, since it is never trimmed.
    package let keptOffset: Offset
    package let keptHash: LogHash

    package init(offset: Offset, hash: LogHash, keptOffset: Offset, keptHash: LogHash) {
        self.offset = offset
        self.hash = hash
        self.keptOffset = keptOffset
        self.keptHash = keptHash
    }

    package static let beginning = LogHead(
        offset: .start,
        hash: .beginning,
        keptOffset: .start,
        keptHash: .beginning
    )

    /// The head once `entry` is appended.
    package func followed(by entry: EntryContent) -> LogHead {
        let next = entry.hash(after: hash, kept: keptHash)
        let offset = Offset(entry.offset)
        guard entry.isKeptForEver else {
            return LogHead(offset: offset, hash: next, keptOffset: keptOffset, keptHash: keptHash)
        }
        return LogHead(offset: offset, hash: next, keptOffset: offset, keptHash: next)
    }

    // MARK: As it is stored

    /// `offset hash kept-offset kept-hash`.
    package var text: String { "\(offset) \(hash) \(keptOffset) \(keptHash)" }

    package init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, let offset = Int64(words[0]), let hash = LogHash(words[1]),
            let keptOffset = Int64(words[2]), let keptHash = LogHash(words[3])
        else { return nil }
        self.init(offset: Offset(offset), hash: hash, keptOffset: Offset(keptOffset), keptHash: keptHash)
    }
}
