import Domain
import Engine
import Storage
import Testing

/// More time to decide, within bounds (APR-13).
@Suite struct ExtensionTests {
    @Test func `a signal expires at its new time, and everybody is told it`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 10_000)
            let answer = await running.desk.ask(Sample.extend(id, by: "bo"))
            let signal = try #require(answer.events.last?.event.signal)
            #expect(signal.proposal.expiresAt == Sample.now.advanced(byMilliseconds: 310_000))
            #expect(signal.extended?.extendedBy == Sample.user("bo") && signal.extended?.times == 1)
            #expect(signal.version == 2 && running.backplane.events.last?.event == .signalExtended(signal))
            await running.clock.turn(milliseconds: 309_900)
            #expect(try await running.status(id) == .pendingReview)
            await running.clock.turn(milliseconds: 300)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `three times and half an hour are the most`() async throws {
        try await RunningDesk.with { running in
            let often = try await running.receive(expiresInMs: 10_000)
            for _ in 1...3 { #expect(await running.desk.ask(Sample.extend(often)).isDone) }
            #expect(await running.desk.ask(Sample.extend(often)).refusal?.code == .extensionLimit)
            let long = try await running.receive(expiresInMs: 10_000)
            #expect(await running.desk.ask(Sample.extend(long, minutes: 26)).isDone)
            let refusal = await running.desk.ask(Sample.extend(long, minutes: 5)).refusal
            #expect(refusal?.code == .extensionLimit && refusal?.detail.contains("once by 26 min") == true)
            #expect(await running.desk.ask(Sample.extend(long, minutes: 4)).isDone)
        }
    }

    @Test func `what has no time limit, is decided or has expired cannot be extended`() async throws {
        try await RunningDesk.with { running in
            let unlimited = try await running.receive()
            #expect(await running.desk.ask(Sample.extend(unlimited)).refusal?.code == .extensionLimit)
            _ = await running.desk.ask(Sample.approve(unlimited))
            #expect(await running.desk.ask(Sample.extend(unlimited)).refusal?.code == .alreadyDecided)
            let late = try await running.receive(expiresInMs: 1_000)
            await running.clock.untilAsleep()
            running.clock.jump(milliseconds: 1_000)
            #expect(await running.desk.ask(Sample.extend(late)).refusal?.code == .signalExpired)
        }
    }

    @Test func `the new time outlives a restart`() async throws {
        let (store, clock, id) = (MemoryStore(), ManualClock(), SignalID())
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.receive(id, expiresInMs: 10_000), Sample.extend(id))
        }
        clock.jump(milliseconds: 60_000)
        try await RunningDesk.with(store, clock: clock) { running async throws in
            await clock.turn(milliseconds: 200)
            #expect(try await running.status(id) == .pendingReview)
            await clock.turn(milliseconds: 260_000)
            #expect(try await running.status(id) == .expired)
        }
    }
}
