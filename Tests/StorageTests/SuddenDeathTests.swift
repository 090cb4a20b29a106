import Domain
import Foundation
import SeededRandom
import Storage
import StorageContract
import StorageSQLite
import Testing

/// What survives a process that is killed while it writes. (A kill leaves what was handed to the kernel; that commits also
/// survive a loss of power rests on `synchronous=FULL`, which `SQLiteStoreTests` checks.)
struct SuddenDeathTests {
    private struct Life: Sendable {
        var epoch = ""
        /// The end of the log when this process opened it.
        var openedAt = Offset.start
        /// Label by offset.
        var acknowledged: [Int64: String] = [:]
        var wasKilled = false
    }

    @Test func `SIGKILL while writing loses no acknowledged event, doubles none and leaves no hole`() async throws {
        try await withDatabasePath { path in
            var generator = SeededGenerator(seed: 19)
            var acknowledged: [Int64: String] = [:]
            var lives: [Life] = []
            for round in 0..<10 {
                let acknowledgements = Int.random(in: 1...400, using: &generator)
                let life = try await onThread {
                    try Self.live(path, round: round, killAfter: acknowledgements)
                }
                #expect(life.wasKilled)
                #expect(life.acknowledged.count >= acknowledgements)
                acknowledged.merge(life.acknowledged) { _, _ in
                    Issue.record("one offset was given out twice")
                    return ""
                }
                lives.append(life)
                try await verify(path, acknowledged, in: life)
            }
            #expect(Set(lives.map(\.epoch)).count == 1)
        }
    }

    /// One process: it opens what the last one left, writes, and is killed after so many acknowledgements.
    private static func live(_ path: String, round: Int, killAfter acknowledgements: Int) throws -> Life {
        let writer = try WriterProcess("write", path, "--run", "r\(round)", "--seed", "\(round)")
        var life = Life()
        while life.acknowledged.count < acknowledgements, let line = writer.nextLine() { note(line, in: &life) }
        writer.kill9()
        // What it still said before it died was acknowledged as well.
        for line in writer.remainingLines() { note(line, in: &life) }
        life.wasKilled = writer.end() == (.uncaughtSignal, SIGKILL)
        return life
    }

    private static func note(_ line: String, in life: inout Life) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let offset = words[0] == "open" ? Int64(words[2]) : Int64(words[1]) else {
            Issue.record("the writer said: \(line)")
            return
        }
        if words[0] == "open" {
            (life.epoch, life.openedAt) = (words[1], Offset(offset))
        } else {
            life.acknowledged[offset] = words[2]
        }
    }

    private func verify(_ path: String, _ acknowledged: [Int64: String], in life: Life) async throws {
        let store = try SQLiteStore(path: path)
        try await store.verify()
        let events = try await store.events(after: .start, limit: .max)
        #expect(store.epoch.text == life.epoch)
        #expect(events.map(\.offset.value) == Array(1...Int64(events.count)))
        #expect(Set(events.map(\.event.label)).count == events.count, "an event is in the log twice")
        for (offset, label) in acknowledged {
            let stored = events.indices.contains(Int(offset) - 1) ? events[Int(offset) - 1].event.label : "nothing"
            #expect(stored == label, "offset \(offset) was acknowledged as \(label)")
        }
        #expect(life.openedAt.value < acknowledged.keys.max() ?? 0)
        try await verifyWholeAppends(events)
        try await store.close()
    }

    /// The writer receives and approves each signal in one append: half of that must never be found.
    private func verifyWholeAppends(_ events: [RecordedEvent]) async throws {
        let received = Set(events.compactMap { $0.event.signal?.version == 1 ? $0.event.signal?.id : nil })
        let approved = Set(events.compactMap { $0.event.signal?.version == 2 ? $0.event.signal?.id : nil })
        #expect(received == approved)
    }
}
