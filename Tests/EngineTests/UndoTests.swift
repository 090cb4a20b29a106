import Domain
import Engine
import Storage
import Testing

/// An approval can be taken back until it leaves, and what was taken back never leaves (C4, GAP-02, promise 2).
@Suite struct UndoTests {
    private static func released(_ running: RunningDesk) -> [Signal] {
        running.backplane.events.compactMap { recorded in
            if case .signalReleased(let signal) = recorded.event { signal } else { nil }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an approval is taken back within its window, and nothing is ever released`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                #expect(await running.desk.ask(Sample.approve(id, by: "ann")).isDone)
                await running.clock.turn(milliseconds: 4_999)
                let answer = await running.desk.ask(Sample.undo(id, by: "bo"))
                let signal = try #require(answer.events.last?.event.signal)
                #expect(signal.status == .pendingReview && signal.decision == nil && signal.version == 3)
                #expect(signal.undone?.undoneBy == Sample.user("bo") && signal.undone?.approvedBy == Sample.user("ann"))
                await running.clock.turn(milliseconds: 60_000)
                #expect(Self.released(running) == [])
                // The log keeps who approved.
                let log = try await running.store.events(of: id).compactMap(\.event.signal)
                #expect(log.map { $0.decision?.decidedBy } == [nil, Sample.user("ann"), nil])
            }
        }
    }

    @Test func `after the window it is too late, whether or not the approval has left yet`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.untilAsleep()
            running.clock.jump(milliseconds: 5_000)
            #expect(await running.desk.ask(Sample.undo(id)).refusal?.code == .undoWindowOver)
            await running.clock.turn(milliseconds: 200)
            #expect(Self.released(running).map(\.id) == [id])
            #expect(await running.desk.ask(Sample.undo(id)).refusal?.code == .undoWindowOver)
        }
    }

    @Test(arguments: [true, false])
    func `of an undo and a release in the same batch exactly one wins`(_ undoIsFirst: Bool) async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            let approval = await running.desk.ask(Sample.approve(id))
            let decision = approval.events.last?.event.signal?.decision?.id
            let first = await running.hold(Sample.notice("holds the writer"))
            let commands = [Sample.undo(id), .release(id, of: decision)]
            let one = Task { await running.desk.ask(commands[undoIsFirst ? 0 : 1]) }
            await running.untilQueued(1)
            let other = Task { await running.desk.ask(commands[undoIsFirst ? 1 : 0]) }
            await running.untilQueued(2)
            running.store.release()
            _ = await first.value
            if undoIsFirst {
                #expect(await one.value.isDone)
                #expect(await other.value == .done([], isRepeated: false))
                #expect(try await running.status(id) == .pendingReview)
                #expect(Self.released(running) == [])
            } else {
                #expect(await one.value.isDone)
                #expect(await other.value.refusal?.code == .undoWindowOver)
                #expect(Self.released(running).count == 1)
            }
        }
    }

    @Test func `what is approved again waits its own window, not what was left of the first`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.turn(milliseconds: 4_000)
            _ = await running.desk.ask(Sample.undo(id), Sample.approve(id, by: "bo"))
            await running.clock.turn(milliseconds: 4_800)
            #expect(Self.released(running) == [])
            await running.clock.turn(milliseconds: 400)
            #expect(Self.released(running).map(\.decision?.decidedBy) == [Sample.user("bo")])
        }
    }

    @Test func `the time limit goes on as if nobody had approved`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 3_000)
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.turn(milliseconds: 4_000)
            #expect(try await running.status(id) == .approved(.buy))
            #expect(await running.desk.ask(Sample.undo(id)).isDone)
            #expect(await running.desk.ask(Sample.approve(id)).refusal?.code == .signalExpired)
            await running.clock.turn(milliseconds: 200)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `a signal that is pending again is found by its symbol, in the same batch too`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            running.clock.jump(milliseconds: 1)
            let younger = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            let click = Command.Click(decisionID: DecisionID(), user: Sample.user("bo"))
            let together = await running.desk.ask(
                Sample.undo(id),
                .approve(.symbol(Sample.symbol()), as: .buy, click)
            )
            #expect(together.refusal?.code == .symbolAmbiguous)
            #expect(together.refusal?.signals.map(\.id) == [younger, id])
            #expect(await running.desk.ask(Sample.undo(id)).isDone)
            let alone = await running.desk.ask(.approve(.symbol(Sample.symbol()), as: .buy, click))
            #expect(alone.refusal?.signals.map(\.id) == [id, younger])
        }
    }

    @Test func `what a halt has held back can be taken back at any time, and never leaves`() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let id = SignalID()
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.receive(id), Sample.approve(id))
        }
        clock.jump(milliseconds: 3_600_000)
        try await RunningDesk.with(store, clock: clock) { running in
            await running.clock.turn(milliseconds: 60_000)
            #expect(await running.desk.ask(Sample.undo(id)).isDone)
            await running.clock.turn(milliseconds: 60_000)
            #expect(Self.released(running) == [])
        }
    }

    @Test func `an undo that the store did not take leaves the approval standing`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            running.store.next(.fail)
            #expect(await running.desk.ask(Sample.undo(id)) == .store(.unavailable))
            #expect(try await running.status(id) == .approved(.buy))
        }
    }
}
