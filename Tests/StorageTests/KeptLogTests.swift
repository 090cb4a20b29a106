import Domain
import Engine
import Foundation
import Logging
import Realtime
import SeededRandom
import Storage
import StorageContract
import StorageSQLite
import Testing

/// What a desk that stores checkpoints and trims its log all the time leaves behind when it is killed (GAP-12).
struct KeptLogTests {
    /// As in `StoreWriter keep`.
    private static let settledSignalsMax = 20
    private static let eventsMin = 60

    /// What the processes said.
    private struct Told: Sendable {
        var events: [Offset: RecordedEvent] = [:]
        var offsetsByKey: [String: [Offset]] = [:]
        var oldest = Offset.start.next
    }

    @Test func `SIGKILL while the log is trimmed loses nothing that is kept and leaves a start as from the whole log`()
        async throws
    {
        try await withDatabasePath { path in
            var generator = SeededGenerator(seed: 12)
            var told = Told()
            for round in 0..<10 {
                let lines = Int.random(in: 1...400, using: &generator)
                let said = try await onThread { try Self.live(path, round: round, killAfter: lines) }
                for line in said { try Self.note(line, in: &told) }
                try await Self.verify(path, &told)
            }
            #expect(told.oldest.value > 100, "nothing was trimmed")
        }
    }

    /// One process: it opens what the last one left, runs a desk, and is killed after so many lines.
    private static func live(_ path: String, round: Int, killAfter count: Int) throws -> [String] {
        let desk = try WriterProcess("keep", path, "--run", "r\(round)", "--seed", "\(round)")
        var lines: [String] = []
        while lines.count < count, let line = desk.nextLine() { lines.append(line) }
        desk.kill9()
        lines += desk.remainingLines()
        #expect(desk.end() == (.uncaughtSignal, SIGKILL))
        return lines
    }

    private static func note(_ line: String, in told: inout Told) throws {
        let words = line.split(separator: " ", maxSplits: 4).map(String.init)
        switch (words.first, words.count) {
        case ("event", 5):
            let event = RecordedEvent(
                offset: Offset(try #require(Int64(words[1]))),
                recordedAt: Timestamp(milliseconds: try #require(Int64(words[2]))),
                event: try EventFormat().decode(.init(type: words[3], payload: Data(words[4].utf8)))
            )
            #expect(told.events.updateValue(event, forKey: event.offset) == nil, "one offset was given out twice")
        case ("key", 3):
            told.offsetsByKey[words[1]] = words[2].split(separator: ",").compactMap { Int64($0) }.map(Offset.init)
        case ("oldest", 2): told.oldest = max(told.oldest, Offset(try #require(Int64(words[1]))))
        case ("open", 2): break
        default: Issue.record("the desk said: \(line)")
        }
    }

    private static func verify(_ path: String, _ told: inout Told) async throws {
        let store = try SQLiteStore(path: path)
        try await store.verify()
        let extent = try await store.extent()
        #expect(extent.oldest >= told.oldest)
        #expect(extent.newest.value - extent.oldest.value + 1 >= min(Int64(eventsMin), extent.newest.value))
        told.oldest = extent.oldest

        let log = try await whole(store, extent, &told)
        let byID = Dictionary(grouping: log.filter { $0.event.signal != nil }) { $0.event.signal?.id }
        for case (let id?, let events) in byID { #expect(try await store.events(of: id) == events) }
        for (key, offsets) in told.offsetsByKey {
            let receipt = try await store.receipt(for: IdempotencyKey(scope: "user:alice", key: key))
            #expect(receipt == nil || receipt?.events.map(\.offset) == offsets)
        }
        try await verifyStart(store, log)
        try await store.close()
    }

    /// Every event there ever was: what was told, and what had no time to be told and so cannot have been trimmed yet.
    private static func whole(
        _ store: SQLiteStore,
        _ extent: Extent,
        _ told: inout Told
    ) async throws -> [RecordedEvent] {
        let replayed = try await store.events(after: Offset(extent.oldest.value - 1), limit: .max)
        #expect(replayed.map(\.offset.value) == Array(extent.oldest.value...extent.newest.value))
        // Expired signals are told by nobody, but kept.
        let kept = try await store.events(at: (1...extent.newest.value).map { Offset($0) })
        for event in replayed + kept {
            let known = told.events.updateValue(event, forKey: event.offset)
            #expect(known == nil || known == event)
        }
        let log = told.events.values.sorted { $0.offset < $1.offset }
        #expect(log.map(\.offset.value) == Array(1...extent.newest.value), "an event is missing")
        return log
    }

    /// A desk that starts now is the one that the whole log adds up to.
    private static func verifyStart(_ store: SQLiteStore, _ log: [RecordedEvent]) async throws {
        var expected = Projection(decidedMax: settledSignalsMax)
        for event in log { expected.apply(event) }
        var limits = Desk.Limits()
        limits.settledSignalsMax = settledSignalsMax
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let desk = Desk(store: store, backplane: LocalBackplane(), limits: limits, logger: logger)
        try await desk.recover()
        #expect(await desk.checkpoint == expected.checkpoint)
        #expect(await desk.pendingCount == expected.pendingCount)
        let changes = await desk.changes(after: .start).signals
        #expect(changes.map(\.signal) == expected.signals(changedAfter: .start).map(\.signal))
    }
}
