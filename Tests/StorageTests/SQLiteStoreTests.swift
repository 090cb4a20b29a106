import Domain
import Foundation
import GRDB
import Storage
import StorageContract
import Testing

@testable import StorageSQLite

/// What the SQLite store promises beyond the contract of every store.
struct SQLiteStoreTests {
    @Test func `reopening keeps every event, receipt and version, and the epoch`() async throws {
        try await withDatabasePath { path in
            let id = SignalID()
            let first = try SQLiteStore(path: path)
            let stored = try await first.append([Append(Samples.received(id), Samples.notice("n"), under: .init("k"))])
            try await first.close()

            let second = try SQLiteStore(path: path)
            #expect(second.epoch == first.epoch)
            #expect(try await second.events(after: .start, limit: 10) == stored.events)
            let receipt = try await second.receipt(for: IdempotencyKey(scope: "user:alice", key: "k"))
            #expect(receipt?.events == stored.events)
            let again = try await second.append([Append(Samples.received(id)), Append(Samples.approved(id))])
            #expect(again[0] == .conflict(id, storedVersion: 1))
            #expect(again.events.map(\.offset) == [Offset(3)])
        }
    }

    @Test func `every new database has an epoch of its own (C3)`() async throws {
        try await withTemporaryDirectory { directory in
            let epochs = try (0..<20).map {
                try SQLiteStore(path: directory.appending(path: "\($0)").path).epoch.text
            }
            #expect(Set(epochs).count == 20)
            #expect(epochs.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{16}/) != nil })
        }
    }

    @Test func `every commit is synced to the disk`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let (synchronous, journal) = try await store.pool.writeWithoutTransaction { db in
                (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
            }
            let full = 2
            #expect(synchronous == full)
            #expect(journal == "wal")
        }
    }

    @Test func `closing leaves one file with everything in it`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append([Append(Samples.notice("n"))])
            try await store.close()
            let wal = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
            #expect(wal == nil || wal == 0)
            let events = try await DatabaseQueue(path: path).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM event")
            }
            #expect(events == 1)
        }
    }

    @Test func `a closed store refuses instead of crashing`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            try await store.close()
            let append = await #expect(throws: StoreError.self) {
                try await store.append([Append(Samples.notice("n"))])
            }
            #expect(append?.code == .unavailable)
            let read = await #expect(throws: StoreError.self) { try await store.extent() }
            #expect(read?.code == .unavailable)
        }
    }

    @Test func `a second server cannot open the same log, until the first one is gone`() async throws {
        try await withDatabasePath { path in
            let first = try SQLiteStore(path: path)
            let refused = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(refused?.code == .unavailable)
            #expect(refused?.message.contains("process \(getpid())") == true)

            try await first.close()
            let second = try SQLiteStore(path: path)
            #expect(second.epoch == first.epoch)
        }
    }

    @Test(arguments: 1...4)
    func `a database of an older version is brought to this one with everything in it`(version: Int) async throws {
        try await withDatabasePath { path in
            let id = SignalID()
            let store = try SQLiteStore(path: path)
            let stored = try await store.append([Append(Samples.received(id), Samples.notice("n"), under: .init("k"))])
            try await store.close()
            try await DatabaseQueue(path: path).write { db in try Self.takeBack(db, toVersion: version, knowing: id) }

            let reopened = try SQLiteStore(path: path)
            #expect(reopened.epoch == store.epoch)
            try await reopened.verify()
            #expect(try await reopened.extent() == Extent(oldest: Offset(1), newest: Offset(2)))
            #expect(try await reopened.events(after: .start, limit: 10) == stored.events)
            let again = try await reopened.append([Append(Samples.received(id)), Append(Samples.approved(id))])
            #expect(again[0] == .conflict(id, storedVersion: 1))
            #expect(again.events.map(\.offset) == [Offset(3)])
            try await reopened.save(Samples.checkpoint(at: 3))
            #expect(try await reopened.checkpoints() == [Offset(3)])
            #expect(try await reopened.readers() == [])
            try await reopened.save(readers: [Samples.reader("ann", acknowledged: 3)], forgetting: [])
            #expect(try await reopened.readers() == [Samples.reader("ann", acknowledged: 3)])
        }
    }

    /// Makes the tables those of an older version.
    private static func takeBack(_ db: Database, toVersion version: Int, knowing id: SignalID) throws {
        try db.execute(
            sql: """
                DELETE FROM grdb_migrations WHERE identifier LIKE 'v6 %';
                DROP TABLE webhook_endpoint;
                DROP TABLE dead_letter;
                """
        )
        guard version < 5 else { return }
        try db.execute(
            sql: """
                DELETE FROM grdb_migrations WHERE identifier LIKE 'v5 %';
                DROP INDEX event_by_user;
                DROP INDEX event_by_time;
                ALTER TABLE event DROP COLUMN user;
                ALTER TABLE event DROP COLUMN hash;
                ALTER TABLE event DROP COLUMN previous_hash;
                DELETE FROM meta WHERE name = 'head';
                """
        )
        guard version < 4 else { return }
        try db.execute(
            sql: """
                DELETE FROM grdb_migrations WHERE identifier LIKE 'v4 %';
                DROP TABLE reader;
                """
        )
        guard version < 3 else { return }
        try db.execute(
            sql: """
                DELETE FROM grdb_migrations WHERE identifier LIKE 'v3 %';
                DROP TABLE checkpoint;
                DELETE FROM meta WHERE name = 'oldest_offset';
                """
        )
        guard version == 1 else { return }
        try db.execute(
            sql: """
                DELETE FROM grdb_migrations WHERE identifier LIKE 'v2 %';
                CREATE TABLE signal_version (signal_id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL)
                WITHOUT ROWID;
                INSERT INTO signal_version VALUES ('\(id)', 1);
                """
        )
    }

    @Test func `a log that was given another epoch has no readers, and theirs go with the next`() async throws {
        try await withDatabasePath { path in
            let first = try SQLiteStore(path: path)
            let readers = ["ann", "bo"].map { Samples.reader($0, acknowledged: 7) }
            try await first.save(readers: readers, forgetting: [])
            try await first.close()
            let file = try DatabaseQueue(path: path)
            try await file.write { db in try db.execute(sql: "UPDATE meta SET value = 'other' WHERE name = 'epoch'") }

            let second = try SQLiteStore(path: path)
            #expect(try await second.readers() == [])
            try await second.save(readers: [Samples.reader("ann", acknowledged: 1)], forgetting: [])
            #expect(try await second.readers() == [Samples.reader("ann", acknowledged: 1)])
            #expect(try await file.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM reader") } == 1)
        }
    }

    @Test func `the version before this one refuses a database that may be trimmed`() async throws {
        try await withDatabasePath { path in
            try await SQLiteStore(path: path).close()
            var migrator = DatabaseMigrator()
            for migration in ["v1 log", "v2 versions are in the log"] { migrator.registerMigration(migration) { _ in } }
            let isRefused = try await DatabaseQueue(path: path).read { [migrator] db in
                try migrator.hasBeenSuperseded(db)
            }
            #expect(isRefused)
        }
    }

    @Test func `a database of a newer version is refused with what to do`() async throws {
        try await withDatabasePath { path in
            try await SQLiteStore(path: path).close()
            try await DatabaseQueue(path: path).write { db in
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99 from the future')")
            }
            let refused = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(refused?.code == .tooNew)
            #expect(refused?.message.contains("Start that version") == true)
        }
    }

    @Test func `an event of a newer version is refused, not skipped`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append([Append(Samples.notice("n"))])
            try await store.pool.write { try $0.execute(sql: "UPDATE event SET type = 'telepathy'") }
            let refused = await #expect(throws: StoreError.self) { try await store.events(after: .start, limit: 1) }
            #expect(refused?.code == .tooNew)
        }
    }

    @Test func `a database of another program is left alone`() async throws {
        try await withDatabasePath { path in
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT)") }
            let refused = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(refused?.code == .corrupted)
            let tables = try await DatabaseQueue(path: path).read {
                try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            #expect(tables == ["recipe"])
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withDatabasePath { path in
            try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
            let refused = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(refused?.code == .corrupted)
        }
    }

    @Test func `a directory that does not exist is named`() async throws {
        let refused = #expect(throws: StoreError.self) { try SQLiteStore(path: "/no/such/directory/log.sqlite") }
        #expect(refused?.code == .unavailable)
        #expect(refused?.message.contains("/no/such/directory") == true)
    }

    @Test func `a damaged event is reported with its offset`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append([Append(Samples.notice("a"), Samples.notice("b"))])
            try await store.pool.write { try $0.execute(sql: "UPDATE event SET payload = '{' WHERE offset = 2") }
            #expect(try await store.events(after: .start, limit: 1).count == 1)
            let refused = await #expect(throws: StoreError.self) { try await store.events(after: .start, limit: 2) }
            #expect(refused?.code == .corrupted)
            #expect(refused?.message.contains("Event 2") == true)
        }
    }

    @Test func `verifying finds a missing event and a hole in the versions of a signal`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let id = SignalID()
            _ = try await store.append([Append(Samples.notice("n"), Samples.received(id), Samples.approved(id))])
            try await store.verify()
            try await store.pool.write { try $0.execute(sql: "DELETE FROM event WHERE offset = 2") }
            let refused = await #expect(throws: StoreError.self) { try await store.verify() }
            #expect(refused?.code == .corrupted)
            #expect(refused?.message.contains("1 offsets have no event") == true)
            #expect(refused?.message.contains(id.description) == true)
        }
    }

    @Test func `verifying a trimmed log finds a hole behind its beginning, and a missing checkpoint`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append((1...10).map { Append(Samples.notice("\($0)")) })
            try await store.save(Samples.checkpoint(at: 9))
            _ = try await store.trim(through: Offset(5), recordedBefore: Timestamp(milliseconds: .max), limit: 10)
            try await store.verify()
            try await store.pool.write { db in
                try db.execute(sql: "DELETE FROM event WHERE offset = 8; UPDATE checkpoint SET body = body || ' '")
            }
            let refused = await #expect(throws: StoreError.self) { try await store.verify() }
            #expect(refused?.message.contains("1 offsets have no event") == true)
            #expect(refused?.message.contains("no checkpoint that leads there") == true)
        }
    }

    @Test(arguments: [
        ("UPDATE checkpoint SET body = replace(body, '9', '8')", StoreError.Code.corrupted),
        ("UPDATE checkpoint SET body = substr(body, 1, length(body) - 1)", .corrupted),
        ("UPDATE checkpoint SET checksum = '0'", .corrupted),
        ("UPDATE checkpoint SET offset = 8", .corrupted),
        ("UPDATE checkpoint SET version = 99", .tooNew),
    ])
    func `a checkpoint that is not as it was saved is refused`(_ damage: String, _ code: StoreError.Code) async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            try await store.save(Samples.checkpoint(at: 9))
            try await store.pool.write { db in try db.execute(sql: damage) }
            let offset = try #require(try await store.checkpoints().first)
            let refused = await #expect(throws: StoreError.self) { try await store.checkpoint(at: offset) }
            #expect(refused?.code == code)
        }
    }

    @Test func `a checkpoint of another log is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let stores = try ["a", "b"].map { try SQLiteStore(path: directory.appending(path: $0).path) }
            try await stores[0].save(Samples.checkpoint(at: 9))
            let copied = try await stores[0].pool.read { db in try CheckpointTable(db: db).stored(at: Offset(9)) }
            let stored = try #require(copied)
            try await stores[1].pool.write { db in try CheckpointTable(db: db).save(stored, at: Offset(9)) }
            let refused = await #expect(throws: StoreError.self) { try await stores[1].checkpoint(at: Offset(9)) }
            #expect(refused?.message.contains("another log") == true)
        }
    }

    @Test func `the database itself refuses a second decision on one version`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let id = SignalID()
            _ = try await store.append([Append(Samples.received(id), Samples.approved(id))])
            // A bug that loses sight of the version must not lose the promise with it.
            let refused = await #expect(throws: DatabaseError.self) {
                try await store.pool.write { db in
                    try db.execute(
                        sql: """
                            INSERT INTO event (offset, recorded_at, type, signal_id, version, payload)
                            SELECT offset + 1, recorded_at, type, signal_id, version, payload FROM event WHERE offset = 2
                            """
                    )
                }
            }
            #expect(refused?.resultCode == .SQLITE_CONSTRAINT)
            #expect(try await store.events(of: id).count == 2)
        }
    }

    @Test func `reads do not wait for a writer that waits for the file`() async throws {
        try await withDatabasePath { path in
            // The writer is to wait until it is let in, however long other tests keep the threads.
            let store = try SQLiteStore(path: path, busyTimeoutMs: 60_000)
            _ = try await store.append([Append(Samples.notice("before"))])
            let tool = try await Self.lock(path)
            async let waiting = store.append([Append(Samples.notice("after"))])
            for _ in 0..<20 { #expect(try await store.events(after: .start, limit: 10).count == 1) }
            try await tool.writeWithoutTransaction { db in try db.rollback() }
            #expect(try await waiting.events.map(\.offset) == [Offset(2)])
        }
    }

    @Test func `a file locked for longer than the timeout stores nothing, and works again afterwards`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path, busyTimeoutMs: 1)
            let tool = try await Self.lock(path)
            let refused = await #expect(throws: StoreError.self) {
                try await store.append([Append(Samples.notice("n"))])
            }
            #expect(refused?.code == .unavailable)
            try await tool.writeWithoutTransaction { db in try db.rollback() }
            #expect(try await store.append([Append(Samples.notice("n"))]).events.map(\.offset) == [Offset(1)])
        }
    }

    @Test func `an append whose task was cancelled still runs to its end`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let append = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await store.append([Append(Samples.notice("n"))])
            }
            #expect(try await append.value.events.count == 1)
            #expect(try await store.extent().newest == Offset(1))
        }
    }

    @Test func `more receipts are forgotten than one transaction takes`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let count = SQLiteStore.forgottenPerTransactionMax * 2 + 1
            _ = try await store.append((0..<count).map { Append(under: .init("k\($0)")) })
            try await store.forgetReceipts(before: Samples.monday.advanced(byMilliseconds: 1))
            let left = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM receipt") }
            #expect(left == 0)
        }
    }

    /// Another program that keeps the write lock until it rolls back.
    private static func lock(_ path: String) async throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let tool = try DatabaseQueue(path: path, configuration: configuration)
        try await tool.writeWithoutTransaction { db in try db.beginTransaction(.immediate) }
        return tool
    }
}
