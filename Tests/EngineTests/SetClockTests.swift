import Domain
import Engine
import Storage
import Testing

/// Somebody sets the clock on the wall: nothing leaves early, nothing waits longer, nothing expires wrongly, and the times in
/// the log never step back (APR-13, promise 2).
@Suite struct SetClockTests {
    private static let hour: Int64 = 3_600_000

    private static func isReleased(_ running: RunningDesk) -> Bool {
        running.backplane.events.contains { if case .signalReleased = $0.event { true } else { false } }
    }

    @Test(arguments: [hour, -hour])
    func `an approval leaves when its window has passed, whatever the wall says`(_ setByMs: Int64) async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.turn(milliseconds: 1_000)
            running.clock.set(byMilliseconds: setByMs)
            await running.clock.turn(milliseconds: 3_900)
            #expect(!Self.isReleased(running))
            #expect(await running.desk.ask(Sample.undo(id), Sample.approve(id)).isDone)
            running.clock.set(byMilliseconds: -setByMs)
            await running.clock.turn(milliseconds: 4_900)
            #expect(!Self.isReleased(running))
            await running.clock.turn(milliseconds: 300)
            #expect(Self.isReleased(running))
        }
    }

    @Test(arguments: [hour, -hour])
    func `a signal has the time that it had when it came`(_ setByMs: Int64) async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 10_000)
            running.clock.set(byMilliseconds: setByMs)
            await running.clock.turn(milliseconds: 9_900)
            #expect(try await running.status(id) == .pendingReview)
            let other = try await running.receive()
            #expect(await running.desk.ask(Sample.approve(other)).isDone)
            running.clock.jump(milliseconds: 100)
            #expect(await running.desk.ask(Sample.approve(id)).refusal?.code == .signalExpired)
            await running.clock.turn(milliseconds: 200)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test(arguments: [hour, -hour])
    func `a signal that comes afterwards is measured by the clock as it is set then`(_ setByMs: Int64) async throws {
        try await RunningDesk.with { running in
            running.clock.set(byMilliseconds: setByMs)
            let id = try await running.receive(expiresInMs: setByMs + 1_000)
            await running.clock.turn(milliseconds: 900)
            #expect(try await running.status(id) == .pendingReview)
            await running.clock.turn(milliseconds: 200)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `more time is so much more, and not what the clock was set by`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 10_000)
            running.clock.set(byMilliseconds: -Self.hour)
            #expect(await running.desk.ask(Sample.extend(id)).isDone)
            await running.clock.turn(milliseconds: 309_900)
            #expect(try await running.status(id) == .pendingReview)
            await running.clock.turn(milliseconds: 300)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `the times in the log never step back, and come round to the wall again`() async throws {
        try await RunningDesk.with { running in
            for index in 0..<20 {
                if index == 5 { running.clock.set(byMilliseconds: -10_000) }
                running.clock.jump(milliseconds: 2_000)
                _ = try await running.receive("S\(index)")
            }
            let times = try await running.log().map(\.recordedAt)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
            #expect(times.last == running.clock.now())
            // Nobody who asks what changed since a time misses what came after the clock was set.
            let seen = times[8]
            #expect(await running.desk.changes(since: seen).signals.count == 11)
        }
    }

    @Test func `set back over a restart, a time limit is not prolonged`() async throws {
        let (store, clock, id) = (MemoryStore(), ManualClock(), SignalID())
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.receive(id, expiresInMs: 10_000))
        }
        clock.set(byMilliseconds: -Self.hour)
        try await RunningDesk.with(store, clock: clock) { running in
            await clock.turn(milliseconds: 9_900)
            #expect(try await running.status(id) == .pendingReview)
            await clock.turn(milliseconds: 300)
            #expect(try await running.status(id) == .expired)
            let times = try await running.log().map(\.recordedAt)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test(arguments: [Int64(4_000), 60_000, hour, -hour])
    func `set over a restart, an approval does not leave before its window has passed`(_ setByMs: Int64) async throws {
        let (store, clock, id) = (MemoryStore(), ManualClock(), SignalID())
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.receive(id), Sample.approve(id))
        }
        clock.set(byMilliseconds: setByMs)
        try await RunningDesk.with(store, clock: clock) { running in
            await clock.turn(milliseconds: 4_900)
            #expect(!Self.isReleased(running))
            await clock.turn(milliseconds: 300)
            // An hour forward looks like an hour in which nobody looked at it.
            #expect(Self.isReleased(running) == (setByMs < Self.hour))
            #expect(await running.desk.ask(Sample.undo(id)).isDone == (setByMs >= Self.hour))
        }
    }

    @Test func `an approval that a sleeping machine has kept for long does not leave when it wakes up`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.turn(milliseconds: Self.hour)
            #expect(!Self.isReleased(running))
            await running.clock.turn(milliseconds: 60_000)
            #expect(!Self.isReleased(running))
            #expect(await running.desk.ask(Sample.undo(id)).isDone)
        }
    }
}
