import Domain
import Foundation
import GRDB
import Storage

/// The queries on the log, for one database access.
struct LogReader {
    private let db: Database
    private let format: EventFormat

    init(_ db: Database, _ format: EventFormat) {
        self.db = db
        self.format = format
    }

    /// - Throws: `trimmed` when the first of them may be one that was let go.
    func events(after position: Offset, limit: Int) throws -> [StoredEvent] {
        let position = max(position, .start)
        let oldest = try oldest()
        guard position.next >= oldest else { throw StoreError.trimmed(after: position, oldest: oldest) }
        return try events(
            "SELECT offset, recorded_at, type, payload FROM event WHERE offset > ? ORDER BY offset LIMIT ?",
            [position.value, limit]
        )
    }

    /// Wherever the log begins.
    func events(at offsets: [Offset]) throws -> [StoredEvent] {
        let list = "[\(offsets.map(\.description).joined(separator: ","))]"
        return try events(
            """
            SELECT offset, recorded_at, type, payload FROM event
            WHERE offset IN (SELECT value FROM json_each(?)) ORDER BY offset
            """,
            [list]
        )
    }

    func events(of signal: SignalID) throws -> [StoredEvent] {
        try events(
            "SELECT offset, recorded_at, type, payload FROM event WHERE signal_id = ? ORDER BY version",
            [signal.description]
        )
    }

    func extent() throws -> Extent { Extent(oldest: try oldest(), newest: try newest()) }

    /// Moved on by ``LogTrimmer`` alone, in the transaction that lets go of what lies before it.
    func oldest() throws -> Offset {
        let statement = try db.cachedStatement(sql: "SELECT value FROM meta WHERE name = 'oldest_offset'")
        guard let oldest = try String.fetchOne(statement).flatMap({ Int64($0) }) else {
            throw StoreError(.corrupted, "The database does not say where its log begins.")
        }
        return Offset(oldest)
    }

    /// The newest event is never let go, so the next offset follows from it.
    func newest() throws -> Offset {
        try Offset(Int64.fetchOne(db.cachedStatement(sql: "SELECT max(offset) FROM event")) ?? Offset.start.value)
    }

    /// Where the hash chain was left.
    func head() throws -> LogHead {
        let statement = try db.cachedStatement(sql: "SELECT value FROM meta WHERE name = 'head'")
        guard let head = try String.fetchOne(statement).flatMap(LogHead.init(text:)) else {
            throw StoreError(.corrupted, "The database does not say where its log ends. Restore it from a backup.")
        }
        return head
    }

    /// - Throws: `corrupted` when the log does not end where it was left: nothing may be put behind a hole.
    func requireWholeEnd() throws {
        let head = try head()
        let newest = try newest()
        guard newest == head.offset else { throw StoreError.endIsGone(head) }
        guard newest > .start else { return }
        let hash = try Data.fetchOne(db, sql: "SELECT hash FROM event WHERE offset = ?", arguments: [newest.value])
        guard hash == head.hash.data else { throw StoreError.endIsGone(head) }
    }

    func receipt(for key: IdempotencyKey) throws -> Receipt? {
        let statement = try db.cachedStatement(
            sql: "SELECT fingerprint, first_offset, last_offset FROM receipt WHERE scope = ? AND key = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [key.scope, key.key]) else { return nil }
        let fingerprint: String = row[0]
        guard let first = row[1] as Int64?, let last = row[2] as Int64? else {
            return Receipt(fingerprint: fingerprint, events: [])
        }
        let events = try events(after: Offset(first - 1), limit: Int(last - first) + 1)
        return Receipt(fingerprint: fingerprint, events: try events.decoded(by: format))
    }

    /// 0 when there is no such signal.
    func version(of signal: SignalID) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT max(version) FROM event WHERE signal_id = ?")
        return try Int.fetchOne(statement, arguments: [signal.description]) ?? 0
    }

    private func events(_ sql: String, _ arguments: StatementArguments) throws -> [StoredEvent] {
        try Array(Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments).map(StoredEvent.init))
    }
}

extension StoreError {
    static func endIsGone(_ head: LogHead) -> StoreError {
        StoreError(
            .corrupted,
            "The log does not end where it was left, at \(head.offset). Somebody has changed the file: keep it, see what"
                + " `countersign audit verify` says of it, and restore a backup."
        )
    }
}
