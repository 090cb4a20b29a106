import Domain
import Engine
import Storage
import Testing

/// Optimistic concurrency: somebody else writes to the same log, and each desk still says what the log says.
@Suite struct SecondWriterTests {
    @Test(arguments: StoreKind.allCases)
    func `of two desks on one log one decides and the other says who`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { one in
                let ids = try await Self.receive(20, on: one)
                try await RunningDesk.with(store) { other in
                    for id in ids { try await Self.race(id, one, other) }
                }
            }
        }
    }

    private static func race(_ id: SignalID, _ one: RunningDesk, _ other: RunningDesk) async throws {
        async let approved = one.desk.ask(Sample.approve(id, by: "alice"))
        async let rejected = other.desk.ask(Sample.reject(id, by: "bob"))
        let answers = await [approved, rejected]
        #expect(answers.count(where: \.isDone) == 1)
        #expect(answers.compactMap { $0.refusal?.code } == [.alreadyDecided])
        #expect(try await one.store.events(of: id).count == 2)
    }

    @Test func `events of another writer are neither skipped nor doubled`() async throws {
        let base = MemoryStore()
        try await RunningDesk.with(base) { running in
            let id = try await running.receive()
            try await RunningDesk.with(base) { other in
                let theirs = try await other.receive("MSFT", expiresInMs: 1_000)
                #expect(await running.desk.ask(Sample.notice("mine")).events.map(\.offset.value) == [3])
                #expect(try await running.desk.snapshot().signals.map(\.id).contains(theirs))
                #expect(await running.desk.offset == Offset(3))
                #expect(running.backplane.offsets == [1, 2, 3])
                #expect(await other.desk.ask(Sample.approve(id, by: "bob")).isDone)
                let late = await running.desk.ask(Sample.reject(id, by: "alice"))
                #expect(late.refusal?.detail.hasPrefix("bob decided first") == true)
                #expect(try await running.log() == running.backplane.events)
                // Their signal expires here too, should they never come back.
                await running.clock.turn(milliseconds: 1_200)
                #expect(try await running.status(theirs) == .expired)
            }
        }
    }

    @Test func `a conflict in the middle of a batch disturbs only its own request`() async throws {
        let base = MemoryStore()
        try await RunningDesk.with(base) { running in
            let (id, fresh) = (try await running.receive(), SignalID())
            let rival = Desk(store: base, backplane: RecordingBackplane(), clock: ManualClock(), logger: .silent)
            try await rival.recover()
            let first = await running.hold(Sample.notice("first"))
            running.store.next(
                .first {
                    let running = Task { try await rival.run() }
                    _ = await rival.ask(Sample.approve(id, by: "rival"))
                    running.cancel()
                }
            )
            var tasks: [Task<Answer, Never>] = []
            for (index, command) in [Sample.notice("a"), Sample.reject(id), Sample.receive(fresh, expiresInMs: 500)]
                .enumerated()
            {
                tasks.append(Task { await running.desk.ask(command) })
                await running.untilQueued(index + 1)
            }
            running.store.release()
            #expect(await first.value.isDone)
            #expect(await tasks[0].value.isDone)
            #expect(await tasks[1].value.refusal?.detail.hasPrefix("rival decided first") == true)
            #expect(await tasks[2].value.isDone)
            #expect(try await running.log() == running.backplane.events)
            await running.clock.turn(milliseconds: 600)
            #expect(try await running.status(fresh) == .expired)
        }
    }

    @Test func `a store that always conflicts is given up`() async throws {
        let store = AlwaysConflictingStore()
        let desk = Desk(store: store, backplane: RecordingBackplane(), clock: ManualClock(), logger: .silent)
        try await desk.recover()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await desk.run() }
            #expect(await desk.ask(Sample.receive(SignalID())) == .store(.unavailable))
            group.cancelAll()
        }
    }

    private static func receive(_ count: Int, on running: RunningDesk) async throws -> [SignalID] {
        var ids: [SignalID] = []
        for index in 0..<count { ids.append(try await running.receive("S\(index)")) }
        return ids
    }
}

private struct AlwaysConflictingStore: EventStore {
    let epoch = Epoch("test")
    func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] {
        batch.map { .conflict($0.expectedVersions.keys.first ?? SignalID(), storedVersion: 7) }
    }
    func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] { [] }
    func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] { [] }
    func extent() async throws(StoreError) -> Extent { Extent(oldest: Offset(1), newest: .start) }
    func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? { nil }
    func forgetReceipts(before moment: Timestamp) async throws(StoreError) {}
    func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent] { [] }
    func head() async throws(StoreError) -> LogHead { .beginning }
    func entries(_ query: LogQuery) async throws(StoreError) -> LogPage { LogPage(entries: [], end: nil) }
    func save(_ checkpoint: Checkpoint) async throws(StoreError) {}
    func checkpoints() async throws(StoreError) -> [Offset] { [] }
    func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint {
        throw StoreError(.corrupted, "there is none")
    }
    func trim(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Extent { try await extent() }
    func readers() async throws(StoreError) -> [Reader] { [] }
    func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {}
}
