import ArgumentParser
import Domain
import Engine
import Foundation
import Logging
import Realtime
import SeededRandom
import Storage
import StorageContract
import StorageSQLite

/// Runs a desk whose log is trimmed and whose checkpoints are stored all the time, until it is killed. Says of every request
/// that was answered `event <offset> <recorded at> <type> <payload>` for each of its events, and `key <key> <offsets>` when
/// it was made under one.
struct Keep: AsyncParsableCommand {
    @Argument var path: String
    @Option(help: "Names this run, so that its events can be told from those of other runs.") var run: String
    @Option var seed: UInt64

    /// Few, so that signals are forgotten, and much is let go, within seconds.
    static let settledSignalsMax = 20
    static let eventsMin = 60
    private static let askers = 3

    func run() async throws {
        let store = try SQLiteStore(path: path)
        let logger = Logger(label: "keep") { _ in SwiftLogNoOpLogHandler() }
        var deskLimits = Desk.Limits()
        deskLimits.settledSignalsMax = Self.settledSignalsMax
        deskLimits.dueCheckIntervalMs = 5
        let desk = Desk(store: store, backplane: LocalBackplane(), limits: deskLimits, logger: logger)
        try await desk.recover()
        var retention = LogKeeper.Retention()
        retention.eventAgeMinMs = 10
        retention.eventsMin = Self.eventsMin
        retention.receiptAgeMinMs = 50
        var limits = LogKeeper.Limits()
        limits.checkIntervalMs = 1
        limits.checkpointEvents = 10
        limits.trimmedEventsPerTransactionMax = 7
        limits.trimPauseMs = 1
        let keeper = LogKeeper(
            desk: desk,
            store: store,
            retention: retention,
            limits: limits,
            logger: logger,
            onTrim: { say("oldest \($0)") }
        )
        say("open \(try await store.extent().newest)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            group.addTask { try await desk.run() }
            for asker in 0..<Self.askers { group.addTask { await ask(desk, asker) } }
            try await group.waitForAll()
        }
    }

    private func ask(_ desk: Desk, _ asker: Int) async {
        var generator = SeededGenerator(seed: seed &* 10 &+ UInt64(asker))
        var known: [SignalID] = []
        for number in 0... {
            let name = "\(run)-\(asker)-\(number)"
            let commands = randomCommands(name, &known, using: &generator)
            let receipt = Bool.random(using: &generator) ? Append.NewReceipt(name) : nil
            guard let outcome = try? await desk.submit(DeskRequest(commands, receipt: receipt)) else { continue }
            for event in outcome.events {
                let stored = EventFormat().encode(event.event)
                let payload = String(decoding: stored.payload, as: UTF8.self)
                say("event \(event.offset) \(event.recordedAt.milliseconds) \(stored.type) \(payload)")
            }
            if receipt != nil { say("key \(name) \(outcome.events.map(\.offset.description).joined(separator: ","))") }
        }
    }

    private func randomCommands(
        _ name: String,
        _ known: inout [SignalID],
        using generator: inout SeededGenerator
    ) -> [Command] {
        let click = Command.Click(decisionID: DecisionID(name), user: UserName("alice")!)
        if let id = known.randomElement(using: &generator), Bool.random(using: &generator) {
            return switch Int.random(in: 0..<3, using: &generator) {
            case 0: [.approve(.signal(id), as: .buy, click)]
            case 1: [.reject(.signal(id), reason: "no", click)]
            default: [.release(id), .reportExecuted(id)]
            }
        }
        var commands: [Command] = (0..<Int.random(in: 0...4, using: &generator)).map {
            .observe(.notice(Notice(id: "\(name)-\($0)", message: "m", kind: .info)))
        }
        if Bool.random(using: &generator) {
            let id = SignalID()
            var proposal = Samples.proposal(symbol: ["AAPL", "MSFT"].randomElement(using: &generator)!)
            let lifetimeMs = Int64.random(in: 1...60, using: &generator)
            let expires = Int.random(in: 0..<3, using: &generator) == 0
            proposal.expiresAt = expires ? Timestamp(Date()).advanced(byMilliseconds: lifetimeMs) : nil
            commands.append(.receive(id, proposal))
            known.append(id)
        }
        let portfolio = Portfolio(
            totalHeat: Quantity("\(Int.random(in: 1...99, using: &generator))")!,
            availableCapacity: Quantity("1")!,
            timestamp: Samples.monday
        )
        return commands + [.observe(.portfolio(portfolio))]
    }
}
