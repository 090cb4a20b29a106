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
    private var newest: Offset

    init(_ db: Database, _ format: EventFormat) throws {
        self.db = db
        reader = LogReader(db, format)
        newest = try reader.newest()
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
            let next = RecordedEvent(offset: newest.next, recordedAt: append.recordedAt, event: event)
            try insert(next, as: stored)
            recorded.append(next)
            newest = next.offset
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

    private func insert(_ recorded: RecordedEvent, as stored: EventFormat.Stored) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (offset, recorded_at, type, signal_id, version, payload) VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        let signal = recorded.event.signal
        try statement.execute(arguments: [
            recorded.offset.value, recorded.recordedAt.milliseconds, stored.type,
            signal?.id.description, signal?.version, String(decoding: stored.payload, as: UTF8.self),
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
