import Domain
import Engine
import Logging
import ServiceLifecycle
import Storage
import StorageSQLite
import Testing

/// Starting, stopping, overload and memory.
@Suite struct LifecycleTests {
    @Test(arguments: StoreKind.allCases)
    func `a new desk on the same log shows the same`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let ids = try await [running.receive("A"), running.receive("B"), running.receive("C")]
                _ = await running.desk.ask(Sample.approve(ids[0]), Sample.reject(ids[1]), Sample.notice("n"))
                _ = await running.desk.ask(.release(ids[0]), .reportExecuted(ids[0]))
                let before = try await running.desk.snapshot()

                let again = Desk(store: store, backplane: RecordingBackplane(), clock: ManualClock(), logger: .silent)
                try await again.recover()
                let after = try await again.snapshot()
                #expect(after.epoch == before.epoch)
                #expect(after.offset == before.offset && after.oldest == before.oldest)
                #expect(after.signals == before.signals)
                #expect(after.signals.count == 3)
                #expect(after.notices == before.notices && after.notices.count == 1)
                #expect(
                    await again.changes(after: Offset(4)).signals.map(\.signal.id)
                        == running.desk.changes(after: Offset(4)).signals.map(\.signal.id)
                )
            }
        }
    }

    @Test func `recovery reads a long log page by page and publishes nothing`() async throws {
        let store = MemoryStore()
        try await RunningDesk.with(store) { running in
            for _ in 0..<37 { _ = try await running.receive() }
        }
        var limits = Desk.Limits()
        limits.recoveryPageEvents = 5
        try await RunningDesk.with(store, limits: limits) { running in
            #expect(await running.desk.offset == Offset(37))
            #expect(await running.desk.pendingCount == 37)
            #expect(running.backplane.publications == 0)
        }
    }

    @Test func `more requests than the queue holds are turned away`() async throws {
        var limits = Desk.Limits()
        limits.queuedRequestsMax = 3
        try await RunningDesk.with(limits: limits) { running in
            let first = await running.hold(Sample.notice("first"))
            let waiting = (0..<3).map { index in Task { await running.desk.ask(Sample.notice("\(index)")) } }
            await running.untilQueued(3)
            #expect(await running.desk.ask(Sample.notice("too many")) == .busy)
            running.store.release()
            #expect(await first.value.isDone)
            for task in waiting { #expect(await task.value.isDone) }
            #expect(await running.desk.ask(Sample.notice("again")).isDone)
            let log = try await running.log()
            #expect(log.count == 5)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `closing writes what was queued and takes nothing more`(_ kind: StoreKind) async throws {
        try await kind.withStore { base in
            let store = ScriptedStore(base)
            let backplane = RecordingBackplane()
            let desk = Desk(store: store, backplane: backplane, clock: ManualClock(), logger: .silent)
            try await desk.recover()
            let service = Task { try await desk.run() }
            store.next(.hold)
            let first = Task { await desk.ask(Sample.notice("first")) }
            await store.untilHeld()
            let queued = (0..<10).map { index in Task { await desk.ask(Sample.notice("\(index)")) } }
            while await desk.queuedCount < 10 { await Task.yield() }
            service.cancel()
            store.release()
            try await service.value
            #expect(await first.value.isDone)
            for task in queued { #expect(await task.value.isDone) }
            #expect(backplane.offsets == Array(1...11))
            #expect(await desk.ask(Sample.notice("late")) == .closing)
            #expect(try await store.extent().newest == Offset(11))
            #expect(!store.wasCancelled)
        }
    }

    @Test func `a graceful shutdown closes the desk`() async throws {
        let desk = Desk(store: MemoryStore(), backplane: RecordingBackplane(), clock: ManualClock(), logger: .silent)
        try await desk.recover()
        let group = ServiceGroup(services: [desk], logger: .silent)
        async let running: Void = group.run()
        #expect(await desk.ask(Sample.notice("n")).isDone)
        await group.triggerGracefulShutdown()
        try await running
        #expect(await desk.ask(Sample.notice("late")) == .closing)
    }

    @Test func `a desk that is stopped before it has begun still ends`() async throws {
        let desk = Desk(store: MemoryStore(), backplane: RecordingBackplane(), clock: ManualClock(), logger: .silent)
        let queued = Task { await desk.ask(Sample.notice("n")) }
        while await desk.queuedCount < 1 { await Task.yield() }
        let service = Task { try await desk.run() }
        service.cancel()
        try await service.value
        #expect(await queued.value.isDone)
    }

    @Test(arguments: StoreKind.allCases)
    func `a forgotten signal can be read but neither received nor decided again`(_ kind: StoreKind) async throws {
        var limits = Desk.Limits()
        limits.settledSignalsMax = 5
        try await kind.withStore { store in
            try await RunningDesk.with(store, limits: limits) { running in
                var ids: [SignalID] = []
                for index in 0..<20 {
                    ids.append(try await running.receive("S\(index)"))
                    #expect(await running.desk.ask(Sample.approve(ids[index])).isDone)
                }
                #expect(try await running.desk.snapshot().signals.count <= 6)
                let old = ids[0]
                #expect(try await running.status(old) == .approved(.buy))
                #expect(await running.desk.ask(Sample.receive(old)).refusal?.code == .signalExists)
                #expect(await running.desk.ask(Sample.reject(old, by: "bob")).refusal?.code == .alreadyDecided)
                #expect(await running.desk.ask(.expire(old)) == .done([], isRepeated: false))
                #expect(await running.desk.ask(.release(old), .reportExecuted(old)).isDone)
                #expect(await running.desk.ask(.reportExecuted(old)).refusal?.code == .notApproved)
                #expect(try await running.store.events(of: old).compactMap(\.event.signal?.version) == [1, 2, 3, 4])
                #expect(await running.desk.ask(Sample.approve(SignalID())).refusal?.code == .signalNotFound)
            }
        }
    }

    @Test func `taking a new signal in costs no read`() async throws {
        try await RunningDesk.with { running in
            for _ in 0..<10 { _ = try await running.receive() }
            #expect(running.store.signalReads == 0)
        }
    }

    @Test func `signals that changed since a moment are listed by their last change`() async throws {
        try await RunningDesk.with { running in
            let (one, other) = (try await running.receive("A"), try await running.receive("B"))
            running.clock.jump(milliseconds: 1_000)
            _ = await running.desk.ask(Sample.approve(one))
            #expect(await running.desk.changes(since: Sample.now).signals.map(\.signal.id) == [one])
            let all = await running.desk.changes(since: Sample.now.advanced(byMilliseconds: -1)).signals
            #expect(all.map(\.signal.id) == [other, one])
        }
    }

    @Test func `the system's clock tells the time and can be cancelled`() async throws {
        let clock = SystemDeskClock()
        #expect(clock.now() > Sample.now)
        let sleeping = Task { try await clock.sleep(milliseconds: 3_600_000) }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
    }
}
