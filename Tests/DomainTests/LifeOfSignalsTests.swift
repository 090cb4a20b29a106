import Domain
import Foundation
import SeededRandom
import Testing

/// Promises that hold whatever is asked in whatever order: random commands against a naive model.
@Suite struct LifeOfSignalsTests {
    @Test(arguments: 0..<40)
    func `each signal has at most one decision and versions without holes`(_ seed: Int) throws {
        let log = Self.history(seed: UInt64(seed), commands: 400)
        for (_, events) in Self.bySignal(log) {
            let signals = events.compactMap(\.event.signal)
            #expect(signals.map(\.version) == Array(1...signals.count))
            // One decision at a time: another one only after the one before was undone.
            let undone = signals.compactMap(\.undone?.id)
            #expect(Set(signals.compactMap(\.decision?.id)).count <= 1 + Set(undone).count)
            #expect(
                zip(signals, signals.dropFirst()).allSatisfy { before, after in
                    before.status == after.status || before.status.canBecome(after.status)
                }
            )
            let decided = signals.filter { $0.status == .rejected || $0.status.rawValue.hasPrefix("APPROVED_") }
            for signal in decided { #expect(signal.decision.map { $0.decidedAt < Self.expiry(signal) } == true) }
            for signal in signals where signal.status == .executed || signal.status == .failed {
                #expect(signal.releasedAt != nil)
            }
            let released = signals.firstIndex { $0.releasedAt != nil } ?? signals.count
            #expect(signals[released...].allSatisfy { $0.status != .pendingReview })
        }
    }

    @Test(arguments: 0..<40)
    func `the projection is what the log says`(_ seed: Int) throws {
        let log = Self.history(seed: UInt64(seed), commands: 400)
        var desk = Projection()
        for (index, event) in log.enumerated() {
            desk.apply(event)
            if index % 37 == 0 || index == log.count - 1 { Self.compare(desk, with: log.prefix(index + 1)) }
        }
    }

    @Test(arguments: 0..<40)
    func `a projection made of a checkpoint goes on as the one it was made of`(_ seed: Int) throws {
        let log = Self.history(seed: UInt64(seed), commands: 400)
        // So few that signals are forgotten on the way.
        var desk = Projection(decidedMax: 12)
        var again = desk
        for (index, event) in log.enumerated() {
            desk.apply(event)
            again.apply(event)
            guard index % 23 == 0 || index == log.count - 1 else { continue }
            #expect(again.checkpoint == desk.checkpoint)
            #expect(again.pendingCount == desk.pendingCount && again.portfolio == desk.portfolio)
            for symbol in Self.symbols.map({ Sample.symbol($0) }) {
                #expect(again.pending(symbol) == desk.pending(symbol))
            }
            let checkpoint = desk.checkpoint
            let signals = checkpoint.signals.map { log[Int($0.value) - 1] }
            again = try #require(Projection(checkpoint, signals: signals, decidedMax: 12))
        }
        #expect(desk.forgotten.changedAt > .start)
    }

    @Test(arguments: 0..<5)
    func `events survive the log's format`(_ seed: Int) throws {
        let events = Self.history(seed: UInt64(seed), commands: 100).map(\.event)
        let decoded = try JSONDecoder().decode([Event].self, from: JSONEncoder().encode(events))
        #expect(decoded == events)
    }

    // MARK: Histories

    private static let symbols = ["AAPL", "MSFT", "TSLA"]

    /// What the log holds after random commands, most of them refused.
    private static func history(seed: UInt64, commands: Int) -> [RecordedEvent] {
        var random = SeededGenerator(seed: seed)
        var desk = Projection()
        var log: [RecordedEvent] = []
        var ids: [SignalID] = []
        for step in 0..<commands {
            let now = Sample.now.advanced(byMilliseconds: Int64(step) * 100)
            let command = command(ids: &ids, now, using: &random)
            for event in (try? Decider.decide(command, in: desk, at: now)) ?? [] {
                let recorded = RecordedEvent(offset: desk.offset.next, recordedAt: now, event: event)
                desk.apply(recorded)
                log.append(recorded)
            }
        }
        return log
    }

    private static func command(ids: inout [SignalID], _ now: Timestamp, using random: inout SeededGenerator) -> Command
    {
        let symbol = symbols.randomElement(using: &random) ?? "AAPL"
        let user = ["alice", "bob"].randomElement(using: &random) ?? "alice"
        let id = ids.randomElement(using: &random) ?? SignalID()
        let target: Command.Target = Bool.random(using: &random) ? .signal(id) : .symbol(Sample.symbol(symbol))
        switch Int.random(in: 0..<16, using: &random) {
        case 0..<3:
            let new = Int.random(in: 0..<10, using: &random) == 0 ? id : SignalID()
            ids.append(new)
            let lifetime = Int64.random(in: 100...5_000, using: &random)
            let expiresAt = Bool.random(using: &random) ? now.advanced(byMilliseconds: lifetime) : nil
            return .receive(new, Sample.proposal(symbol, expiresAt: expiresAt))
        case 3, 4: return .approve(target, as: Side.allCases.randomElement(using: &random) ?? .buy, Sample.click(user))
        case 5, 6:
            return .reject(target, reason: "no", Sample.click(user, version: Int.random(in: 1...2, using: &random)))
        case 7: return .reportExecuted(id)
        case 10: return .undo(id, Sample.click(user))
        case 11: return .extend(id, minutes: 5, Sample.click(user))
        case 12: return .withdraw(id, Command.Report(by: "tests", reason: "gone"))
        case 13: return .reportFailed(id, Command.Report(by: "broker", reason: "halted"))
        case 14: return .release(id)
        case 15:
            return .measure(id, PaperResult(.noPrices, side: .buy, startedAt: now, endedAt: now))
        case 8: return .expire(id)
        default: return .observe(Sample.notice("\(now)"))
        }
    }

    // MARK: Model

    private static func bySignal(_ log: some Sequence<RecordedEvent>) -> [SignalID: [RecordedEvent]] {
        var grouped: [SignalID: [RecordedEvent]] = [:]
        for event in log { if let id = event.event.signal?.id { grouped[id, default: []].append(event) } }
        return grouped
    }

    private static func expiry(_ signal: Signal) -> Timestamp {
        signal.proposal.expiresAt ?? Timestamp(milliseconds: Int64.max)
    }

    /// Holds everything the projection can be asked against the plain list of events.
    private static func compare(_ desk: Projection, with log: some Sequence<RecordedEvent>) {
        let log = Array(log)
        var latest: [SignalID: RecordedEvent] = [:]
        for event in log { if let id = event.event.signal?.id { latest[id] = event } }
        let signals = latest.values.compactMap(\.event.signal)
        let pending = Set(signals.filter(\.status.isAwaitingApproval))

        #expect(desk.offset == log.last?.offset)
        for signal in signals { #expect(desk.signal(signal.id) == signal) }
        #expect(Set(desk.pendingSignals) == pending)
        #expect(desk.pendingCount == pending.count)
        for symbol in symbols.map({ Sample.symbol($0) }) {
            let received = log.compactMap(\.event.signal).filter { $0.version == 1 && $0.symbol == symbol }
            #expect(
                desk.pending(symbol).map(\.id) == received.map(\.id).filter { id in pending.contains { $0.id == id } }
            )
        }
        let settled = latest.values.sorted { $0.offset < $1.offset }.compactMap(\.event.signal)
            .filter { !$0.status.isAwaitingApproval }.map(\.id)
        #expect(desk.settledSignals(last: 1_000).map(\.id) == settled.reversed())
        #expect(desk.settledSignals(last: 3).map(\.id) == settled.suffix(3).reversed())
        for position in [Offset.start, Offset(Int64(log.count / 2)), desk.offset] {
            let expected = latest.values.filter { $0.offset > position }.sorted { $0.offset < $1.offset }
            let changed = desk.signals(changedAfter: position)
            #expect(changed.map(\.changedAt) == expected.map(\.offset))
            #expect(changed.map(\.signal) == expected.compactMap(\.event.signal))
        }
    }
}
