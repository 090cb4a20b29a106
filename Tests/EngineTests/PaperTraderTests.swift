import Domain
import Engine
import Logging
import Realtime
import Storage
import StorageSQLite
import Testing

/// Decided signals are followed until it is known what they would have made, and then the log says so (APR-19).
@Suite(.timeLimit(.minutes(5))) struct PaperTraderTests {
    /// A desk with a trader on paper beside it, in memory.
    private struct Running {
        let desk: Desk
        let trader: PaperTrader
        let backplane: LocalBackplane
        let prices: PriceBook
        let clock: ManualClock

        func decided(_ decide: (SignalID) -> Command) async throws -> SignalID {
            let id = SignalID()
            #expect(await desk.ask(.receive(id, PaperTraderTests.proposal)).isDone)
            #expect(await desk.ask(decide(id)).isDone)
            return id
        }

        /// As a source reports it: remembered, and told to all.
        func price(_ text: String, ageMs: Int64 = 0) {
            guard let price = Quantity(text) else { preconditionFailure("\(text) is no price") }
            let told = Price(
                symbol: Sample.symbol(),
                price: price,
                change: 0,
                changePct: 0,
                volume: 0,
                bid: nil,
                ask: nil,
                at: clock.now().advanced(byMilliseconds: -ageMs)
            )
            prices.record([told])
            backplane.publish(.prices([told]))
        }

        func result(_ id: SignalID) async throws -> PaperResult? { try await desk.signal(id)?.paperResult }
    }

    private static var proposal: Proposal {
        var proposal = Proposal(symbol: Sample.symbol(), side: .buy, source: "tests")
        (proposal.entryPrice, proposal.stopLoss, proposal.targetPrice) = (
            Quantity("150.25"), Quantity("149.50"), Quantity("152.75")
        )
        return proposal
    }

    private static func with(
        _ store: any EventStore & PaperTradeStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        limits: PaperTrader.Limits = PaperTrader.Limits(),
        desk deskLimits: Desk.Limits = Desk.Limits(),
        logger: Logger = .silent,
        _ body: (Running) async throws -> Void
    ) async throws {
        let backplane = LocalBackplane()
        let prices = PriceBook()
        let desk = Desk(
            store: store,
            backplane: backplane,
            prices: prices,
            clock: clock,
            limits: deskLimits,
            logger: .silent
        )
        try await desk.recover()
        let trader = PaperTrader(
            desk: desk,
            store: store,
            backplane: backplane,
            prices: prices,
            clock: clock,
            limits: limits,
            logger: logger
        )
        try await trader.recover()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await desk.run() }
            defer { group.cancelAll() }
            try await body(
                Running(desk: desk, trader: trader, backplane: backplane, prices: prices, clock: clock)
            )
        }
    }

    @Test func `a rejected signal that would have won says so, and nothing else about it changes`() async throws {
        try await Self.with { running in
            let id = try await running.decided { Sample.reject($0) }
            let decided = try await running.desk.signal(id)
            running.price("150.25")
            running.clock.jump(milliseconds: 60_000)
            running.price("152.75")
            await running.trader.check()
            let signal = try #require(try await running.desk.signal(id))
            #expect(signal.paperResult?.r?.text == "3.33" && signal.paperResult?.ending == .target)
            #expect(signal.paperResult?.endedAt == signal.paperResult?.startedAt.advanced(byMilliseconds: 60_000))
            #expect(signal.status == .rejected && signal.decision == decided?.decision)
            #expect(running.trader.standing.following == 0)
            await running.trader.check()
            #expect(try await running.desk.signal(id)?.version == 3)
        }
    }

    @Test func `what expired or was withdrawn is followed as well`() async throws {
        try await Self.with { running in
            let withdrawn = try await running.decided { .withdraw($0, Command.Report(by: "tests")) }
            let id = SignalID()
            var proposal = Self.proposal
            proposal.expiresAt = Sample.now.advanced(byMilliseconds: 1_000)
            #expect(await running.desk.ask(.receive(id, proposal)).isDone)
            running.clock.jump(milliseconds: 1_000)
            #expect(await running.desk.ask(.expire(id)).isDone)
            running.price("150.25")
            running.price("149.50")
            await running.trader.check()
            #expect(try await running.result(withdrawn)?.r?.text == "-1.00")
            #expect(try await running.result(id)?.r?.text == "-1.00")
        }
    }

    @Test func `an approval is followed from its release on, and not when it is undone`() async throws {
        try await Self.with { running in
            let id = try await running.decided { Sample.approve($0) }
            #expect(running.trader.standing.following == 0)
            #expect(await running.desk.ask(Sample.undo(id)).isDone)
            #expect(await running.desk.ask(Sample.approve(id)).isDone)
            running.clock.jump(milliseconds: 5_000)
            #expect(await running.desk.ask(.release(id)).isDone)
            #expect(running.trader.standing.following == 1)
            running.price("150.25")
            running.price("152.75")
            await running.trader.check()
            let signal = try #require(try await running.desk.signal(id))
            #expect(signal.paperResult?.ending == .target && signal.paperResult?.startedAt == signal.releasedAt)
            #expect(await running.desk.ask(.reportExecuted(id)).isDone)
        }
    }

    @Test func `a fresh price of the moment of the decision says on which side the market was`() async throws {
        try await Self.with { running in
            running.price("150.00")
            let breakout = try await running.decided { Sample.reject($0) }
            running.price("150.40")
            running.price("152.75")
            await running.trader.check()
            #expect(try await running.result(breakout)?.entryPrice == Quantity("150.40"))
            // An old one says nothing: the first that follows does.
            running.price("150.00")
            running.clock.jump(milliseconds: 60_001)
            let unknown = try await running.decided { Sample.reject($0) }
            running.price("150.40")
            running.price("152.75")
            await running.trader.check()
            #expect(try await running.result(unknown)?.ending == .notFilled)
        }
    }

    @Test func `when the time is over what is open is marked, and what never came is told`() async throws {
        try await Self.with { running in
            running.price("150.25")
            let open = try await running.decided { Sample.reject($0) }
            running.price("150.60")
            let waiting = try await running.decided { Sample.reject($0) }
            running.price("151.00")
            running.clock.jump(milliseconds: 24 * 3_600_000 - 1)
            await running.trader.check()
            #expect(try await running.result(open) == nil)
            running.clock.jump(milliseconds: 1)
            await running.trader.check()
            #expect(try await running.result(open)?.ending == .time)
            #expect(try await running.result(open)?.r?.text == "1.00")
            #expect(try await running.result(waiting)?.ending == .notFilled)
        }
    }

    @Test func `a clock that is set does not end what is followed`() async throws {
        try await Self.with { running in
            let id = try await running.decided { Sample.reject($0) }
            running.clock.set(byMilliseconds: 48 * 3_600_000)
            await running.trader.check()
            #expect(try await running.result(id) == nil && running.trader.standing.following == 1)
        }
    }

    @Test func `without prices that is what the log says`() async throws {
        try await Self.with { running in
            let id = try await running.decided { Sample.reject($0) }
            running.clock.jump(milliseconds: 24 * 3_600_000)
            await running.trader.check()
            #expect(try await running.result(id)?.ending == .noPrices)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a restart goes on where it was, and says for how long nobody watched`(_ kind: StoreKind) async throws {
        try await kind.withPaperStore { store in
            let clock = ManualClock()
            var ids: [SignalID] = []
            try await Self.with(store, clock: clock) { running in
                running.price("150.60")
                ids.append(try await running.decided { Sample.reject($0) })
                running.price("150.20")
                ids.append(try await running.decided { Sample.reject($0) })
                await running.trader.check()
            }
            clock.jump(milliseconds: 90_000)
            try await Self.with(store, clock: clock) { running in
                #expect(running.trader.standing.following == 2)
                // The first is in the market since before; the second waits below its entry.
                running.price("152.75")
                await running.trader.check()
                let first = try #require(try await running.result(ids[0]))
                #expect(first.ending == .target && first.r?.text == "3.33" && first.unwatchedSeconds == 90)
                #expect(first.enteredAt == Sample.now)
                #expect(try await running.result(ids[1])?.ending == .notFilled)
            }
            try await Self.with(store, clock: clock) { running in
                #expect(running.trader.standing.following == 0)
            }
        }
    }

    @Test func `what was killed before it was saved is begun anew from the log`() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        var id = SignalID()
        try await Self.with(store, clock: clock) { running in
            id = try await running.decided { Sample.reject($0) }
            running.price("150.25")
        }
        clock.jump(milliseconds: 3_600_000)
        try await Self.with(store, clock: clock) { running in
            running.price("150.25")
            running.price("149.50")
            await running.trader.check()
            let result = try #require(try await running.result(id))
            #expect(result.r?.text == "-1.00" && result.unwatchedSeconds == 3_600)
            #expect(result.startedAt == Sample.now)
        }
    }

    @Test func `what is over when the desk comes back is marked to the last price that was saved`() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        var ids: [SignalID] = []
        try await Self.with(store, clock: clock) { running in
            ids.append(try await running.decided { Sample.reject($0) })
            running.price("150.25")
            running.price("151.00")
            await running.trader.check()
            ids.append(try await running.decided { Sample.reject($0) })
        }
        clock.jump(milliseconds: 25 * 3_600_000)
        try await Self.with(store, clock: clock) { running in
            await running.trader.check()
            let saved = try await running.result(ids[0])
            #expect(saved?.r?.text == "1.00" && saved?.unwatchedSeconds == 25 * 3_600)
            // Never saved and too old: nothing is made up.
            let old = try await running.result(ids[1])
            #expect(old == nil && running.trader.standing.following == 0)
        }
    }

    @Test func `a result that the store did not take is written at the next check`() async throws {
        let scripted = FailingPaper()
        try await Self.with(scripted) { running in
            let id = try await running.decided { Sample.reject($0) }
            running.price("150.25")
            running.price("149.50")
            scripted.events.next(.fail)
            await running.trader.check()
            #expect(try await running.result(id) == nil && running.trader.standing.following == 1)
            await running.trader.check()
            #expect(try await running.result(id)?.r?.text == "-1.00" && running.trader.standing.following == 0)
        }
    }

    @Test func `too many at once are counted, told in the log and not followed`() async throws {
        var limits = PaperTrader.Limits()
        limits.tradesMax = 2
        try await Self.with(limits: limits) { running in
            for _ in 0..<3 { _ = try await running.decided { Sample.reject($0) } }
            #expect(running.trader.standing == PaperTrader.Standing(following: 2, passedOver: 1))
        }
    }

    @Test func `a desk that is to follow nothing follows nothing`() async throws {
        var limits = PaperTrader.Limits()
        limits.followMs = 0
        try await Self.with(limits: limits) { running in
            _ = try await running.decided { Sample.reject($0) }
            running.price("150.25")
            await running.trader.check()
            #expect(running.trader.standing.following == 0)
        }
    }

    @Test func `as a service it writes results by itself`() async throws {
        let clock = ManualClock()
        try await Self.with(clock: clock) { running in
            let id = try await running.decided { Sample.reject($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await running.trader.run() }
                defer { group.cancelAll() }
                running.price("150.25")
                running.price("149.50")
                while try await running.result(id) == nil { await clock.turn(milliseconds: 1_000) }
            }
            #expect(try await running.result(id)?.r?.text == "-1.00")
        }
    }
}

/// A store whose log fails when it is told to.
private final class FailingPaper: EventStore, PaperTradeStore {
    let events: ScriptedStore
    private let base = MemoryStore()

    init() { events = ScriptedStore(base) }

    var epoch: Epoch { base.epoch }

    func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] { try await events.append(batch) }
    func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] {
        try await base.events(after: position, limit: limit)
    }
    func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] { try await base.events(of: signal) }
    func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent] { try await base.events(at: offsets) }
    func extent() async throws(StoreError) -> Extent { try await base.extent() }
    func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? { try await base.receipt(for: key) }
    func forgetReceipts(before moment: Timestamp) async throws(StoreError) {}
    func head() async throws(StoreError) -> LogHead { try await base.head() }
    func entries(_ query: LogQuery) async throws(StoreError) -> LogPage { try await base.entries(query) }
    func save(_ checkpoint: Checkpoint) async throws(StoreError) {}
    func checkpoints() async throws(StoreError) -> [Offset] { [] }
    func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint { try await base.checkpoint(at: offset) }
    func trim(through position: Offset, recordedBefore moment: Timestamp, limit: Int) async throws(StoreError)
        -> Extent
    { try await base.extent() }
    func readers() async throws(StoreError) -> [Reader] { [] }
    func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {}
    func paperTrades() async throws(StoreError) -> PaperTrades { try await base.paperTrades() }
    func save(
        paperTrades: [SignalID: PaperTrade],
        forgetting forgotten: [SignalID],
        watchedUntil: Timestamp
    ) async throws(StoreError) {
        try await base.save(paperTrades: paperTrades, forgetting: forgotten, watchedUntil: watchedUntil)
    }
}

extension StoreKind {
    fileprivate func withPaperStore(_ body: (any EventStore & PaperTradeStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        case .sqlite:
            try await Self.withDirectory { directory in
                let store = try SQLiteStore(path: directory + "/desk.sqlite")
                try await body(store)
                try await store.close()
            }
        }
    }
}
