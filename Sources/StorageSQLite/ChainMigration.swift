import Domain
import Foundation
import GRDB
import Storage

/// Gives a log from before the hash chain its hashes and users (schema v5), in the migration's transaction. What was let go
/// before has no hash: who follows on it follows on the entry that was left before it.
struct ChainMigration {
    let db: Database

    private static let eventsPerPage = 1000

    func run() throws {
        var head = LogHead.beginning
        while true {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT offset, recorded_at, type, signal_id, version, CAST(payload AS BLOB), \(Self.user) FROM event
                    WHERE offset > ? ORDER BY offset LIMIT \(Self.eventsPerPage)
                    """,
                arguments: [head.offset.value]
            )
            if rows.isEmpty { break }
            for row in rows { head = try add(row, behind: head) }
        }
        try db.execute(sql: "INSERT INTO meta (name, value) VALUES ('head', ?)", arguments: [head.text])
    }

    private func add(_ row: Row, behind head: LogHead) throws -> LogHead {
        let content = EntryContent(
            offset: row[0],
            recordedAtMs: row[1],
            type: row[2],
            signalID: row[3],
            version: row[4],
            user: row[6],
            payload: row[5]
        )
        let next = head.followed(by: content)
        let isBehindHole = content.offset != head.offset.value + 1
        try db.cachedStatement(sql: "UPDATE event SET user = ?, hash = ?, previous_hash = ? WHERE offset = ?").execute(
            arguments: [content.user, next.hash.data, isBehindHole ? head.hash.data : nil, content.offset]
        )
        return next
    }

    /// ``Event/user`` as the versions before this one wrote events.
    private static let user = """
        CASE WHEN type IN ('signal_approved', 'signal_rejected') AND json_valid(payload)
        THEN json_extract(payload, '$.decision.decidedBy') END
        """
}
