import Domain
import GRDB
import Storage
import StorageSQLite
import Testing

/// What holds for every outbox: endpoints keep their places, and dead letters are kept until they are delivered.
struct WebhookOutboxTests {
    private static let kinds = ["in memory", "SQLite"]

    private static func with(_ kind: String, _ body: (any WebhookOutbox) async throws -> Void) async throws {
        guard kind == "SQLite" else { return try await body(MemoryOutbox()) }
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            try await body(store)
            try await store.close()
        }
    }

    private static func letter(_ endpoint: String, _ offset: Int64, attempts: Int = 8) -> DeadLetter.Content {
        DeadLetter.Content(
            endpoint: endpoint,
            eventID: "epoch-1:\(offset):1769164200000",
            offset: Offset(offset),
            type: "signal_approved",
            signal: offset.isMultiple(of: 2) ? nil : SignalID("550e8400-e29b-41d4-a716-446655440000"),
            attempts: attempts,
            failedAt: Timestamp(milliseconds: 1_769_164_200_000 + offset),
            failure: "it answered 500"
        )
    }

    @Test(arguments: kinds) func `places are kept, replaced and forgotten by name`(_ kind: String) async throws {
        try await Self.with(kind) { outbox in
            #expect(try await outbox.webhookPositions() == [:])
            try await outbox.save(position: Offset(3), of: "broker", dead: nil)
            try await outbox.save(position: Offset(9), of: "journal", dead: nil)
            try await outbox.save(position: Offset(4), of: "broker", dead: nil)
            #expect(try await outbox.webhookPositions() == ["broker": Offset(4), "journal": Offset(9)])
            try await outbox.forgetWebhookPositions(except: ["broker", "other"])
            #expect(try await outbox.webhookPositions() == ["broker": Offset(4)])
        }
    }

    @Test(arguments: kinds) func `dead letters come with the place, page by page, each once`(_ kind: String)
        async throws
    {
        try await Self.with(kind) { outbox in
            for offset in 1...5 as ClosedRange<Int64> {
                let letter = Self.letter(offset == 3 ? "journal" : "broker", offset)
                try await outbox.save(position: letter.offset, of: letter.endpoint, dead: letter)
            }
            try await outbox.save(position: Offset(5), of: "broker", dead: Self.letter("broker", 5, attempts: 1))
            let all = try await outbox.deadLetters(after: 0, limit: 100)
            #expect(all.map(\.content) == [1, 2, 3, 4, 5].map { Self.letter($0 == 3 ? "journal" : "broker", $0) })
            #expect(all.allSatisfy { !$0.isQueued } && Set(all.map(\.id)).count == 5)
            #expect(try await outbox.deadLetters(after: all[1].id, limit: 2) == Array(all[2...3]))
            #expect(try await outbox.deadLetters(after: all[4].id, limit: 2) == [])
            #expect(try await outbox.deadLetterCounts() == ["broker": 4, "journal": 1])
        }
    }

    @Test(arguments: kinds) func `a letter is queued, tried in vain, queued again and gone`(_ kind: String) async throws
    {
        try await Self.with(kind) { outbox in
            for offset in [7, 6, 8] as [Int64] {
                try await outbox.save(position: Offset(offset), of: "broker", dead: Self.letter("broker", offset))
            }
            let ids = try await outbox.deadLetters(after: 0, limit: 9).map(\.id)
            #expect(try await outbox.queueDeadLetter(ids[0])?.isQueued == true)
            #expect(try await outbox.queueDeadLetter(ids[1])?.content == Self.letter("broker", 6))
            #expect(try await outbox.queueDeadLetter(ids[1])?.isQueued == true)
            #expect(try await outbox.queueDeadLetter(999) == nil)
            #expect(
                try await outbox.queuedDeadLetters(of: "broker", limit: 9).map(\.content.offset) == [
                    Offset(6), Offset(7),
                ]
            )
            #expect(try await outbox.queuedDeadLetters(of: "broker", limit: 1).count == 1)
            #expect(try await outbox.queuedDeadLetters(of: "journal", limit: 9) == [])
            try await outbox.settleDeadLetter(ids[1], as: Self.letter("broker", 6, attempts: 9))
            try await outbox.settleDeadLetter(ids[0], as: nil)
            let left = try await outbox.deadLetters(after: 0, limit: 9)
            #expect(left.map(\.id) == [ids[1], ids[2]] && left.map(\.content.attempts) == [9, 8])
            #expect(left.allSatisfy { !$0.isQueued })
        }
    }

    @Test func `they outlive the process, and those of another log are nobody's`() async throws {
        try await withDatabasePath { path in
            let first = try SQLiteStore(path: path)
            try await first.save(position: Offset(5), of: "broker", dead: Self.letter("broker", 5))
            try await first.close()
            let second = try SQLiteStore(path: path)
            #expect(try await second.webhookPositions() == ["broker": Offset(5)])
            #expect(try await second.deadLetters(after: 0, limit: 9).map(\.content) == [Self.letter("broker", 5)])
            try await second.close()
            try await DatabaseQueue(path: path).write { db in
                try db.execute(sql: "UPDATE meta SET value = 'other' WHERE name = 'epoch'")
            }
            let third = try SQLiteStore(path: path)
            #expect(try await third.webhookPositions() == [:])
            #expect(try await third.deadLetters(after: 0, limit: 9).isEmpty)
            #expect(try await third.deadLetterCounts() == [:])
            #expect(try await third.queueDeadLetter(1) == nil)
        }
    }
}
