import GRDB
package import Storage

extension SQLiteStore {
    /// Reads the whole file and throws `corrupted`, with what is wrong, unless it is sound: SQLite's own check, no hole in
    /// the offsets, and every signal at the version of its newest event.
    package func verify() async throws(StoreError) {
        let complaints = try await read { db in
            var complaints = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let extent = try Row.fetchOne(db, sql: "SELECT count(*), max(offset) - min(offset) + 1 FROM event")
            if let extent, let span = extent[1] as Int64?, span != extent[0] {
                complaints.append("\(span - extent[0]) offsets have no event")
            }
            let misplaced = try String.fetchAll(
                db,
                sql: """
                    SELECT s.signal_id FROM signal_version s
                    WHERE s.version IS NOT (SELECT max(e.version) FROM event e WHERE e.signal_id = s.signal_id)
                    """
            )
            return complaints + misplaced.map { "the signal \($0) is not at the version of its newest event" }
        }
        guard complaints.isEmpty else {
            throw StoreError(
                .corrupted,
                "The database is damaged: \(complaints.joined(separator: "; ")). Restore it from a backup."
            )
        }
    }
}
