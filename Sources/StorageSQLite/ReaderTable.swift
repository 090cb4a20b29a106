import Domain
import GRDB
import Storage

/// The `reader` table, for one database access.
struct ReaderTable {
    let db: Database
    /// Of the log that the readers read.
    let epoch: Epoch

    /// In the order of their names.
    func readers() throws -> [Reader] {
        let sql = "SELECT user, known_since, acknowledged, last_seen_at FROM reader WHERE epoch = ?"
        return try Row.fetchAll(db, sql: sql, arguments: [epoch.text]).map(Self.reader).sorted { $0.user < $1.user }
    }

    func save(_ readers: [Reader]) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO reader (user, epoch, known_since, acknowledged, last_seen_at)
                VALUES (?, ?, ?, ?, ?)
                """
        )
        for reader in readers {
            try statement.execute(arguments: [
                reader.user.text, epoch.text, reader.knownSince.milliseconds, reader.acknowledged.value,
                reader.lastSeenAt.milliseconds,
            ])
        }
    }

    /// Those of other logs go as well.
    func forget(_ users: [UserName]) throws {
        try db.cachedStatement(sql: "DELETE FROM reader WHERE epoch <> ?").execute(arguments: [epoch.text])
        let statement = try db.cachedStatement(sql: "DELETE FROM reader WHERE user = ?")
        for user in users { try statement.execute(arguments: [user.text]) }
    }

    private static func reader(_ row: Row) throws -> Reader {
        guard let user = UserName(row[0] as String) else {
            throw StoreError(.corrupted, "The database has a reader without a name.")
        }
        return Reader(
            user: user,
            knownSince: Timestamp(milliseconds: row[1]),
            acknowledged: Offset(row[2] as Int64),
            lastSeenAt: Timestamp(milliseconds: row[3])
        )
    }
}
