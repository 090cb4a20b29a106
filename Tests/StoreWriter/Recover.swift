import ArgumentParser
import Domain
import Engine
import Foundation
import Logging
import Realtime
import Storage
import StorageContract
import StorageSQLite

/// Measures by hand how long a desk takes to start from its log, and from a checkpoint of it. Fills the log first.
///
///     swift run -c release StoreWriter recover /tmp/recover.sqlite --events 1000000
struct Recover: AsyncParsableCommand {
    @Argument var path: String
    @Option(help: "How many events the log has, at least: nine signals, received and approved, to each two notices.")
    var events = 1_000_000
    @Option(help: "How many of them lie behind the checkpoint.") var behind = 10_000

    func run() async throws {
        let store = try SQLiteStore(path: path)
        try await fill(store, upTo: Int64(events - behind))
        let fromLog = try await start(store, "from the log")
        let clock = ContinuousClock()
        let checkpoint = await fromLog.checkpoint
        let saving = try await clock.measure { try await store.save(checkpoint) }
        say("checkpoint of \(checkpoint.signals.count) signals saved in \(saving)")
        try await fill(store, upTo: Int64(events))
        _ = try await start(store, "from the checkpoint")
        try await measureTrimming(store)
        try await store.close()
    }

    private func start(_ store: SQLiteStore, _ how: String) async throws -> Desk {
        let logger = Logger(label: "recover") { _ in SwiftLogNoOpLogHandler() }
        let desk = Desk(store: store, backplane: LocalBackplane(), logger: logger)
        let elapsed = try await ContinuousClock().measure { try await desk.recover() }
        say("started \(how) of \(await desk.offset) events in \(elapsed)")
        return desk
    }

    private func fill(_ store: SQLiteStore, upTo newest: Int64) async throws {
        while try await store.extent().newest.value < newest {
            _ = try await store.append(
                (0..<50).map { number in
                    let ids = (0..<9).map { _ in SignalID() }
                    let notices = [Samples.notice("\(number)"), Samples.notice("n")]
                    let signals = ids.flatMap { [Samples.received($0), Samples.approved($0)] }
                    return Append(events: notices + signals, recordedAt: Samples.monday, expectedVersions: [:])
                }
            )
        }
    }

    /// How long the writer is held by one transaction of the size that the desk uses.
    private func measureTrimming(_ store: SQLiteStore) async throws {
        let limit = LogKeeper.Limits().trimmedEventsPerTransactionMax
        var longest = Duration.zero
        var transactions = 0
        let moment = Timestamp(milliseconds: .max)
        for _ in 0..<50 {
            longest = max(
                longest,
                try await ContinuousClock().measure {
                    _ = try await store.trim(through: Offset(.max), recordedBefore: moment, limit: limit)
                }
            )
            transactions += 1
        }
        say("\(transactions) transactions trimmed \(limit) offsets each, the longest in \(longest)")
    }
}
