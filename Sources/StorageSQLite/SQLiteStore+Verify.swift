import Domain
import GRDB
package import Storage

extension SQLiteStore {
    /// Reads the whole file and throws `corrupted`, with what is wrong, unless it is sound: SQLite's own check, the hash chain,
    /// no hole in the offsets from where the log begins, none in the versions of any signal, and, once the log was trimmed, a
    /// checkpoint that leads on to its beginning.
    package func verify() async throws(StoreError) {
        let complaints = try await complaintsAboutFile() + complaintsAboutCheckpoints()
        guard complaints.isEmpty else {
            throw StoreError(
                .corrupted,
                "The database is damaged: \(complaints.joined(separator: "; ")). Restore it from a backup."
            )
        }
    }

    private func complaintsAboutFile() async throws(StoreError) -> [String] {
        try await read { [format] db in
            var complaints = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            if let fault = try ChainReader(db: db).verify(expecting: nil).fault { complaints.append("\(fault)") }
            let extent = try LogReader(db, format).extent()
            let count = try Int64.fetchOne(
                db,
                sql: "SELECT count(*) FROM event WHERE offset >= ?",
                arguments: [extent.oldest.value]
            )
            let span = extent.newest.value - extent.oldest.value + 1
            if let count, count != span { complaints.append("\(span - count) offsets have no event") }
            let broken = try String.fetchAll(
                db,
                sql: """
                    SELECT signal_id FROM event WHERE signal_id IS NOT NULL
                    GROUP BY signal_id HAVING count(*) <> max(version) OR min(version) <> 1
                    """
            )
            return complaints + broken.map { "the signal \($0) has versions without an event" }
        }
    }

    private func complaintsAboutCheckpoints() async throws(StoreError) -> [String] {
        let extent = try await extent()
        guard extent.oldest > Offset.start.next else { return [] }
        for offset in try await checkpoints() where offset.next >= extent.oldest && offset <= extent.newest {
            guard let checkpoint = try? await checkpoint(at: offset) else { continue }
            let signals = try await events(at: checkpoint.signals)
            if Projection(checkpoint, signals: signals) != nil { return [] }
        }
        return ["the log begins at \(extent.oldest), and no checkpoint that leads there can be read"]
    }
}
