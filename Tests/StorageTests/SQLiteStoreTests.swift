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

    @Test func `a database of the first version is brought to this one with everything in it`() async throws {
        try await withDatabasePath { path in
            let id = SignalID()
            let store = try SQLiteStore(path: path)
            let stored = try await store.append([Append(Samples.received(id), Samples.notice("n"), under: .init("k"))])
            try await store.close()
            try await DatabaseQueue(path: path).write { db in
                try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE 'v2 %'")
                try db.execute(
                    sql: """
                        CREATE TABLE signal_version (signal_id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL)
                        WITHOUT ROWID;
                        INSERT INTO signal_version VALUES ('\(id)', 1);
                        """
                )
            }

            let reopened = try SQLiteStore(path: path)
            #expect(reopened.epoch == store.epoch)
            try await reopened.verify()
            #expect(try await reopened.events(after: .start, limit: 10) == stored.events)
            let again = try await reopened.append([Append(Samples.received(id)), Append(Samples.approved(id))])
            #expect(again[0] == .conflict(id, storedVersion: 1))
            #expect(again.events.map(\.offset) == [Offset(3)])
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
            let store = try SQLiteStore(path: path)
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
