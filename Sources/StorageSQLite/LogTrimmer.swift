import Domain
import GRDB
import Storage

/// Lets go of the beginning of the log, within one transaction.
struct LogTrimmer {
    let db: Database
    let reader: LogReader

    /// Moves the beginning on by at most `limit` offsets; see ``EventStore/trim(through:recordedBefore:limit:)``.
    func trim(through position: Offset, recordedBefore moment: Timestamp, limit: Int) throws {
        let extent = try reader.extent()
        let range = TrimmedRange(
            through: position,
            recordedBefore: moment,
            limit: limit,
            of: extent,
            checkpoint: try CheckpointTable(db: db).offsets().last,
            oldestReceipt: try oldestReceipt()
        )
        guard let range else { return }
        let beginning = try firstToStay(of: range, from: extent.oldest)
        guard beginning > extent.oldest else { return }
        try keepHashes(from: extent.oldest, to: beginning)
        try db.execute(
            sql: "DELETE FROM event WHERE offset >= ? AND offset < ? AND type IN (\(Self.trimmedTypes))",
            arguments: [extent.oldest.value, beginning.value]
        )
        try db.execute(
            sql: "UPDATE meta SET value = ? WHERE name = 'oldest_offset'",
            arguments: [beginning.description]
        )
    }

    /// Whatever stays and follows on an entry that goes keeps its hash, so that the chain can still be verified.
    private func keepHashes(from oldest: Offset, to beginning: Offset) throws {
        try db.execute(
            sql: """
                UPDATE event SET previous_hash = gone.hash FROM event AS gone
                WHERE event.offset > ? AND event.offset <= ? AND gone.offset = event.offset - 1
                    AND gone.type IN (\(Self.trimmedTypes))
                    AND (event.offset = ? OR event.type NOT IN (\(Self.trimmedTypes)))
                """,
            arguments: [oldest.value, beginning.value, beginning.value]
        )
    }

    private func oldestReceipt() throws -> Timestamp? {
        try Int64.fetchOne(db, sql: "SELECT min(recorded_at) FROM receipt").map { Timestamp(milliseconds: $0) }
    }

    /// The first event in the range that is young enough to stay; its end when there is none.
    private func firstToStay(of range: TrimmedRange, from oldest: Offset) throws -> Offset {
        let stays = try Int64.fetchOne(
            db,
            sql: "SELECT min(offset) FROM event WHERE offset >= ? AND offset < ? AND recorded_at >= ?",
            arguments: [oldest.value, range.end.value, range.recordedBefore.milliseconds]
        )
        return stays.map(Offset.init) ?? range.end
    }

    private static let trimmedTypes = EventFormat.trimmedTypes.map { "'\($0)'" }.joined(separator: ", ")
}
