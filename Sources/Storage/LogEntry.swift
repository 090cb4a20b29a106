package import Domain

/// An event of the log with its place in the hash chain, as the audit shows it.
package struct LogEntry: Hashable, Sendable {
    package let recorded: RecordedEvent
    /// What the log calls this kind of event; see ``EventFormat``.
    package let type: String
    package let hash: LogHash
    /// Of the entry before it, also when that has been let go.
    package let previousHash: LogHash

    package init(recorded: RecordedEvent, type: String, hash: LogHash, previousHash: LogHash) {
        self.recorded = recorded
        self.type = type
        self.hash = hash
        self.previousHash = previousHash
    }

    package var offset: Offset { recorded.offset }
}

/// Which entries of the log somebody wants to see. All that is given must be true of them.
package struct LogQuery: Hashable, Sendable {
    package enum Order: String, Sendable { case newest, oldest }

    package var order = Order.newest
    /// Where the page before ended: only what lies beyond it in the order asked for; `nil` begins at the end of the log that
    /// comes first.
    package var beyond: Offset?
    package var signal: SignalID?
    package var user: UserName?
    /// `nil` is all types.
    package var types: Set<String>?
    /// Recorded at this moment or later.
    package var from: Timestamp?
    /// Recorded before this moment.
    package var to: Timestamp?
    package var entriesMax: Int
    /// How many entries are looked at for one page. A page that ends for this reason may be short, or empty, and leads on.
    package var scannedMax = 20_000

    package init(entriesMax: Int) { self.entriesMax = entriesMax }

    /// Whether an entry is wanted, as far as its signal and user are not concerned: those the stores look up.
    package func admits(_ type: String, at recordedAt: Timestamp) -> Bool {
        if let types, !types.contains(type) { return false }
        if let from, recordedAt < from { return false }
        if let to, recordedAt >= to { return false }
        return true
    }

    package func isBeyond(_ offset: Offset) -> Bool {
        guard let beyond else { return true }
        return order == .newest ? offset < beyond : offset > beyond
    }
}

/// A part of the log as the audit asked for it.
package struct LogPage: Hashable, Sendable {
    package let entries: [LogEntry]
    /// The last entry looked at, from which the next page leads on; `nil` when there is nothing beyond.
    package let end: Offset?

    package init(entries: [LogEntry], end: Offset?) {
        self.entries = entries
        self.end = end
    }
}
