import GRDB
package import Storage

extension SQLiteStore {
    /// Reads the whole file and throws `corrupted`, with what is wrong, unless it is sound: SQLite's own check, no hole in
    /// the offsets, and none in the versions of any signal.
    package func verify() async throws(StoreError) {
        let complaints = try await read { db in
            var complaints = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let extent = try Row.fetchOne(db, sql: "SELECT count(*), max(offset) - min(offset) + 1 FROM event")
            if let extent, let span = extent[1] as Int64?, span != extent[0] {
                complaints.append("\(span - extent[0]) offsets have no event")
            }
            let broken = try String.fetchAll(
                db,
                sql: """
                    SELECT signal_id FROM event WHERE signal_id IS NOT NULL
                    GROUP BY signal_id HAVING count(*) <> max(version) OR min(version) <> 1
                    """
            )
            return complaints + broken.map { "the signal \($0) has versions without an event" }
        }
        guard complaints.isEmpty else {
            throw StoreError(
                .corrupted,
                "The database is damaged: \(complaints.joined(separator: "; ")). Restore it from a backup."
            )
        }
    }
}
