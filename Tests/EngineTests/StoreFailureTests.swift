import Domain
import Engine
import Storage
import Testing

/// Promise 2: no fault ever approves. And the desk never says other than the log.
@Suite struct StoreFailureTests {
    @Test(arguments: StoreKind.allCases)
    func `when the store fails the whole batch fails and nothing has happened`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                let first = await running.hold(Sample.notice("first"))
                running.store.next(.fail)
                // The last one is a refusal that rests on an approval which was not stored.
                let commands = [
                    Sample.receive(SignalID()), Sample.approve(id, by: "alice"), Sample.reject(id, by: "bob"),
                ]
                var tasks: [Task<Answer, Never>] = []
                for (index, command) in commands.enumerated() {
                    tasks.append(Task { await running.desk.ask(command) })
                    await running.untilQueued(index + 1)
                }
                running.store.release()
                #expect(await first.value.isDone)
                for task in tasks { #expect(await task.value == .store(.unavailable)) }
                #expect(try await running.status(id) == .pendingReview)
                #expect(running.backplane.offsets == [1, 2])
                #expect(try await running.log().count == 2)

                #expect(await running.desk.ask(Sample.reject(id, by: "bob")).isDone)
                #expect(running.backplane.offsets == [1, 2, 3])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `when only the answer is lost the desk says what the log says`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let id = try await running.receive()
                let first = await running.hold(Sample.notice("first"))
                running.store.next(.failAfterStoring)
                let commands = [Sample.approve(id, by: "alice"), Sample.reject(id, by: "bob"), Sample.notice("n")]
                var tasks: [Task<Answer, Never>] = []
                for (index, command) in commands.enumerated() {
                    tasks.append(Task { await running.desk.ask(command) })
                    await running.untilQueued(index + 1)
                }
                running.store.release()
                #expect(await first.value.isDone)
                #expect(await tasks[0].value.events.map(\.offset.value) == [3])
                #expect(await tasks[1].value.refusal?.code == .alreadyDecided)
                #expect(await tasks[2].value.events.map(\.offset.value) == [4])
                #expect(try await running.status(id) == .approved(.buy))
                #expect(try await running.log() == running.backplane.events)
            }
        }
    }

    @Test func `when the log cannot be read either, nothing is decided until it can`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            running.store.next(.failAfterStoring)
            running.store.reads(fail: true)
            #expect(await running.desk.ask(Sample.approve(id, by: "alice")) == .store(.unavailable))
            #expect(await running.desk.ask(Sample.reject(id, by: "bob")) == .store(.unavailable))
            #expect(running.store.batches == [1, 1])
            #expect(running.backplane.offsets == [1])

            running.store.reads(fail: false)
            let late = await running.desk.ask(Sample.reject(id, by: "bob"))
            #expect(late.refusal?.detail.hasPrefix("alice decided first") == true)
            #expect(running.backplane.offsets == [1, 2])
            #expect(try await running.log().count == 2)
        }
    }

    @Test func `tabs learn what was stored as soon as the store is back, without another request`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            running.store.next(.failAfterStoring)
            running.store.reads(fail: true)
            #expect(await running.desk.ask(Sample.approve(id)) == .store(.unavailable))
            await running.clock.turn(milliseconds: 200)
            #expect(running.backplane.offsets == [1])
            running.store.reads(fail: false)
            await running.clock.turn(milliseconds: 200)
            await running.backplane.until(2)
            #expect(running.backplane.offsets == [1, 2])
            #expect(try await running.status(id) == .approved(.buy))
        }
    }

    @Test func `asking again under the same key tells what became of a lost answer`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            running.store.next(.failAfterStoring)
            let first = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k"))
            let again = await running.desk.ask(Sample.approve(id), receipt: Sample.receipt("k"))
            #expect(first.events.map(\.offset.value) == [2])
            #expect(again == .done(first.events, isRepeated: true))
        }
    }

    @Test func `signals received in a lost answer still expire`() async throws {
        try await RunningDesk.with { running in
            running.store.next(.failAfterStoring)
            let id = try await running.receive(expiresInMs: 1_000)
            await running.clock.turn(milliseconds: 1_200)
            #expect(try await running.status(id) == .expired)
        }
    }

    @Test func `a store that fails again and again never decides`() async throws {
        try await RunningDesk.with { running in
            let ids = try await [running.receive("A"), running.receive("B"), running.receive("C")]
            for _ in 0..<20 {
                running.store.next(.fail)
                #expect(await running.desk.ask(ids.map { Sample.approve($0) }) == .store(.unavailable))
            }
            #expect(await running.desk.pendingCount == 3)
            #expect(try await running.log().count == 3)
        }
    }

    @Test func `a request that cannot look up its key or its signal fails`() async throws {
        try await RunningDesk.with { running in
            running.store.reads(fail: true)
            #expect(await running.desk.ask(Sample.notice("n"), receipt: Sample.receipt("k")) == .store(.unavailable))
            #expect(await running.desk.ask(Sample.approve(SignalID())) == .store(.unavailable))
            running.store.reads(fail: false)
            #expect(await running.desk.ask(Sample.notice("n"), receipt: Sample.receipt("k")).isDone)
        }
    }

    @Test func `a desk that cannot read its log does not start`() async throws {
        let store = ScriptedStore(MemoryStore())
        store.reads(fail: true)
        let desk = Desk(store: store, backplane: RecordingBackplane(), logger: .silent)
        await #expect(throws: StoreError.self) { try await desk.recover() }
    }
}
