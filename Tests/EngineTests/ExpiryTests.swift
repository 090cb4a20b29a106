import Domain
import Engine
import Storage
import Testing

/// Signals expire by the desk's own clock (APR-13, GAP-09).
@Suite struct ExpiryTests {
    @Test(arguments: StoreKind.allCases)
    func `a signal expires by itself when its moment has come`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive(expiresInMs: 1_000)
                await running.clock.turn(milliseconds: 999)
                #expect(try await running.status(id) == .pendingReview)
                await running.clock.turn(milliseconds: 200)
                #expect(try await running.status(id) == .expired)
                #expect(running.backplane.events.last?.event.signal?.status == .expired)
                await running.clock.turn(milliseconds: 60_000)
                #expect(running.backplane.offsets == [1, 2])
            }
        }
    }

    @Test(arguments: [Int64(0), 1, 3_600_000])
    func `deciding from that moment on is refused although the sweep has not come by`(_ late: Int64) async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 1_000)
            await running.clock.untilAsleep()
            running.clock.jump(milliseconds: 1_000 + late)
            #expect(await running.desk.ask(Sample.approve(id)).refusal?.code == .signalExpired)
            #expect(await running.desk.ask(Sample.reject(id)).refusal?.code == .signalExpired)
            #expect(try await running.log().count == 1)
            await running.clock.turn(milliseconds: 200)
            #expect(await running.desk.ask(Sample.approve(id)).refusal?.code == .signalExpired)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `the last moment to decide is the millisecond before`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 1_000)
            running.clock.jump(milliseconds: 999)
            #expect(await running.desk.ask(Sample.approve(id)).isDone)
            await running.clock.turn(milliseconds: 60_000)
            #expect(try await running.status(id) == .approved(.buy))
        }
    }

    @Test func `more than a batch of them expires in one check`() async throws {
        var limits = Desk.Limits()
        limits.batchRequestsMax = 16
        try await RunningDesk.with(limits: limits) { running in
            for index in 0..<100 { _ = try await running.receive("S\(index % 5)", expiresInMs: 100 + Int64(index)) }
            _ = try await running.receive("LATER", expiresInMs: 1_000_000)
            await running.clock.turn(milliseconds: 1_000)
            #expect(await running.desk.pendingCount == 1)
            let expired = running.backplane.events.dropFirst(101).compactMap(\.event.signal)
            #expect(expired.count == 100)
            #expect(expired.allSatisfy { $0.status == .expired && $0.version == 2 })
        }
    }

    @Test func `what could not be expired because of the store is tried again`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive(expiresInMs: 100)
            running.store.next(.fail, .fail)
            await running.clock.turn(milliseconds: 200)
            await running.clock.turn(milliseconds: 200)
            #expect(try await running.status(id) == .pendingReview)
            #expect(await running.desk.ask(Sample.approve(id)).refusal?.code == .signalExpired)
            await running.clock.turn(milliseconds: 200)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `signals of before a restart expire too`() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let (soon, missed) = (SignalID(), SignalID())
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(
                Sample.receive(soon, expiresInMs: 100_000),
                Sample.receive(missed, expiresInMs: 1_000)
            )
        }
        clock.jump(milliseconds: 50_000)
        try await RunningDesk.with(store, clock: clock) { running async throws in
            await clock.turn(milliseconds: 200)
            #expect(try await running.status(missed) == .expired)
            #expect(try await running.status(soon) == .pendingReview)
            await clock.turn(milliseconds: 50_000)
            #expect(try await running.status(soon) == .expired)
        }
    }
}
