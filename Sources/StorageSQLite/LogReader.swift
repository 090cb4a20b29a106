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

    func events(after position: Offset, limit: Int) throws -> [RecordedEvent] {
        try events(
            "SELECT offset, recorded_at, type, payload FROM event WHERE offset > ? ORDER BY offset LIMIT ?",
            [position.value, limit]
        )
    }

    func events(of signal: SignalID) throws -> [RecordedEvent] {
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
        return Receipt(fingerprint: fingerprint, events: events)
    }

    func version(of signal: SignalID) throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT version FROM signal_version WHERE signal_id = ?")
        return try Int.fetchOne(statement, arguments: [signal.description]) ?? 0
    }

    private func events(_ sql: String, _ arguments: StatementArguments) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() { events.append(try event(row)) }
        return events
    }

    private func event(_ row: Row) throws -> RecordedEvent {
        let offset = Offset(row[0])
        do {
            let event = try format.decode(EventFormat.Stored(type: row[2], payload: row[3]))
            return RecordedEvent(offset: offset, recordedAt: Timestamp(milliseconds: row[1]), event: event)
        } catch {
            throw StoreError(error.code, "Event \(offset): \(error.message)", underlying: error.underlying)
        }
    }
}
