import Domain
import Engine
import ServiceLifecycle
import Storage
import Synchronization
import Testing

/// When checkpoints are stored, and what is let go and forgotten when (GAP-12, GAP-09).
@Suite(.timeLimit(.minutes(5))) struct LogKeeperTests {
    private static let dayMs: Int64 = 24 * 3_600_000

    /// A checkpoint at every check at which there is something new.
    private static var checkingOften: LogKeeper.Limits {
        var limits = LogKeeper.Limits()
        limits.checkpointEvents = 1
        return limits
    }

    /// A desk with a keeper that has a clock of its own, so that the test knows who sleeps.
    private struct Kept {
        let running: RunningDesk
        let clock: ManualClock
        let beginnings: Beginnings
        let log: RecordingLog

        var desk: Desk { running.desk }
        var store: ScriptedStore { running.store }
        var oldest: Int64 { get async throws { try await store.extent().oldest.value } }
        var checkpoints: [Int64] { get async throws { try await store.checkpoints().map(\.value) } }

        /// So many notices, stored together.
        func notice(_ count: Int, receipt: Append.NewReceipt? = nil) async {
            let answer = await desk.ask((0..<count).map { Sample.notice("\($0)") }, receipt: receipt)
            #expect(answer.isDone, "\(answer)")
        }

        /// Lets the time pass for both, and the keeper check once.
        func turn(milliseconds: Int64) async {
            running.clock.jump(milliseconds: milliseconds)
            await clock.turn(milliseconds: milliseconds)
        }
    }

    private final class Beginnings: Sendable {
        let told = Mutex<[Int64]>([])
    }

    private static func with(
        _ base: any EventStore = MemoryStore(),
        retention: LogKeeper.Retention = .init(),
        limits: LogKeeper.Limits = checkingOften,
        _ body: (Kept) async throws -> Void
    ) async throws {
        try await RunningDesk.with(base) { running in
            let kept = Kept(running: running, clock: ManualClock(), beginnings: Beginnings(), log: RecordingLog())
            let keeper = LogKeeper(
                desk: running.desk,
                store: running.store,
                clock: kept.clock,
                retention: retention,
                limits: limits,
                logger: kept.log.logger,
                onTrim: { [beginnings = kept.beginnings] oldest in
                    beginnings.told.withLock { $0.append(oldest.value) }
                }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await keeper.run() }
                do { try await body(kept) } catch {
                    group.cancelAll()
                    throw error
                }
                group.cancelAll()
            }
        }
    }

    // MARK: Checkpoints

    @Test func `a checkpoint is stored every so many events, and one when it stops`() async throws {
        let store = MemoryStore()
        var limits = LogKeeper.Limits()
        limits.checkpointEvents = 10
        try await Self.with(store, limits: limits) { kept async throws in
            await kept.clock.untilAsleep()
            #expect(try await kept.checkpoints.isEmpty, "there is nothing yet")
            await kept.notice(3)
            await kept.turn(milliseconds: 5_000)
            #expect(try await kept.checkpoints == [3], "there was none")
            await kept.notice(9)
            await kept.turn(milliseconds: 5_000)
            #expect(try await kept.checkpoints == [3])
            await kept.notice(1)
            await kept.turn(milliseconds: 5_000)
            #expect(try await kept.checkpoints == [13, 3])
            await kept.notice(1)
        }
        #expect(try await store.checkpoints() == [Offset(14), Offset(13)])
        try await Self.with(store, limits: limits) { kept async throws in
            #expect(await kept.desk.restoredCheckpoint == Offset(14))
            await kept.clock.untilAsleep()
        }
        #expect(try await store.checkpoints() == [Offset(14), Offset(13)], "nothing has happened in between")
    }

    @Test func `stopped with its desk it keeps what the desk wrote last`() async throws {
        let store = ScriptedStore(MemoryStore())
        let desk = Desk(store: store, backplane: RecordingBackplane(), clock: ManualClock(), logger: .silent)
        try await desk.recover()
        let clock = ManualClock()
        let keeper = LogKeeper(desk: desk, store: store, clock: clock, logger: .silent, onTrim: { _ in })
        let services = ServiceGroup(services: [keeper, desk] as [any Service], logger: .silent)
        async let running: Void = services.run()
        await clock.untilAsleep()
        store.next(.hold)
        async let last = desk.ask(Sample.notice("last"))
        await store.untilHeld()
        await services.triggerGracefulShutdown()
        store.release()
        #expect(await last.isDone)
        try await running
        #expect(try await store.checkpoints() == [Offset(1)])
    }

    @Test func `after a start without a checkpoint that can be read there is one at once`() async throws {
        try await RunningDesk.with { running in
            _ = await running.desk.ask((0..<5).map { Sample.notice("\($0)") })
            try await running.store.save(await running.desk.checkpoint)
            running.store.damageCheckpoint(at: Offset(5))
            _ = await running.desk.ask(Sample.notice("n"))
            try await Self.with(running.store) { kept async throws in
                await kept.clock.untilAsleep()
                #expect(try await kept.checkpoints == [6, 5])
            }
        }
    }

    @Test func `without a checkpoint nothing is let go, and both are tried again`() async throws {
        var retention = LogKeeper.Retention()
        retention.eventsMin = 1
        try await Self.with(retention: retention) { kept async throws in
            kept.store.saves(fail: true)
            await kept.notice(5)
            await kept.turn(milliseconds: 31 * Self.dayMs)
            #expect(try await kept.oldest == 1)
            #expect(kept.log.errors.last == "log could not be kept")
            kept.store.saves(fail: false)
            await kept.turn(milliseconds: 5_000)
            #expect(try await kept.oldest == 5)
        }
    }

    // MARK: Events

    @Test(arguments: StoreKind.allCases)
    func `an event goes when it is older than 30 days and not among the newest so many`(_ kind: StoreKind) async throws
    {
        try await kind.withStore { store in
            var retention = LogKeeper.Retention()
            retention.eventsMin = 10
            try await Self.with(store, retention: retention) { kept async throws in
                await kept.notice(100)
                await kept.turn(milliseconds: 30 * Self.dayMs)
                #expect(try await kept.oldest == 1, "30 days are not more than 30 days")
                await kept.notice(5)
                await kept.turn(milliseconds: 1)
                #expect(try await kept.oldest == 1, "it looks every five seconds")
                await kept.turn(milliseconds: 5_000)
                #expect(try await kept.oldest == 96, "ten are left")
                await kept.notice(100)
                await kept.turn(milliseconds: 5_000)
                #expect(try await kept.oldest == 101, "the five and the hundred are young")
                #expect(kept.beginnings.told.withLock(\.self) == [96, 101])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `much is let go little by little, with pauses`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var retention = LogKeeper.Retention()
            retention.eventsMin = 20
            var limits = Self.checkingOften
            limits.trimmedEventsPerTransactionMax = 25
            try await Self.with(store, retention: retention, limits: limits) { kept async throws in
                let signal = try await kept.running.receive()
                await kept.notice(100)
                await kept.turn(milliseconds: 31 * Self.dayMs)
                var told: [Int64] = [26]
                #expect(try await kept.oldest == 26)
                while try await kept.oldest < 82 {
                    #expect(await kept.desk.ask(Sample.notice("in between")).isDone)
                    await kept.turn(milliseconds: 50)
                    told.append(try await kept.oldest)
                }
                #expect(told == [26, 51, 76, 82], "the newest 20 of when it began")
                #expect(kept.beginnings.told.withLock(\.self) == told)
                #expect(try await kept.running.status(signal) == .pendingReview)
                let events = try await kept.store.events(after: Offset(81), limit: .max)
                #expect(events.count == Int(try await kept.store.extent().newest.value) - 81)
            }
        }
    }

    @Test func `a log that is not longer than is kept is not touched`() async throws {
        var retention = LogKeeper.Retention()
        retention.eventsMin = 5
        try await Self.with(retention: retention) { kept async throws in
            await kept.notice(5)
            await kept.turn(milliseconds: 365 * Self.dayMs)
            #expect(try await kept.oldest == 1 && kept.store.trims == 0)
        }
    }

    // MARK: Keys

    @Test func `a key is kept for a day, and then its request is another one (GAP-09)`() async throws {
        try await Self.with { kept async throws in
            await kept.notice(1, receipt: Sample.receipt("k"))
            await kept.turn(milliseconds: Self.dayMs)
            let repeated = await kept.desk.ask(Sample.notice("0"), receipt: Sample.receipt("k"))
            #expect(repeated.events.map(\.offset) == [Offset(1)])
            await kept.turn(milliseconds: 5_000)
            let anew = await kept.desk.ask(Sample.notice("0"), receipt: Sample.receipt("k"))
            #expect(anew.events.map(\.offset) == [Offset(2)])
        }
    }

    @Test func `keys that are kept longer than events keep their events (GAP-09)`() async throws {
        var retention = LogKeeper.Retention()
        retention.eventsMin = 1
        retention.eventAgeMinMs = Self.dayMs
        retention.receiptAgeMinMs = 7 * Self.dayMs
        try await Self.with(retention: retention) { kept async throws in
            await kept.notice(3)
            await kept.turn(milliseconds: 1)
            await kept.notice(3, receipt: Sample.receipt("k"))
            // Both checkpoints lie behind them.
            for _ in 0..<2 {
                await kept.notice(2)
                await kept.turn(milliseconds: 5_000)
            }
            await kept.turn(milliseconds: 2 * Self.dayMs)
            #expect(try await kept.oldest == 4)
            let repeated = await kept.desk.ask((0..<3).map { Sample.notice("\($0)") }, receipt: Sample.receipt("k"))
            #expect(repeated.events.map(\.offset.value) == [4, 5, 6])
            await kept.turn(milliseconds: 6 * Self.dayMs)
            #expect(try await kept.oldest == 9)
        }
    }
}
