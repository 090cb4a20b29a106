package import Domain
import Foundation
import GRDB
package import Storage

/// The log in one SQLite file: write-ahead log, one sync per batch.
///
/// A batch is one transaction on the pool's only writer, committed with `synchronous=FULL`. Reads have connections of
/// their own and never wait for it. Calls are not cut short when their task is cancelled: an append that was handed over
/// runs to its end, so its caller always learns what became of it.
///
/// Isolation: immutable; GRDB serialises the writer and hands every read a connection of its own.
package final class SQLiteStore: EventStore {
    package let epoch: Epoch
    let pool: DatabasePool
    private let lock: FileLock
    let format = EventFormat()

    /// How many receipts one transaction forgets, so that appends get their turn in between.
    static let forgottenPerTransactionMax = 1000

    /// Opens the database at `path`, or creates it, and brings it to this version.
    ///
    /// - Parameters:
    ///   - newEpoch: The name of the log if it is created now.
    ///   - busyTimeoutMs: How long a write waits for another program that keeps the file locked, e.g. a backup tool.
    /// - Throws: `unavailable` when the file cannot be written or another process has it open, `tooNew` when a newer
    ///   version wrote it, `corrupted` when it is damaged or of another program.
    package init(path: String, newEpoch: Epoch = .random(), busyTimeoutMs: Int = 5000) throws(StoreError) {
        lock = try FileLock(path: path + ".lock")
        do {
            var configuration = Configuration()
            configuration.label = "log"
            configuration.busyMode = .timeout(Double(busyTimeoutMs) / 1000)
            configuration.foreignKeysEnabled = true
            configuration.prepareDatabase { db in
                // macOS: reach the platter, not only the drive's cache. Elsewhere these do nothing.
                try db.execute(sql: "PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON")
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            // Only now: opening a pool sets NORMAL, which may lose the last commits with the power.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            try Schema.migrate(pool, newEpoch: newEpoch)
            epoch = try pool.read { db in
                try LogReader(db, EventFormat()).requireWholeEnd()
                return try LogFile.epoch(db)
            }
        } catch {
            throw StoreError(driver: error)
        }
    }

    deinit {
        try? pool.close()
        lock.release()
    }

    /// Moves the write-ahead log into the database file, closes it and lets other processes have it. Later calls throw
    /// `unavailable`.
    package func close() async throws(StoreError) {
        try await write { db in _ = try db.checkpoint(.truncate) }
        do {
            try pool.close()
        } catch {
            throw StoreError(driver: error)
        }
        lock.release()
    }

    package func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] {
        // Here and not in the transaction, so that the writer only writes.
        let encoded = batch.map { append in append.events.map(format.encode) }
        return try await write { [encoded, format] db in
            var outcomes: [AppendOutcome] = []
            do {
                try db.inTransaction(.immediate) {
                    var writer = try LogWriter(db, format)
                    outcomes = try zip(batch, encoded).map { append, events in try writer.store(append, as: events) }
                    try writer.finish()
                    return .commit
                }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
                Self.overwriteUnsynced(db)
                throw error
            }
            return outcomes
        }
    }

    /// What was written and could not be synced stands whole in the write-ahead log, although everybody is told that nothing was
    /// stored: whoever opened the file after a kill would find it there. So nothing of importance is written over it, in the
    /// same place. Whether that can be synced does not matter: either is there for the next process.
    private static func overwriteUnsynced(_ db: Database) {
        try? db.inTransaction(.immediate) {
            let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES ('unsynced', lower(hex(randomblob(8))))"
            try db.execute(sql: sql)
            return .commit
        }
    }

    package func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] {
        guard limit > 0 else { return [] }
        return try await read { [format] db in try LogReader(db, format).events(after: position, limit: limit) }
            .decodedInParallel(by: format)
    }

    package func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] {
        try await read { [format] db in try LogReader(db, format).events(of: signal) }.decoded(by: format)
    }

    package func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent] {
        try await read { [format] db in try LogReader(db, format).events(at: offsets) }.decodedInParallel(by: format)
    }

    package func extent() async throws(StoreError) -> Extent {
        try await read { [format] db in try LogReader(db, format).extent() }
    }

    package func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? {
        try await read { [format] db in try LogReader(db, format).receipt(for: key) }
    }

    package func forgetReceipts(before moment: Timestamp) async throws(StoreError) {
        var forgotten = 0
        repeat {
            forgotten = try await write { db in try LogWriter.forgetReceipts(db, before: moment) }
        } while forgotten == Self.forgottenPerTransactionMax
    }

    /// Runs `body` on a reading connection, in a transaction that sees one state of the log.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            pool.asyncRead { db in
                continuation.resume(returning: Result { try body(db.get()) }.mapError(StoreError.init(driver:)))
            }
        }
        return try result.get()
    }

    /// Runs `body` on the writing connection; transactions are its business.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: Result { try body(db) }.mapError(StoreError.init(driver:)))
            }
        }
        return try result.get()
    }
}
