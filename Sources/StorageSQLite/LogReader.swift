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

    func events(after position: Offset, limit: Int) throws -> [StoredEvent] {
        try events(
            "SELECT offset, recorded_at, type, payload FROM event WHERE offset > ? ORDER BY offset LIMIT ?",
            [position.value, limit]
        )
    }

    func events(of signal: SignalID) throws -> [StoredEvent] {
        try events(
            "SELECT offset, recorded_at, type, payload FROM event WHERE signal_id = ? ORDER BY version",
            [signal.description]
        )
    }

    func extent() throws -> Extent {
        let statement = try db.cachedStatement(
            sql: "SELECT (SELECT min(offset) FROM event), (SELECT max(offset) FROM event)"
        )
        guard let row = try Row.fetchOne(statement), let oldest = row[0] as Int64?, let newest = row[1] as Int64? else {
            return Extent(oldest: Offset.start.next, newest: .start)
        }
        return Extent(oldest: Offset(oldest), newest: Offset(newest))
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
