import Domain
import GRDB
import Storage

/// The `checkpoint` table, for one database access.
struct CheckpointTable {
    let db: Database

    /// Older ones go when a newer one comes.
    static let checkpointsMax = 2

    func save(_ stored: CheckpointFormat.Stored, at offset: Offset) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO checkpoint (offset, version, checksum, body) VALUES (?, ?, ?, ?)",
            arguments: [offset.value, stored.version, stored.checksum, stored.body]
        )
        try db.execute(
            sql: """
                DELETE FROM checkpoint WHERE offset NOT IN (
                    SELECT offset FROM checkpoint ORDER BY offset DESC LIMIT \(Self.checkpointsMax))
                """
        )
    }

    /// Newest first.
    func offsets() throws -> [Offset] {
        try Int64.fetchAll(db, sql: "SELECT offset FROM checkpoint ORDER BY offset DESC").map(Offset.init)
    }

    func stored(at offset: Offset) throws -> CheckpointFormat.Stored? {
        let sql = "SELECT version, checksum, body FROM checkpoint WHERE offset = ?"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [offset.value]) else { return nil }
        return CheckpointFormat.Stored(version: row[0], checksum: row[1], body: row[2])
    }
}
