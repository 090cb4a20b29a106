import Domain
package import Foundation

/// Walks the hash chain of a log, entry by entry in the order of their offsets, and names the first that is not as it was
/// recorded. Pure, and the same for every store.
///
/// Whoever can write the file can make all hashes anew: that is found by comparing with a head that was noted elsewhere
/// (``LogHead``), and by nothing else.
package struct ChainVerifier: Sendable {
    /// An entry as it lies in a store, which may hold anything.
    package struct Row: Sendable {
        /// `nil` when a field is not of the kind it must be.
        package let content: EntryContent?
        package let offset: Int64
        package let hash: Data?
        /// Only of an entry whose predecessor is no longer there.
        package let previousHash: Data?

        package init(offset: Int64, content: EntryContent?, hash: Data?, previousHash: Data?) {
            self.offset = offset
            self.content = content
            self.hash = hash
            self.previousHash = previousHash
        }
    }

    private struct Link {
        let offset: Int64
        let hash: LogHash
        /// The last entry kept for ever, up to this one and without it.
        let kept: (offset: Int64, hash: LogHash)
        let keptBefore: LogHash

        static let beginning = Link(
            offset: 0,
            hash: .beginning,
            kept: (0, .beginning),
            keptBefore: .beginning
        )
    }

    /// An entry that does not have its hash, until the next one tells what is wrong with it.
    private struct Suspect {
        let content: EntryContent
        let stored: LogHash
        let computed: LogHash
        let previous: LogHash
    }

    private let oldest: Int64
    private let expected: LogHash?
    private var last = Link.beginning
    private var suspect: Suspect?
    private var hasExpected = false
    package private(set) var entries = 0

    /// - Parameters:
    ///   - oldest: where the log begins: from there on it has no hole.
    ///   - expected: a hash that was noted earlier and must be one of the log's.
    package init(oldest: Int64, expecting expected: LogHash? = nil) {
        self.oldest = oldest
        self.expected = expected
        hasExpected = expected == nil || expected == .beginning
    }

    /// - Returns: What is wrong, with the first bad entry, and then there is no use in going on.
    package mutating func take(_ row: Row) -> ChainFault? {
        if let suspect { return explain(suspect, next: row) }
        if let fault = complaintAboutPlace(of: row) { return fault }
        guard let content = row.content, content.isWellFormed else {
            return ChainFault(.changed, at: row.offset, "a field of it is not of its kind")
        }
        guard let stored = row.hash.flatMap(LogHash.init) else {
            return ChainFault(.changed, at: row.offset, "it has no hash of \(LogHash.byteCount) bytes")
        }
        let follows = last.offset == row.offset - 1
        if follows, let other = row.previousHash {
            let isPutIn = LogHash(other).map { content.hash(after: $0, kept: last.keptBefore) } == stored
            return isPutIn
                ? ChainFault(.inserted, at: last.offset, "the entry behind it, \(row.offset), follows on another one")
                : ChainFault(.changed, at: row.offset, "it says to follow on an entry that was let go, and does not")
        }
        guard let previous = follows ? last.hash : row.previousHash.flatMap(LogHash.init) else {
            return ChainFault(
                .changed,
                at: row.offset,
                "the hash of its predecessor, which was let go, is gone as well"
            )
        }
        let computed = content.hash(after: previous, kept: last.kept.hash)
        guard computed == stored else {
            suspect = Suspect(content: content, stored: stored, computed: computed, previous: previous)
            return nil
        }
        advance(over: content, hash: stored)
        return nil
    }

    /// - Parameter head: as the store notes it beside its entries; `nil` when that cannot be read.
    package mutating func finish(head: LogHead?) -> ChainFault? {
        if let suspect { return explain(suspect, next: nil) }
        guard let head else {
            return ChainFault(.missing, at: last.offset, "the note of where the log ends cannot be read")
        }
        if head.offset.value > last.offset {
            return ChainFault(
                .missing,
                at: max(last.offset + 1, oldest),
                "the log ended at \(head.offset), and all behind \(last.offset) is gone"
            )
        }
        if head.offset.value < last.offset {
            return ChainFault(.inserted, at: head.offset.value + 1, "the log ended before it, at \(head.offset)")
        }
        guard head.hash == last.hash, head.keptHash == last.kept.hash, head.keptOffset.value == last.kept.offset else {
            return ChainFault(.changed, at: last.offset, "the note of where the log ends has other hashes than its end")
        }
        guard hasExpected else {
            return ChainFault(
                .missing,
                at: last.offset,
                "no entry has the hash that is expected. Either the log is another one or was made anew since that hash was"
                    + " noted, or it was that of an entry which has been let go since; the kept head of a log never is"
            )
        }
        return nil
    }

    private mutating func advance(over content: EntryContent, hash: LogHash) {
        let isKept = content.isKeptForEver
        last = Link(
            offset: content.offset,
            hash: hash,
            kept: isKept ? (content.offset, hash) : last.kept,
            keptBefore: isKept ? last.kept.hash : last.keptBefore
        )
        entries += 1
        if hash == expected { hasExpected = true }
    }

    private func complaintAboutPlace(of row: Row) -> ChainFault? {
        guard row.offset > 0 else { return ChainFault(.inserted, at: row.offset, "a log begins at 1") }
        let next = max(last.offset + 1, oldest)
        if row.offset > next {
            let gone = next == row.offset - 1 ? "it is gone" : "\(next) to \(row.offset - 1) are gone"
            return ChainFault(.missing, at: next, gone)
        }
        if row.offset < oldest, let content = row.content, !content.isKeptForEver {
            return ChainFault(
                .inserted,
                at: row.offset,
                "what the log held there was let go, for it begins at \(oldest)"
            )
        }
        return nil
    }

    /// Tells from its neighbours what happened to an entry that does not have its hash.
    private func explain(_ suspect: Suspect, next row: Row?) -> ChainFault {
        let offset = suspect.content.offset
        if suspect.content.hash(after: suspect.previous, kept: last.keptBefore) == suspect.stored, last.offset > 0 {
            return ChainFault(.inserted, at: last.offset, "the entry behind it, \(offset), does not know of it")
        }
        if let next = row?.content, next.offset == offset + 1, let hash = row?.hash.flatMap(LogHash.init) {
            if suspect.content.moved(to: next.offset).hash(after: hash, kept: keptHash(after: next, hash))
                == suspect.stored
            {
                return ChainFault(.order, at: offset, "it and \(next.offset) have changed places")
            }
            if next.hash(after: suspect.computed, kept: keptHash(after: suspect.content, suspect.computed)) == hash {
                return ChainFault(.changed, at: offset, "its hash was changed; what it says is as it was recorded")
            }
            if next.hash(after: suspect.stored, kept: keptHash(after: suspect.content, suspect.stored)) != hash {
                return ChainFault(.changed, at: offset, "neither it nor what follows fits what lies before")
            }
        }
        if last.offset != offset - 1 {
            return ChainFault(
                .changed,
                at: offset,
                "what it says is not what was recorded, or an entry kept for ever is missing between \(last.offset) and it"
            )
        }
        return ChainFault(.changed, at: offset, "its payload, type, time, signal or user is not what was recorded")
    }

    private func keptHash(after content: EntryContent, _ hash: LogHash) -> LogHash {
        content.isKeptForEver ? hash : last.kept.hash
    }
}

/// The first entry of a log that is not as it was recorded.
package struct ChainFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable { case changed, missing, inserted, order }

    package let kind: Kind
    package let offset: Int64
    package let detail: String

    init(_ kind: Kind, at offset: Int64, _ detail: String) {
        self.kind = kind
        self.offset = offset
        self.detail = detail
    }

    package var description: String {
        switch kind {
        case .changed: "Entry \(offset) was changed: \(detail)."
        case .missing: "Entry \(offset) is missing: \(detail)."
        case .inserted: "Entry \(offset) was put in: \(detail)."
        case .order: "Entry \(offset) is out of order: \(detail)."
        }
    }
}
