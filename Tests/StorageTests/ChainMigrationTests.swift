import Domain
import Foundation
import GRDB
import Storage
import StorageContract
import Testing

@testable import StorageSQLite

/// Logs from before the hash chain get one, and keep everything (schema v5).
struct ChainMigrationTests {
    /// As version 4 made it: trimmed up to 3, with the received and the approved signal kept from before.
    private static let version4 = """
        PRAGMA application_id = 1129531214;
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES
            ('v1 log'), ('v2 versions are in the log'), ('v3 the log may be trimmed'), ('v4 who has read what');
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
        INSERT INTO meta VALUES ('epoch', 'q3J-x_0aB1cD2eF4'), ('oldest_offset', '5');
        CREATE TABLE event (
            offset INTEGER PRIMARY KEY,
            recorded_at INTEGER NOT NULL,
            type TEXT NOT NULL,
            signal_id TEXT,
            version INTEGER,
            payload TEXT NOT NULL
        );
        CREATE UNIQUE INDEX event_by_signal ON event (signal_id, version) WHERE signal_id IS NOT NULL;
        CREATE TABLE receipt (
            scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, first_offset INTEGER, last_offset INTEGER,
            recorded_at INTEGER NOT NULL, PRIMARY KEY (scope, key)
        );
        CREATE INDEX receipt_by_age ON receipt (recorded_at);
        CREATE TABLE checkpoint (
            offset INTEGER PRIMARY KEY, version INTEGER NOT NULL, checksum TEXT NOT NULL, body TEXT NOT NULL
        );
        CREATE TABLE reader (
            user TEXT NOT NULL PRIMARY KEY, epoch TEXT NOT NULL, known_since INTEGER NOT NULL,
            acknowledged INTEGER NOT NULL, last_seen_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    private static let id = "0a9c3c52-6b1d-4f0e-9b42-6c0a5d6e7f80"

    private static func makeVersion4(_ path: String) async throws -> [RecordedEvent] {
        let signal = SignalID(id)!
        let events = [
            (1, Samples.received(signal)), (3, Samples.approved(signal)), (5, Samples.notice("five")),
            (6, Samples.executed(signal)), (7, Samples.notice("\u{1F680} \"seven\"")),
        ].map { RecordedEvent(offset: Offset($0), recordedAt: Samples.monday, event: $1) }
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: version4)
            for event in events {
                let stored = EventFormat().encode(event.event)
                try db.execute(
                    sql: "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        event.offset.value, event.recordedAt.milliseconds, stored.type,
                        event.event.signal?.id.description, event.event.signal?.version,
                        String(decoding: stored.payload, as: UTF8.self),
                    ]
                )
            }
        }
        try queue.close()
        return events
    }

    @Test func `a trimmed log of version 4 becomes a chain with nothing lost`() async throws {
        try await withDatabasePath { path in
            let events = try await Self.makeVersion4(path)
            let store = try SQLiteStore(path: path)
            #expect(store.epoch == Epoch("q3J-x_0aB1cD2eF4"))
            #expect(try await store.extent() == Extent(oldest: Offset(5), newest: Offset(7)))
            var query = LogQuery(entriesMax: 10)
            query.order = .oldest
            let entries = try await store.entries(query).entries
            #expect(entries.map(\.recorded) == events)
            // What follows on what was let go follows on what is left before it.
            #expect(entries.map(\.previousHash) == [.beginning] + entries.dropLast().map(\.hash))
            query.user = UserName("alice")
            #expect(try await store.entries(query).entries.map(\.offset) == [Offset(3)])
            #expect(try LogFile(readingAt: path).verify().fault == nil)

            let next = try await store.append([Append(Samples.notice("eight"))]).events
            #expect(next.map(\.offset) == [Offset(8)])
            #expect(try await store.head().offset == Offset(8))
            #expect(try LogFile(readingAt: path).verify().entries == 6)
            try await store.close()
        }
    }

    @Test func `an empty database of version 4 begins its chain at the beginning`() async throws {
        try await withDatabasePath { path in
            try await DatabaseQueue(path: path).write { db in try db.execute(sql: Self.version4) }
            let store = try SQLiteStore(path: path)
            #expect(try await store.head() == .beginning)
            try await store.close()
        }
    }

    @Test func `more entries than the migration reads at once are chained one by one`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append((1...2500).map { Append(Samples.notice("\($0)")) })
            let head = try await store.head()
            try await store.close()
            try await DatabaseQueue(path: path).write { db in
                try db.execute(sql: "UPDATE event SET hash = NULL, user = NULL; DELETE FROM meta WHERE name = 'head'")
                try ChainMigration(db: db).run()
            }
            let verdict = try LogFile(readingAt: path).verify()
            #expect(verdict.fault == nil && verdict.entries == 2500 && verdict.head == head)
        }
    }

    @Test func `a log that an older version wrote is not verified but brought to this version first`() async throws {
        try await withDatabasePath { path in
            _ = try await Self.makeVersion4(path)
            let refused = #expect(throws: StoreError.self) { try LogFile(readingAt: path) }
            #expect(refused?.message.contains("Start the desk on it") == true)
        }
    }
}
