import Domain

/// An entry of the log as it is stored, with its place in the hash chain.
package struct StoredEntry: Hashable, Sendable {
    package let content: EntryContent
    package let hash: LogHash
    /// Of the entry before it, also when that has been let go.
    package let previousHash: LogHash

    package init(content: EntryContent, hash: LogHash, previousHash: LogHash) {
        self.content = content
        self.hash = hash
        self.previousHash = previousHash
    }

    package func decoded(by format: EventFormat) throws(StoreError) -> LogEntry {
        let stored = EventFormat.Stored(type: content.type, payload: content.payload)
        do {
            return LogEntry(
                recorded: RecordedEvent(
                    offset: Offset(content.offset),
                    recordedAt: Timestamp(milliseconds: content.recordedAtMs),
                    event: try format.decode(stored)
                ),
                type: content.type,
                hash: hash,
                previousHash: previousHash
            )
        } catch {
            throw StoreError(error.code, "Event \(content.offset): \(error.message)", underlying: error.underlying)
        }
    }
}
