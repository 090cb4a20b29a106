import Domain
import Foundation
import GRDB
import Storage

/// Finds the entries of the log that the audit asks for, for one database access.
struct LogScanner {
    let db: Database

    /// See ``EventStore/entries(_:)``.
    func page(_ query: LogQuery) throws -> (entries: [StoredEntry], end: Offset?) {
        guard query.entriesMax > 0, let span = try span(of: query) else { return ([], nil) }
        var (wanted, last, scanned): ([Int64], Int64?, Int) = ([], nil, 0)
        let rows = try candidates(query, in: span)
        while let row = try rows.next() {
            guard wanted.count < query.entriesMax, scanned < query.scannedMax else {
                return (try entries(at: wanted, query.order), last.map { Offset($0) })
            }
            let offset: Int64 = row[0]
            scanned += 1
            last = offset
            if query.admits(row[2], at: Timestamp(milliseconds: row[1])) { wanted.append(offset) }
        }
        return (try entries(at: wanted, query.order), nil)
    }

    /// The offsets between which all that is asked for lies; `nil` when there is nothing.
    private func span(of query: LogQuery) throws -> ClosedRange<Int64>? {
        var (first, last): (Int64, Int64) = (1, .max)
        if query.from != nil || query.to != nil {
            let row = try Row.fetchOne(
                db,
                sql: "SELECT min(offset), max(offset) FROM event WHERE recorded_at >= ? AND recorded_at < ?",
                arguments: [query.from?.milliseconds ?? .min, query.to?.milliseconds ?? .max]
            )
            guard let row, let oldest = row.integer(0), let newest = row.integer(1) else { return nil }
            (first, last) = (oldest, newest)
        }
        switch (query.order, query.beyond?.value) {
        case (.newest, let beyond?): last = beyond > .min ? min(last, beyond - 1) : .min
        case (.oldest, let beyond?): first = beyond < .max ? max(first, beyond + 1) : .max
        case (_, nil): break
        }
        return first <= last ? first...last : nil
    }

    /// Not with their payloads, which lie on other pages of the file where they are long.
    private func candidates(_ query: LogQuery, in span: ClosedRange<Int64>) throws -> RowCursor {
        var conditions = ["offset BETWEEN ? AND ?"]
        var arguments: StatementArguments = [span.lowerBound, span.upperBound]
        if let signal = query.signal {
            conditions.append("signal_id = ?")
            arguments += [signal.description]
        }
        if let user = query.user {
            conditions.append("user = ?")
            arguments += [user.text]
        }
        return try Row.fetchCursor(
            db,
            sql: """
                SELECT offset, CAST(recorded_at AS INTEGER), CAST(type AS TEXT) FROM event
                WHERE \(conditions.joined(separator: " AND ")) ORDER BY offset \(query.order == .newest ? "DESC" : "ASC")
                """,
            arguments: arguments
        )
    }

    private func entries(at offsets: [Int64], _ order: LogQuery.Order) throws -> [StoredEntry] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(StoredEntry.columns), event.hash, coalesce(before.hash, event.previous_hash)
                FROM event LEFT JOIN event AS before ON before.offset = event.offset - 1
                WHERE event.offset IN (SELECT value FROM json_each(?))
                ORDER BY event.offset \(order == .newest ? "DESC" : "ASC")
                """,
            arguments: ["[\(offsets.map { String($0) }.joined(separator: ","))]"]
        )
        return try Array(rows.map { row in try StoredEntry(row) })
    }
}
