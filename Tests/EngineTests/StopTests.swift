import Domain
import Engine
import Storage
import Testing

/// While the desk is stopped nothing leaves and no time runs, over clocks that are set and halts of every kind (GAP-07).
@Suite struct StopTests {
    private static func stop(by user: String = "ann") -> Command {
        .stopDesk(Command.Click(decisionID: DecisionID(), user: Sample.user(user)))
    }

    private static func resume(by user: String) -> Command {
        .resumeDesk(from: nil, Command.Click(decisionID: DecisionID(), user: Sample.user(user)))
    }

    private static func resumeByTwo(_ running: RunningDesk) async {
        for user in ["ann", "bo"] { #expect(await running.desk.ask(resume(by: user)).isDone) }
    }

    private static func isApproval(_ recorded: RecordedEvent) -> Bool {
        guard case .signalApproved(let signal) = recorded.event else { return false }
        return signal.status == .approved(.buy)
    }

    private static func released(_ running: RunningDesk) -> [SignalID] {
        running.backplane.events.compactMap { recorded in
            if case .signalReleased(let signal) = recorded.event { signal.id } else { nil }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an undo window stands still and goes on with what was left`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                _ = await running.desk.ask(Sample.approve(id))
                await running.clock.turn(milliseconds: 2_000)
                #expect(await running.desk.ask(Self.stop()).isDone)
                await running.clock.turn(milliseconds: 3_600_000)
                await running.clock.turn(milliseconds: 1_000)
                #expect(Self.released(running) == [])
                await Self.resumeByTwo(running)
                await running.clock.turn(milliseconds: 2_800)
                #expect(Self.released(running) == [])
                await running.clock.turn(milliseconds: 400)
                #expect(Self.released(running) == [id])
            }
        }
    }

    @Test(arguments: [0, 7_200_000, -7_200_000] as [Int64])
    func `a time limit stands still, however the clock on the wall is set meanwhile`(_ setByMs: Int64) async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 10_000)
            await running.clock.turn(milliseconds: 4_000)
            _ = await running.desk.ask(Self.stop())
            running.clock.set(byMilliseconds: setByMs)
            await running.clock.turn(milliseconds: 3_600_000)
            #expect(try await running.status(id) == .pendingReview)
            await Self.resumeByTwo(running)
            await running.clock.turn(milliseconds: 5_800)
            #expect(try await running.status(id) == .pendingReview)
            await running.clock.turn(milliseconds: 400)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `what came and what was extended while it stood still has all of its time`() async throws {
        try await RunningDesk.with { running in
            let extended = try await running.receive(expiresInMs: 10_000)
            _ = await running.desk.ask(Self.stop())
            await running.clock.turn(milliseconds: 60_000)
            let came = try await running.receive("MSFT", expiresInMs: 60_000 + 10_000)
            #expect(await running.desk.ask(Sample.extend(extended)).isDone)
            await running.clock.turn(milliseconds: 60_000)
            await Self.resumeByTwo(running)
            await running.clock.turn(milliseconds: 9_800)
            #expect(try await running.status(came) == .pendingReview)
            await running.clock.turn(milliseconds: 400)
            #expect(try await running.status(came) == .expired)
            await running.clock.turn(milliseconds: 299_400)
            #expect(try await running.status(extended) == .pendingReview)
            await running.clock.turn(milliseconds: 600)
            #expect(try await running.status(extended) == .expired)
        }
    }

    @Test func `an approval can be taken back while the desk is stopped, even one that was about to leave`()
        async throws
    {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.untilAsleep()
            running.clock.jump(milliseconds: 5_000)
            #expect(await running.desk.ask(Self.stop()).isDone)
            #expect(await running.desk.ask(Sample.undo(id)).isDone)
            await Self.resumeByTwo(running)
            await running.clock.turn(milliseconds: 60_000)
            #expect(Self.released(running) == [])
        }
    }

    @Test func `a release that the stop has overtaken leaves when the desk goes on`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.untilAsleep()
            let held = await running.hold(Self.stop())
            // The timer finds it due before it knows of the stop.
            let turning = Task { await running.clock.turn(milliseconds: 5_200) }
            await running.untilQueued(1)
            running.store.release()
            #expect(await held.value.isDone)
            await turning.value
            #expect(Self.released(running) == [])
            await Self.resumeByTwo(running)
            await running.clock.turn(milliseconds: 400)
            #expect(Self.released(running) == [id])
        }
    }

    // MARK: Restarts

    @Test(arguments: [1_000, 86_400_000] as [Int64])
    func `a desk that starts again is still stopped, and gives what waits all its time`(_ haltMs: Int64) async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let (approved, waiting) = (SignalID(), SignalID())
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(
                Sample.receive(approved),
                Sample.receive(waiting, "MSFT", expiresInMs: 10_000),
                Sample.approve(approved)
            )
            await clock.turn(milliseconds: 4_000)
            _ = await running.desk.ask(Self.stop())
        }
        clock.jump(milliseconds: haltMs)
        try await RunningDesk.with(store, clock: clock) { running in
            let isStopped = await running.desk.lastStop?.isInForce
            #expect(isStopped == true)
            #expect(await running.desk.ask(Sample.approve(waiting)).refusal?.code == .deskStopped)
            await clock.turn(milliseconds: 60_000)
            #expect(Self.released(running) == [])
            let whileStopped = try await running.status(waiting)
            #expect(whileStopped == .pendingReview)
            await Self.resumeByTwo(running)
            await clock.turn(milliseconds: 4_800)
            // A whole undo window anew, as after every start.
            #expect(Self.released(running) == [])
            await clock.turn(milliseconds: 400)
            #expect(Self.released(running) == [approved])
            let afterwards = try await running.status(waiting)
            #expect(afterwards == .pendingReview)
            await clock.turn(milliseconds: 1_000)
            let inTheEnd = try await running.status(waiting)
            #expect(inTheEnd == .expired)
        }
    }

    @Test func `the first of two sign-offs outlives a restart`() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Self.stop())
            _ = await running.desk.ask(Self.resume(by: "bo"))
        }
        try await RunningDesk.with(store, clock: clock) { running in
            #expect(await running.desk.ask(Self.resume(by: "bo")).refusal?.code == .resumeAddsNothing)
            #expect(await running.desk.ask(Self.resume(by: "cy")).isDone)
            let isStopped = await running.desk.lastStop?.isInForce
            #expect(isStopped == false)
        }
    }

    @Test func `time that the desk stood still does not hold an approval over a restart`() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let id = SignalID()
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.receive(id), Sample.approve(id))
            _ = await running.desk.ask(Self.stop())
            await clock.turn(milliseconds: 3_600_000)
            await Self.resumeByTwo(running)
        }
        clock.jump(milliseconds: 1_000)
        try await RunningDesk.with(store, clock: clock) { running in
            await clock.turn(milliseconds: 5_200)
            #expect(Self.released(running) == [id])
        }
    }

    // MARK: Keys and races

    @Test func `the repeat of an approval from before the stop has its first answer, a new one is refused`()
        async throws
    {
        try await RunningDesk.with { running in
            let (id, other) = (try await running.receive(), try await running.receive("MSFT"))
            let approve = Sample.approve(id)
            let first = await running.desk.ask(approve, receipt: Sample.receipt("k"))
            _ = await running.desk.ask(Self.stop())
            #expect(
                await running.desk.ask(approve, receipt: Sample.receipt("k")) == .done(first.events, isRepeated: true)
            )
            #expect(
                await running.desk.ask(Sample.approve(other), receipt: Sample.receipt("new")).refusal?.code
                    == .deskStopped
            )
            // What was refused was not kept: under the same key it counts later.
            await Self.resumeByTwo(running)
            #expect(await running.desk.ask(Sample.approve(other), receipt: Sample.receipt("new")).isDone)
        }
    }

    @Test(arguments: 0..<8) func `of approvals that race a stop none is in the log behind it`(_ place: Int) async throws
    {
        try await RunningDesk.with { running in
            var received: [SignalID] = []
            for number in 0..<20 { received.append(try await running.receive("S\(number)")) }
            let ids = received
            let held = await running.hold(Sample.notice("holds the writer"))
            let answers = await withTaskGroup(of: Answer.self) { group in
                for (index, id) in ids.enumerated() {
                    if index == place * 2 { group.addTask { await running.desk.ask(Self.stop()) } }
                    group.addTask { await running.desk.ask(Sample.approve(id)) }
                }
                await running.untilQueued(21)
                running.store.release()
                return await group.reduce(into: []) { $0.append($1) }
            }
            _ = await held.value
            let log = try await running.log()
            let stoppedAt = try #require(log.first { $0.event.deskStop != nil }?.offset)
            let approvals = log.filter(Self.isApproval)
            #expect(approvals.allSatisfy { $0.offset < stoppedAt })
            #expect(answers.filter(\.isDone).count == approvals.count + 1)
            #expect(answers.compactMap(\.refusal).allSatisfy { $0.code == .deskStopped })
            #expect(answers.count == 21)
        }
    }

    @Test func `a stop that the store did not take is none`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            running.store.next(.fail)
            #expect(await running.desk.ask(Self.stop()) == .store(.unavailable))
            #expect(await running.desk.ask(Sample.approve(id)).isDone)
        }
    }
}
