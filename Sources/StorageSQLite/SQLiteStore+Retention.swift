package import Domain
import GRDB
package import Storage

/// How the log stays short: see ``EventStore``.
extension SQLiteStore {
    package func save(_ checkpoint: Checkpoint) async throws(StoreError) {
        // Here and not in the transaction, so that the writer only writes.
        let stored = try checkpoints.encode(checkpoint)
        try await write { db in
            try db.inTransaction(.immediate) {
                try CheckpointTable(db: db).save(stored, at: checkpoint.offset)
                return .commit
            }
        }
    }

    package func checkpoints() async throws(StoreError) -> [Offset] {
        try await read { db in try CheckpointTable(db: db).offsets() }
    }

    package func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint {
        guard let stored = try await read({ db in try CheckpointTable(db: db).stored(at: offset) }) else {
            throw StoreError(.corrupted, "There is no checkpoint at \(offset).")
        }
        let checkpoint = try checkpoints.decode(stored)
        guard checkpoint.offset == offset else {
            throw StoreError(.corrupted, "The checkpoint at \(offset) is one of \(checkpoint.offset).")
        }
        return checkpoint
    }

    package func trim(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Extent {
        try await write { [format] db in
            let reader = LogReader(db, format)
            try db.inTransaction(.immediate) {
                let trimmer = LogTrimmer(db: db, reader: reader)
                try trimmer.trim(through: position, recordedBefore: moment, limit: limit)
                return .commit
            }
            return try reader.extent()
        }
    }

    private var checkpoints: CheckpointFormat { CheckpointFormat(events: format, epoch: epoch) }
}
