import Domain
import GRDB
import Storage

/// The writes of one transaction.
///
/// An append is held against the log before anything of it is written, so a refused one needs no undoing, and the
/// offset counter never moves for events that are not stored.
struct LogWriter {
    private let db: Database
    private let reader: LogReader
    private let headAtStart: LogHead
    private var head: LogHead

    /// - Throws: `corrupted` when the log does not end where it was left: nothing is put behind a hole.
    init(_ db: Database, _ format: EventFormat) throws {
        self.db = db
        reader = LogReader(db, format)
        headAtStart = try reader.head()
        head = headAtStart
        guard try reader.newest() == head.offset else { throw StoreError.endIsGone(head) }
    }

    /// Notes where the chain ends now; the last write of the transaction.
    func finish() throws {
        guard head != headAtStart else { return }
        try db.cachedStatement(sql: "UPDATE meta SET value = ? WHERE name = 'head'").execute(arguments: [head.text])
    }

    /// - Parameter stored: The events of `append` as they are written.
    mutating func store(_ append: Append, as stored: [EventFormat.Stored]) throws -> AppendOutcome {
        if let key = append.receipt?.key, let used = try reader.receipt(for: key) { return .keyUsed(used) }
        if case .conflict(let id, let storedVersion) = try append.checkVersions({ id throws in
            try reader.version(of: id)
        }) {
            return .conflict(id, storedVersion: storedVersion)
        }
        var recorded: [RecordedEvent] = []
        for (event, stored) in zip(append.events, stored) {
            let next = RecordedEvent(offset: head.offset.next, recordedAt: append.recordedAt, event: event)
            let content = EntryContent(next, as: stored)
            head = head.followed(by: content)
            try insert(content)
            recorded.append(next)
        }
        if let receipt = append.receipt { try insert(receipt, for: recorded, at: append.recordedAt) }
        return .appended(recorded)
    }

    /// Forgets a bounded number of receipts and says how many.
    static func forgetReceipts(_ db: Database, before moment: Timestamp) throws -> Int {
        try db.execute(
            sql: """
                DELETE FROM receipt WHERE rowid IN (
                    SELECT rowid FROM receipt WHERE recorded_at < ? LIMIT \(SQLiteStore.forgottenPerTransactionMax))
                """,
            arguments: [moment.milliseconds]
        )
        return db.changesCount
    }

    /// With the hash of the head, which it has just become.
    private func insert(_ content: EntryContent) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (offset, recorded_at, type, signal_id, version, payload, user, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            content.offset, content.recordedAtMs, content.type, content.signalID, content.version,
            String(decoding: content.payload, as: UTF8.self), content.user, head.hash.data,
        ])
    }

    private func insert(_ receipt: Append.NewReceipt, for events: [RecordedEvent], at moment: Timestamp) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO receipt (scope, key, fingerprint, first_offset, last_offset, recorded_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            receipt.key.scope, receipt.key.key, receipt.fingerprint,
            events.first?.offset.value, events.last?.offset.value, moment.milliseconds,
        ])
    }
}
