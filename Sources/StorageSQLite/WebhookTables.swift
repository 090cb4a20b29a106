import Domain
import GRDB
import Storage

/// The tables `webhook_endpoint` and `dead_letter`, for one database access.
struct WebhookTables {
    let db: Database
    /// Of the log that the endpoints are given.
    let epoch: Epoch

    func positions() throws -> [String: Offset] {
        let sql = "SELECT name, position FROM webhook_endpoint WHERE epoch = ?"
        let rows = try Row.fetchAll(db, sql: sql, arguments: [epoch.text])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, Offset($0[1] as Int64)) })
    }

    func save(position: Offset, of endpoint: String) throws {
        let sql = "INSERT OR REPLACE INTO webhook_endpoint (name, epoch, position) VALUES (?, ?, ?)"
        try db.cachedStatement(sql: sql).execute(arguments: [endpoint, epoch.text, position.value])
    }

    func forgetPositions(except endpoints: Set<String>) throws {
        for name in try String.fetchAll(db, sql: "SELECT name FROM webhook_endpoint") where !endpoints.contains(name) {
            try db.execute(sql: "DELETE FROM webhook_endpoint WHERE name = ?", arguments: [name])
        }
    }

    /// A letter that is there already stays as it is: the same event is not dead twice.
    func add(_ dead: DeadLetter.Content) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO dead_letter
                (endpoint, epoch, offset, event_id, type, signal_id, attempts, failed_at, failure, queued)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                """
        )
        try statement.execute(arguments: [
            dead.endpoint, epoch.text, dead.offset.value, dead.eventID, dead.type, dead.signal?.description,
            dead.attempts, dead.failedAt.milliseconds, dead.failure,
        ])
    }

    func letters(after id: Int64, limit: Int) throws -> [DeadLetter] {
        try letters("id > ? AND epoch = ? ORDER BY id LIMIT ?", [id, epoch.text, max(limit, 0)])
    }

    func queuedLetters(of endpoint: String, limit: Int) throws -> [DeadLetter] {
        try letters(
            "endpoint = ? AND epoch = ? AND queued = 1 ORDER BY offset LIMIT ?",
            [endpoint, epoch.text, max(limit, 0)]
        )
    }

    func counts() throws -> [String: Int] {
        let sql = "SELECT endpoint, count(*) FROM dead_letter WHERE epoch = ? GROUP BY endpoint"
        let rows = try Row.fetchAll(db, sql: sql, arguments: [epoch.text])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Int) })
    }

    func queue(_ id: Int64) throws -> DeadLetter? {
        let sql = "UPDATE dead_letter SET queued = 1 WHERE id = ? AND epoch = ?"
        try db.execute(sql: sql, arguments: [id, epoch.text])
        return try letters("id = ? AND epoch = ?", [id, epoch.text]).first
    }

    func settle(_ id: Int64, as content: DeadLetter.Content?) throws {
        guard let content else {
            return try db.execute(sql: "DELETE FROM dead_letter WHERE id = ?", arguments: [id])
        }
        try db.execute(
            sql: "UPDATE dead_letter SET attempts = ?, failed_at = ?, failure = ?, queued = 0 WHERE id = ?",
            arguments: [content.attempts, content.failedAt.milliseconds, content.failure, id]
        )
    }

    private func letters(_ condition: String, _ arguments: StatementArguments) throws -> [DeadLetter] {
        let columns = "id, endpoint, event_id, offset, type, signal_id, attempts, failed_at, failure, queued"
        return try Row.fetchAll(db, sql: "SELECT \(columns) FROM dead_letter WHERE \(condition)", arguments: arguments)
            .map(Self.letter)
    }

    private static func letter(_ row: Row) -> DeadLetter {
        DeadLetter(
            id: row[0],
            content: DeadLetter.Content(
                endpoint: row[1],
                eventID: row[2],
                offset: Offset(row[3] as Int64),
                type: row[4],
                signal: (row[5] as String?).flatMap { SignalID($0) },
                attempts: row[6],
                failedAt: Timestamp(milliseconds: row[7]),
                failure: row[8]
            ),
            isQueued: row[9]
        )
    }
}
