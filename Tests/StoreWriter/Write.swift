import ArgumentParser
import Domain
import Foundation
import SeededRandom
import Storage
import StorageContract
import StorageSQLite

/// Appends batches until it is killed and acknowledges each event once its append has returned: `ack <offset> <id>`.
struct Write: AsyncParsableCommand {
    @Argument var path: String
    @Option(help: "Names this run, so that its events can be told from those of other runs.") var run: String
    @Option var seed: UInt64

    func run() async throws {
        let store = try SQLiteStore(path: path)
        say("open \(store.epoch) \(try await store.extent().newest)")
        var generator = SeededGenerator(seed: seed)
        for number in 0... {
            let batch = (0..<Int.random(in: 1...4, using: &generator)).map { part in
                randomAppend("\(run)-\(number)-\(part)", using: &generator)
            }
            for event in try await store.append(batch).events { say("ack \(event.offset) \(event.event.label)") }
        }
    }

    /// A signal that is received and approved, between notices; sometimes under a key.
    private func randomAppend(_ name: String, using generator: inout SeededGenerator) -> Append {
        let id = SignalID()
        var events = [Samples.received(id), Samples.approved(id)]
        for extra in 0..<Int.random(in: 0...3, using: &generator) {
            events.insert(Samples.notice("\(name)-\(extra)"), at: Int.random(in: 0...events.count, using: &generator))
        }
        return Append(
            events: events,
            recordedAt: Timestamp(Date()),
            expectedVersions: [id: 0],
            receipt: Bool.random(using: &generator) ? Append.NewReceipt(name) : nil
        )
    }
}

func say(_ line: String) {
    print(line)
    fflush(nil)
}
