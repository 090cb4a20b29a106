import Domain
import Foundation
import GRDB
import SeededRandom
import Storage
import StorageContract
import Testing

@testable import StorageSQLite

/// What is found when somebody changes the file of a log (APR-18).
struct ChainTests {
    private static let late = Timestamp(milliseconds: .max)

    /// Twelve entries, of which 1, 3, 5 and 7 were trimmed: 2, 4 and 6 are kept for ever, and the log begins at 8.
    private static func withTrimmedLog(_ body: (String) async throws -> Void) async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let (one, other) = (SignalID(), SignalID())
            _ = try await store.append([
                Append(Samples.notice("1"), Samples.received(one), Samples.notice("3"), Samples.approved(one)),
                Append(Samples.notice("5"), Samples.received(other), Samples.notice("7"), Samples.notice("8")),
                Append(Samples.executed(one), Samples.notice("10"), Samples.approved(other), Samples.notice("12")),
            ])
            try await store.save(Samples.checkpoint(at: 12))
            _ = try await store.trim(through: Offset(7), recordedBefore: late, limit: 100)
            try await store.verify()
            try await store.close()
            try await body(path)
        }
    }

    private static func tamper(_ path: String, _ sql: String) async throws {
        try await DatabaseQueue(path: path).write { db in try db.execute(sql: sql) }
    }

    @Test func `an untouched log is whole, and says where it ends`() async throws {
        try await Self.withTrimmedLog { path in
            let verdict = try LogFile(readingAt: path).verify()
            #expect(verdict.fault == nil)
            #expect(verdict.entries == 8 && verdict.oldest == 8)
            #expect(verdict.head?.offset == Offset(12) && verdict.head?.keptOffset == Offset(11))
        }
    }

    @Test(arguments: [
        (
            "UPDATE event SET payload = replace(payload, 'auction', 'Auction') WHERE offset = 10",
            ChainFault.Kind.changed, 10
        ),
        ("UPDATE event SET payload = replace(payload, 'alice', 'mallo') WHERE offset = 4", .changed, 4),
        ("UPDATE event SET recorded_at = recorded_at + 1 WHERE offset = 12", .changed, 12),
        ("UPDATE event SET type = 'alert' WHERE offset = 8", .changed, 8),
        ("UPDATE event SET user = 'mallory' WHERE offset = 11", .changed, 11),
        ("UPDATE event SET user = NULL WHERE offset = 4", .changed, 4),
        ("UPDATE event SET version = 7 WHERE offset = 9", .changed, 9),
        ("UPDATE event SET signal_id = 'x' WHERE offset = 6", .changed, 6),
        ("UPDATE event SET hash = randomblob(32) WHERE offset = 9", .changed, 9),
        ("UPDATE event SET hash = NULL WHERE offset = 9", .changed, 9),
        ("UPDATE event SET hash = 7 WHERE offset = 12", .changed, 12),
        ("UPDATE event SET previous_hash = randomblob(32) WHERE offset = 4", .changed, 4),
        ("UPDATE event SET previous_hash = NULL WHERE offset = 8", .changed, 8),
        ("UPDATE event SET previous_hash = randomblob(32) WHERE offset = 10", .changed, 10),
        ("UPDATE event SET payload = CAST(x'FF00' AS TEXT) WHERE offset = 10", .changed, 10),
        ("UPDATE event SET recorded_at = 'noon' WHERE offset = 10", .changed, 10),
        ("DELETE FROM event WHERE offset = 10", .missing, 10),
        ("DELETE FROM event WHERE offset = 12", .missing, 12),
        ("DELETE FROM event WHERE offset >= 11", .missing, 11),
        ("DELETE FROM event WHERE offset = 8", .missing, 8),
        ("DELETE FROM event", .missing, 8),
        // The one before it is gone and has left no hole, since the log was trimmed there.
        ("DELETE FROM event WHERE offset = 4", .changed, 6),
        ("DELETE FROM event WHERE offset < 8", .changed, 8),
        ("UPDATE meta SET value = '7' WHERE name = 'oldest_offset'", .missing, 7),
        ("UPDATE meta SET value = '9' WHERE name = 'oldest_offset'", .inserted, 8),
        ("UPDATE meta SET value = '13' || substr(value, 3) WHERE name = 'head'", .missing, 13),
        ("UPDATE meta SET value = 'nonsense' WHERE name = 'head'", .missing, 12),
        (
            """
            INSERT INTO event (offset, recorded_at, type, payload, hash)
            SELECT 13, recorded_at, type, payload, randomblob(32) FROM event WHERE offset = 12
            """,
            .changed, 13
        ),
        (
            """
            INSERT INTO event (offset, recorded_at, type, payload, hash, previous_hash)
            SELECT 5, recorded_at, type, payload, hash, previous_hash FROM event WHERE offset = 8
            """,
            .inserted, 5
        ),
        (
            """
            UPDATE event SET offset = -1 WHERE offset = 8;
            UPDATE event SET offset = 8 WHERE offset = 9;
            UPDATE event SET offset = 9 WHERE offset = -1
            """,
            .changed, 8
        ),
        (
            """
            UPDATE event SET offset = -1 WHERE offset = 9;
            UPDATE event SET offset = 9 WHERE offset = 10;
            UPDATE event SET offset = 10 WHERE offset = -1
            """,
            .order, 9
        ),
    ])
    func `verifying names the first bad entry and what is wrong with it`(
        _ tampering: String,
        _ kind: ChainFault.Kind,
        _ offset: Int64
    ) async throws {
        try await Self.withTrimmedLog { path in
            try await Self.tamper(path, tampering)
            let fault = try #require(try LogFile(readingAt: path).verify().fault)
            #expect(fault.kind == kind && fault.offset == offset, "\(fault)")
            #expect(fault.description.hasPrefix("Entry \(offset) "))
        }
    }

    @Test func `an entry that is forged with a hash of its own is found by the next one`() async throws {
        try await Self.withTrimmedLog { path in
            // Kept for ever, and put where the log was trimmed, so that no offset and no hole tells of it.
            try await DatabaseQueue(path: path).write { db in
                let kept = try #require(try Data.fetchOne(db, sql: "SELECT hash FROM event WHERE offset = 2"))
                let row = try #require(
                    try Row.fetchOne(
                        db,
                        sql: "SELECT \(StoredEntry.columns) FROM event WHERE offset = 9"
                    )
                )
                let copied = try #require(StoredEntry.content(row))
                let forged = EntryContent(
                    offset: 3,
                    recordedAtMs: copied.recordedAtMs,
                    type: copied.type,
                    signalID: nil,
                    version: nil,
                    user: nil,
                    payload: copied.payload
                )
                let previous = try #require(LogHash(kept))
                let hash = forged.hash(after: previous, kept: previous)
                try db.execute(
                    sql: """
                        INSERT INTO event (offset, recorded_at, type, payload, hash)
                        SELECT 3, recorded_at, type, payload, ? FROM event WHERE offset = 9
                        """,
                    arguments: [hash.data]
                )
            }
            let fault = try #require(try LogFile(readingAt: path).verify().fault)
            #expect(fault.kind == .inserted && fault.offset == 3, "\(fault)")
        }
    }

    @Test func `a log that was made anew from end to end is found by a hash that was noted, and only by that`()
        async throws
    {
        try await Self.withTrimmedLog { path in
            let noted = try #require(try LogFile(readingAt: path).verify().head)
            try await DatabaseQueue(path: path).write { db in
                try db.execute(
                    sql: """
                        UPDATE event SET payload = replace(payload, 'alice', 'mallory') WHERE offset = 4;
                        DELETE FROM meta WHERE name = 'head';
                        """
                )
                try ChainMigration(db: db).run()
            }
            let file = try LogFile(readingAt: path)
            #expect(try file.verify().fault == nil)
            #expect(try file.verify(expecting: noted.hash).fault?.kind == .missing)
            #expect(try file.verify(expecting: noted.keptHash).fault?.kind == .missing)
        }
    }

    @Test func `a hash that was noted is found although the log has gone on`() async throws {
        try await Self.withTrimmedLog { path in
            let noted = try #require(try LogFile(readingAt: path).verify().head)
            let store = try SQLiteStore(path: path)
            _ = try await store.append([Append(Samples.received()), Append(Samples.notice("on"))])
            // While the desk has it open.
            let file = try LogFile(readingAt: path)
            let verdict = try file.verify(expecting: noted.hash)
            #expect(verdict.fault == nil && verdict.head?.offset == Offset(14))
            #expect(try file.verify(expecting: noted.keptHash).fault == nil)
            try await store.close()
        }
    }

    @Test(arguments: ["DELETE FROM event WHERE offset = 12", "UPDATE event SET hash = zeroblob(32) WHERE offset = 12"])
    func `nothing is written behind an end that is not as it was left`(_ tampering: String) async throws {
        try await Self.withTrimmedLog { path in
            try await Self.tamper(path, tampering)
            let refused = #expect(throws: StoreError.self) { try SQLiteStore(path: path) }
            #expect(refused?.code == .corrupted)
            #expect(refused?.message.contains("countersign audit verify") == true)
        }
    }

    @Test func `a running desk notices that its last event was taken away`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append([Append(Samples.notice("1"), Samples.notice("2"))])
            try await store.pool.write { db in try db.execute(sql: "DELETE FROM event WHERE offset = 2") }
            let refused = await #expect(throws: StoreError.self) {
                try await store.append([Append(Samples.notice("3"))])
            }
            #expect(refused?.code == .corrupted)
            await #expect(throws: StoreError.self) { try await store.verify() }
        }
    }

    @Test func `a byte that is flipped in any field of any entry is found, and no entry before it is blamed`()
        async throws
    {
        try await Self.withTrimmedLog { path in try Self.flipFields(path) }
    }

    private static func flipFields(_ path: String) throws {
        let fields = ["payload", "type", "recorded_at", "signal_id", "version", "user", "hash", "previous_hash"]
        var generator = SeededGenerator(seed: 5)
        let queue = try DatabaseQueue(path: path)
        for _ in 0..<300 {
            let field = fields.randomElement(using: &generator)!
            try queue.writeWithoutTransaction { db in
                try db.inTransaction {
                    guard let offset = try flip(field, in: db, using: &generator) else { return .rollback }
                    let fault = try ChainReader(db: db).verify(expecting: nil).fault
                    #expect(fault?.offset == offset, "\(field) of \(offset): \(String(describing: fault))")
                    return .rollback
                }
            }
        }
    }

    /// Flips one bit, keeping the kind of value the field has, as a failing disk would.
    ///
    /// - Returns: where; `nil` when no entry has the field.
    private static func flip(_ field: String, in db: Database, using generator: inout SeededGenerator) throws -> Int64?
    {
        let sql = "SELECT offset, CAST(\(field) AS BLOB), typeof(\(field)) FROM event WHERE \(field) IS NOT NULL"
        guard let row = try Row.fetchAll(db, sql: sql).randomElement(using: &generator) else { return nil }
        let (offset, kind): (Int64, String) = (row[0], row[2])
        if kind == "integer" {
            let bit = Int64(1) << Int64.random(in: 0..<62, using: &generator)
            // A XOR that SQLite does not have.
            try db.execute(
                sql: "UPDATE event SET \(field) = (\(field) | ?1) - (\(field) & ?1) WHERE offset = ?2",
                arguments: [bit, offset]
            )
            return offset
        }
        var bytes: Data = row[1]
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        let value = kind == "text" ? "CAST(? AS TEXT)" : "?"
        try db.execute(sql: "UPDATE event SET \(field) = \(value) WHERE offset = ?", arguments: [bytes, offset])
        return offset
    }

    @Test func `a byte that is flipped in the file is found wherever it changes what the log says`() async throws {
        try await Self.withTrimmedLog { path in
            var generator = SeededGenerator(seed: 8)
            let whole = try Data(contentsOf: URL(filePath: path))
            let said = try Self.content(path)
            var (changed, found) = (0, 0)
            // Most of the file is what no entry says: other tables, and room in their pages.
            for _ in 0..<3_000 where changed <= 20 {
                var bytes = whole
                bytes[Int.random(in: 100..<bytes.count, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
                let copy = path + ".copy"
                try bytes.write(to: URL(filePath: copy))
                for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
                guard (try? Self.content(copy)) != said else { continue }
                changed += 1
                do {
                    let file = try LogFile(readingAt: copy)
                    let isFound = try file.verify().fault != nil || !file.complaintsAboutFile().isEmpty
                    if isFound { found += 1 }
                } catch {
                    // It does not even open, or cannot be read on.
                    found += 1
                }
            }
            #expect(changed > 20 && found == changed)
        }
    }

    /// Every field of every entry, as bytes.
    private static func content(_ path: String) throws -> [[DatabaseValue]] {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration).read { db in
            let sql = "SELECT \(StoredEntry.columns), hash, previous_hash FROM event ORDER BY offset"
            return try Row.fetchAll(db, sql: sql).map { Array($0.databaseValues) }
        }
    }

    @Test func `what is no desk's database, or not there, is refused with what to do`() async throws {
        try await withDatabasePath { path in
            let missing = #expect(throws: StoreError.self) { try LogFile(readingAt: path) }
            #expect(missing?.message.contains("--database") == true)
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT)") }
            let foreign = #expect(throws: StoreError.self) { try LogFile(readingAt: path) }
            #expect(foreign?.code == .corrupted)
        }
    }

    @Test func `everything asked for is handed over, over many pages`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            _ = try await store.append(
                (1...1200).map { Append(Samples.notice("\($0)")) } + [Append(Samples.received())]
            )
            var query = LogQuery(entriesMax: 1)
            query.order = .oldest
            query.scannedMax = 700
            var offsets: [Int64] = []
            try LogFile(readingAt: path).forEach(query) { entry in offsets.append(entry.content.offset) }
            #expect(offsets == Array(1...1201))
            query.types = ["signal_received"]
            offsets = []
            try LogFile(readingAt: path).forEach(query) { entry in offsets.append(entry.content.offset) }
            #expect(offsets == [1201])
            try await store.close()
        }
    }
}
