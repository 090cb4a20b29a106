import Domain
import Engine
import Storage
import StorageSQLite
import Testing

/// The same request under the same key happens once and has one answer (GAP-09, C18).
@Suite struct IdempotencyTests {
    @Test(arguments: StoreKind.allCases)
    func `the same key again answers the same events and does nothing`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                let first = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k"))
                let second = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k"))
                #expect(first.events.count == 1)
                #expect(first == .done(first.events, isRepeated: false))
                #expect(second == .done(first.events, isRepeated: true))
                #expect(try await running.log().count == 2)
                #expect(running.backplane.offsets == [1, 2])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a hundred at once under one key happen once`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                let answers = await withTaskGroup(of: Answer.self) { group in
                    for _ in 0..<100 {
                        group.addTask { await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k")) }
                    }
                    return await group.reduce(into: [Answer]()) { $0.append($1) }
                }
                #expect(answers.count { if case .done(_, isRepeated: false) = $0 { true } else { false } } == 1)
                #expect(Set(answers.map(\.events)).count == 1)
                #expect(try await running.log().count == 2)
            }
        }
    }

    @Test func `another request under a used key is refused and does nothing`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            _ = await running.desk.ask(Sample.notice("n"), receipt: Sample.receipt("k"))
            let other = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k", fingerprint: "other"))
            #expect(other == .keyReused)
            #expect(try await running.status(id) == .pendingReview)
        }
    }

    @Test func `the same key of somebody else is another key`() async throws {
        try await RunningDesk.with { running in
            let mine = Sample.receipt("k")
            let theirs = Append.NewReceipt(key: IdempotencyKey(scope: "user:bob", key: "k"), fingerprint: "f")
            #expect(await running.desk.ask(Sample.notice("1"), receipt: mine).events.count == 1)
            let answer = await running.desk.ask(Sample.notice("2"), receipt: theirs)
            #expect(answer == .done(answer.events, isRepeated: false))
            let log = try await running.log()
            #expect(log.count == 2)
        }
    }

    @Test func `a refused request leaves its key free`() async throws {
        try await RunningDesk.with { running in
            let id = SignalID()
            let early = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k"))
            #expect(early.refusal?.code == .signalNotFound)
            _ = await running.desk.ask(Sample.receive(id))
            #expect(await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k")).events.count == 1)
        }
    }

    @Test func `a failed request leaves its key free`() async throws {
        try await RunningDesk.with { running in
            running.store.next(.fail)
            #expect(await running.desk.ask(Sample.notice("n"), receipt: Sample.receipt("k")) == .store(.unavailable))
            let again = await running.desk.ask(Sample.notice("n"), receipt: Sample.receipt("k"))
            #expect(again == .done(again.events, isRepeated: false))
            #expect(again.events.count == 1)
        }
    }

    @Test func `a request that changes nothing is repeated as nothing`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            #expect(await running.desk.ask(.expire(id), receipt: Sample.receipt("k")) == .done([], isRepeated: false))
            #expect(await running.desk.ask(.expire(id), receipt: Sample.receipt("k")) == .done([], isRepeated: true))
        }
    }

    @Test func `the answer survives a restart`() async throws {
        try await StoreKind.withDirectory { directory in
            let id = SignalID()
            var first: [RecordedEvent] = []
            let store = try SQLiteStore(path: directory + "/desk.sqlite")
            try await RunningDesk.with(store) { running in
                _ = await running.desk.ask(Sample.receive(id))
                first = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k")).events
            }
            try await store.close()
            let reopened = try SQLiteStore(path: directory + "/desk.sqlite")
            try await RunningDesk.with(reopened) { running in
                let again = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k"))
                #expect(again == .done(first, isRepeated: true))
                #expect(first.count == 1)
                #expect(running.backplane.events.isEmpty)
                let other = await running.desk.ask(
                    Sample.notice("n"),
                    receipt: Sample.receipt("k", fingerprint: "other")
                )
                #expect(other == .keyReused)
            }
            try await reopened.close()
        }
    }
}
