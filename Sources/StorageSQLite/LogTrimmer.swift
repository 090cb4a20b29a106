import Domain
import GRDB
import Storage

/// Lets go of the beginning of the log, within one transaction.
struct LogTrimmer {
    let db: Database
    let reader: LogReader

    /// Moves the beginning on by at most `limit` offsets; see ``EventStore/trim(through:recordedBefore:limit:)``.
    func trim(through position: Offset, recordedBefore moment: Timestamp, limit: Int) throws {
        let oldest = try reader.oldest()
        guard let checkpoint = try CheckpointTable(db: db).offsets().last else { return }
        let last = min(position.value, checkpoint.value, try reader.newest().value - 1)
        let count = min(Int64(limit), last - oldest.value + 1)
        guard count > 0 else { return }
        let end = Offset(oldest.value + count)
        let beginning = try firstToStay(from: oldest, before: end, recordedBefore: moment)
        guard beginning > oldest else { return }
        try keepHashes(from: oldest, to: beginning)
        try db.execute(
            sql: "DELETE FROM event WHERE offset >= ? AND offset < ? AND type IN (\(Self.trimmedTypes))",
            arguments: [oldest.value, beginning.value]
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

    /// The first event in the range that is young enough to stay, or that a receipt may stand for; `end` when there is none.
    /// Receipts are recorded at the moment of their events, so nothing older than the oldest receipt has one.
    private func firstToStay(from oldest: Offset, before end: Offset, recordedBefore moment: Timestamp) throws -> Offset
    {
        let oldestReceipt = try Int64.fetchOne(db, sql: "SELECT min(recorded_at) FROM receipt")
        let stays = try Int64.fetchOne(
            db,
            sql: "SELECT min(offset) FROM event WHERE offset >= ? AND offset < ? AND recorded_at >= ?",
            arguments: [oldest.value, end.value, min(moment.milliseconds, oldestReceipt ?? .max)]
        )
        return stays.map(Offset.init) ?? end
    }

    private static let trimmedTypes = EventFormat.trimmedTypes.map { "'\($0)'" }.joined(separator: ", ")
}
