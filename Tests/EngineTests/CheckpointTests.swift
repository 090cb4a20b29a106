import Domain
import Engine
import Storage
import Testing

/// Starting from a checkpoint, and from a log that was trimmed (GAP-12).
@Suite(.timeLimit(.minutes(5))) struct CheckpointTests {
    /// What the tests know of a desk: all that must be the same after a start.
    private struct Picture: Equatable {
        let offset: Offset
        let signals: [Signal]
        let changes: [Offset]
        let notices: [RecordedEvent]
        let checkpoint: Checkpoint

        init(_ desk: Desk) async throws {
            let snapshot = try await desk.snapshot()
            offset = snapshot.offset
            signals = snapshot.signals
            notices = snapshot.notices
            changes = await desk.changes(after: .start).signals.map(\.changedAt)
            checkpoint = await desk.checkpoint
        }
    }

    private static func recovered(
        _ store: any EventStore,
        log: RecordingLog = RecordingLog()
    ) async throws -> Desk {
        let desk = Desk(store: store, backplane: RecordingBackplane(), clock: ManualClock(), logger: log.logger)
        try await desk.recover()
        return desk
    }

    /// Lets go of all it can.
    private static func trim(_ store: any EventStore) async throws -> Extent {
        try await store.trim(through: Offset(.max), recordedBefore: Timestamp(milliseconds: .max), limit: .max)
    }

    /// A hundred notices between some signals: received, approved, rejected, executed.
    private static func fill(_ running: RunningDesk) async throws {
        var ids: [SignalID] = []
        for index in 0..<20 {
            ids.append(try await running.receive("S\(index)"))
            _ = await running.desk.ask((0..<5).map { Sample.notice("\(index).\($0)") })
            if index % 3 == 1 { _ = await running.desk.ask(Sample.approve(ids[index])) }
            if index % 3 == 2 { _ = await running.desk.ask(Sample.reject(ids[index])) }
        }
        _ = await running.desk.ask(.release(ids[4]), .reportExecuted(ids[4]))
    }

    @Test(arguments: StoreKind.allCases)
    func `a start from a checkpoint shows what a start from the log does, and reads only what lies behind it`(
        _ kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                try await Self.fill(running)
                let fromLog = try await Picture(Self.recovered(store))
                try await store.save(await running.desk.checkpoint)
                #expect(try await Picture(Self.recovered(store)) == fromLog)

                try await Self.fill(running)
                let counting = ScriptedStore(store)
                let again = try await Self.recovered(counting)
                #expect(try await Picture(again) == Picture(running.desk))
                #expect(counting.eventsRead == Int(try await store.extent().newest.value - fromLog.offset.value))
                #expect(await again.restoredCheckpoint == fromLog.offset)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what was pending before the log begins is still pending, expires and can be decided (GAP-12)`(
        _ kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            var (forgotten, pending, dying) = (SignalID(), SignalID(), SignalID())
            try await RunningDesk.with(store) { running in
                forgotten = try await running.receive("OLD")
                _ = await running.desk.ask(Sample.approve(forgotten))
                pending = try await running.receive("PENDING")
                dying = try await running.receive("DYING", expiresInMs: 500)
                _ = await running.desk.ask((0..<50).map { Sample.notice("\($0)") })
                try await store.save(await running.desk.checkpoint)
                #expect(try await Self.trim(store) == Extent(oldest: Offset(54), newest: Offset(54)))
            }
            var limits = Desk.Limits()
            limits.settledSignalsMax = 0
            try await RunningDesk.with(store, limits: limits) { running async throws in
                #expect(await running.desk.pendingCount == 2)
                await running.clock.turn(milliseconds: 600)
                #expect(try await running.status(dying) == .expired)
                #expect(await running.desk.ask(Sample.approve(pending)).isDone)
                #expect(await running.desk.ask(Sample.reject(pending)).refusal?.code == .alreadyDecided)
                // No longer in memory, and from before the log: read by its id.
                #expect(try await running.status(forgotten) == .approved(.buy))
                #expect(await running.desk.ask(Sample.receive(forgotten)).refusal?.code == .signalExists)
                #expect(await running.desk.ask(.release(forgotten), .reportExecuted(forgotten)).isDone)
            }
        }
    }

    @Test func `a damaged checkpoint is passed over with a line in the log and the one before it read`() async throws {
        try await RunningDesk.with { running in
            for _ in 0..<2 {
                try await Self.fill(running)
                try await running.store.save(await running.desk.checkpoint)
            }
            try await Self.fill(running)
            let offsets = try await running.store.checkpoints()
            _ = try await Self.trim(running.store)
            let expected = try await Picture(running.desk)

            for passedOver in 0...1 {
                let log = RecordingLog()
                let desk = try await Self.recovered(running.store, log: log)
                #expect(try await Picture(desk) == expected)
                #expect(await desk.restoredCheckpoint == offsets[passedOver])
                #expect(log.errors == Array(repeating: "checkpoint passed over", count: passedOver))
                running.store.damageCheckpoint(at: offsets[passedOver])
            }
        }
    }

    @Test func `with all checkpoints damaged the log is read while it is whole`() async throws {
        try await RunningDesk.with { running in
            try await Self.fill(running)
            try await running.store.save(await running.desk.checkpoint)
            running.store.damageCheckpoint(at: await running.desk.offset)
            let log = RecordingLog()
            let desk = try await Self.recovered(running.store, log: log)
            #expect(try await Picture(desk) == Picture(running.desk))
            #expect(await desk.restoredCheckpoint == nil)
            #expect(log.errors == ["checkpoint passed over"])
        }
    }

    @Test func `a trimmed log without a checkpoint that can be read is refused with what to do`() async throws {
        try await RunningDesk.with { running in
            try await Self.fill(running)
            try await running.store.save(await running.desk.checkpoint)
            _ = try await Self.trim(running.store)
            running.store.damageCheckpoint(at: await running.desk.offset)
            let refused = await #expect(throws: StoreError.self) { try await Self.recovered(running.store) }
            #expect(refused?.code == .corrupted)
            #expect(refused?.message.contains("Restore the database from a backup") == true)
        }
    }

    @Test func `a checkpoint that does not match the log is passed over`() async throws {
        try await RunningDesk.with { running in
            try await Self.fill(running)
            let right = await running.desk.checkpoint
            let notice = try #require(right.observations.first).offset
            for (offset, signals) in [
                (right.offset, right.signals + [Offset(1_000)]), (right.offset, [notice]),
                (Offset(right.offset.value + 1), right.signals),
            ] {
                let wrong = Checkpoint(
                    offset: offset,
                    signals: signals,
                    observations: right.observations,
                    forgotten: right.forgotten
                )
                try await running.store.save(wrong)
                let log = RecordingLog()
                #expect(try await Picture(Self.recovered(running.store, log: log)) == Picture(running.desk))
                #expect(log.errors.contains("checkpoint passed over"))
            }
        }
    }

    @Test func `a store that cannot be read is no reason to pass a checkpoint over`() async throws {
        try await RunningDesk.with { running in
            try await Self.fill(running)
            try await running.store.save(await running.desk.checkpoint)
            running.store.reads(fail: true)
            let failed = await #expect(throws: StoreError.self) { try await Self.recovered(running.store) }
            #expect(failed?.code == .unavailable)
        }
    }
}
