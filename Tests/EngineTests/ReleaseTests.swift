import Domain
import Engine
import Storage
import Testing

/// An approval leaves the desk when it can no longer be undone, once, and never because of a fault (C21, promise 2).
@Suite struct ReleaseTests {
    private static func released(_ running: RunningDesk) -> [Signal] {
        running.backplane.events.compactMap { recorded in
            if case .signalReleased(let signal) = recorded.event { signal } else { nil }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an approval is released when its undo window has passed, once`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                let approvedAt = running.clock.now()
                #expect(await running.desk.ask(Sample.approve(id)).isDone)
                await running.clock.turn(milliseconds: 4_999)
                #expect(Self.released(running) == [])
                await running.clock.turn(milliseconds: 200)
                let signal = try #require(Self.released(running).first)
                #expect(signal.id == id && signal.status == .approved(.buy) && signal.version == 3)
                #expect(try #require(signal.releasedAt) >= approvedAt.advanced(byMilliseconds: 5_000))
                await running.clock.turn(milliseconds: 60_000)
                #expect(Self.released(running).count == 1)
            }
        }
    }

    @Test func `what was rejected, has expired or was undone is not released`() async throws {
        try await RunningDesk.with { running in
            let ids = try await [running.receive("A"), running.receive("B", expiresInMs: 1_000), running.receive("C")]
            _ = await running.desk.ask(Sample.reject(ids[0]), Sample.approve(ids[2]))
            #expect(await running.desk.ask(Sample.undo(ids[2])).isDone)
            await running.clock.turn(milliseconds: 60_000)
            #expect(Self.released(running) == [])
        }
    }

    @Test func `a release that the store did not take is tried again`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            running.store.next(.fail, .fail)
            await running.clock.turn(milliseconds: 5_000)
            await running.clock.turn(milliseconds: 200)
            await running.clock.turn(milliseconds: 200)
            await running.clock.turn(milliseconds: 200)
            #expect(Self.released(running).map(\.id) == [id])
        }
    }

    @Test func `a desk that starts again within the window gives the whole window anew`() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.approve(try await running.receive()))
        }
        clock.jump(milliseconds: 3_000)
        try await RunningDesk.with(store, clock: clock) { running in
            await running.clock.turn(milliseconds: 4_900)
            #expect(Self.released(running) == [])
            await running.clock.turn(milliseconds: 300)
            #expect(Self.released(running).count == 1)
        }
    }

    @Test func `a desk that was down for long does not let old approvals out`() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        try await RunningDesk.with(store, clock: clock) { running in
            _ = await running.desk.ask(Sample.approve(try await running.receive()))
        }
        clock.jump(milliseconds: 3_600_000)
        try await RunningDesk.with(store, clock: clock) { running in
            await running.clock.turn(milliseconds: 60_000)
            #expect(Self.released(running) == [])
        }
    }

    @Test func `a repeated release is nothing`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.approve(id))
            await running.clock.turn(milliseconds: 5_200)
            #expect(await running.desk.ask(.release(id)).isDone)
            #expect(Self.released(running).count == 1)
        }
    }
}
