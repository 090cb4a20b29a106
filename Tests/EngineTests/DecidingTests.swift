import Domain
import Engine
import Storage
import Testing

/// Promise 1: exactly one decision per signal, however many decide at once (GAP-09).
@Suite struct DecidingTests {
    @Test(arguments: StoreKind.allCases)
    func `of 200 decisions at once one wins and the others read who and when`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                for _ in 0..<20 { try await Self.race(on: running, users: 200) }
                #expect(running.backplane.offsets == Array(1...40))
            }
        }
    }

    private static func race(on running: RunningDesk, users: Int) async throws {
        let id = try await running.receive()
        let answers = await withTaskGroup(of: (Int, Answer).self) { group in
            for user in 0..<users {
                group.addTask {
                    let name = "user\(user)"
                    let command = user % 2 == 0 ? Sample.approve(id, by: name) : Sample.reject(id, by: name)
                    return (user, await running.desk.ask(command))
                }
            }
            return await group.reduce(into: [Int: Answer]()) { $0[$1.0] = $1.1 }
        }
        let winners = answers.filter(\.value.isDone)
        try #require(winners.count == 1)
        let (winner, answer) = try #require(winners.first)
        let signal = try #require(answer.events.first?.event.signal)
        let decision = try #require(signal.decision)
        #expect(decision.decidedBy.text == "user\(winner)")
        #expect(decision.outcome == (winner % 2 == 0 ? .approved(as: .buy) : .rejected(reason: "no")))
        for (user, answer) in answers where user != winner {
            #expect(answer.refusal?.code == .alreadyDecided)
            #expect(answer.refusal?.detail.hasPrefix("\(decision.decidedBy) decided first: AAPL was ") == true)
            #expect(answer.refusal?.detail.contains("\(decision.decidedAt)") == true)
            #expect(answer.refusal?.signals == [signal])
        }
        let history = try await running.store.events(of: id)
        #expect(history.compactMap(\.event.signal?.version) == [1, 2])
        #expect(history.last?.event.signal == signal)
    }

    @Test(arguments: StoreKind.allCases)
    func `requests that wait while a transaction runs share the next one`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running in
                let first = await running.hold(Sample.notice("first"))
                let others = (0..<100).map { index in
                    Task { await running.desk.ask(Sample.receive(SignalID(), "S\(index)")) }
                }
                await running.untilQueued(100)
                running.store.release()
                #expect(await first.value.isDone)
                for other in others { #expect(await other.value.isDone) }
                #expect(running.store.batches == [1, 100])
                #expect(running.backplane.publications == 2)
                #expect(running.backplane.offsets == Array(1...101))
            }
        }
    }

    @Test func `a batch has a limit`() async throws {
        var limits = Desk.Limits()
        limits.batchRequestsMax = 8
        try await RunningDesk.with(limits: limits) { running in
            let first = await running.hold(Sample.notice("first"))
            let others = (0..<20).map { index in Task { await running.desk.ask(Sample.notice("\(index)")) } }
            await running.untilQueued(20)
            running.store.release()
            #expect(await first.value.isDone)
            for other in others { #expect(await other.value.isDone) }
            #expect(running.store.batches == [1, 8, 8, 4])
        }
    }

    @Test func `a request of a batch sees those before it`() async throws {
        try await RunningDesk.with { running in
            let first = await running.hold(Sample.notice("first"))
            let id = SignalID()
            let commands = [Sample.receive(id), Sample.approve(id, by: "alice"), Sample.reject(id, by: "bob")]
            var tasks: [Task<Answer, Never>] = []
            for (index, command) in commands.enumerated() {
                tasks.append(Task { await running.desk.ask(command) })
                await running.untilQueued(index + 1)
            }
            running.store.release()
            #expect(await first.value.isDone)
            #expect(await tasks[0].value.isDone)
            #expect(await tasks[1].value.isDone)
            #expect(await tasks[2].value.refusal?.code == .alreadyDecided)
            #expect(running.store.batches == [1, 2])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `several commands are carried out together or not at all`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running async throws in
                let (one, other) = (SignalID(), SignalID())
                let all = await running.desk.ask(
                    Sample.receive(one),
                    Sample.approve(one),
                    .release(one),
                    .reportExecuted(one),
                    Sample.receive(other, "MSFT")
                )
                #expect(all.events.map(\.offset.value) == [1, 2, 3, 4, 5])
                #expect(try await running.status(one) == .executed)

                let none = await running.desk.ask(
                    Sample.receive(SignalID(), "TSLA"),
                    Sample.reject(other),
                    Sample.approve(one)
                )
                #expect(none.refusal?.code == .alreadyDecided)
                #expect(try await running.status(other) == .pendingReview)
                #expect(try await running.log().count == 5)
                #expect(running.backplane.offsets == [1, 2, 3, 4, 5])
            }
        }
    }

    @Test func `a refused request leaves nothing for those behind it in the batch`() async throws {
        try await RunningDesk.with { running in
            let id = try await running.receive()
            let first = await running.hold(Sample.notice("first"))
            let refused = Task {
                await running.desk.ask(Sample.reject(id), Sample.receive(SignalID()), .reportExecuted(SignalID()))
            }
            await running.untilQueued(1)
            let bySymbol = Task {
                let click = Command.Click(decisionID: DecisionID(), user: Sample.user("bob"))
                return await running.desk.ask(.approve(.symbol(Sample.symbol()), as: .buy, click))
            }
            await running.untilQueued(2)
            running.store.release()
            #expect(await first.value.isDone)
            #expect(await refused.value.refusal?.code == .signalNotFound)
            #expect(await bySymbol.value.isDone)
            #expect(try await running.status(id) == .approved(.buy))
        }
    }

    @Test func `signals of one symbol in one batch are told apart, oldest first (GAP-03)`() async throws {
        try await RunningDesk.with { running in
            let first = await running.hold(Sample.notice("first"))
            let ids = (0..<5).map { _ in SignalID() }
            let receiving = Task {
                await running.desk.ask(
                    Sample.receive(ids[0]),
                    Sample.receive(ids[1]),
                    Sample.receive(ids[2]),
                    Sample.receive(ids[3]),
                    Sample.receive(ids[4])
                )
            }
            await running.untilQueued(1)
            let click = Command.Click(decisionID: DecisionID(), user: Sample.user("bob"))
            let bySymbol = Task { await running.desk.ask(.approve(.symbol(Sample.symbol()), as: .buy, click)) }
            await running.untilQueued(2)
            running.store.release()
            #expect(await first.value.isDone)
            #expect(await receiving.value.isDone)
            #expect(await bySymbol.value.refusal?.code == .symbolAmbiguous)
            #expect(await bySymbol.value.refusal?.signals.map(\.id) == ids)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `events are published once, in the log's order, and only when durable`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await RunningDesk.with(store) { running async throws in
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<300 {
                        group.addTask {
                            let id = SignalID()
                            _ = await running.desk.ask(Sample.receive(id, "S\(index % 7)"))
                            _ = await running.desk.ask(Sample.approve(id), Sample.notice("\(index)"))
                        }
                    }
                }
                #expect(running.backplane.offsets == Array(1...900))
                #expect(try await running.log() == running.backplane.events)
                #expect(running.backplane.early.isEmpty)
            }
        }
    }

    @Test func `an answer comes after its events were published`() async throws {
        try await RunningDesk.with { running in
            for count in 1...50 {
                let answer = await running.desk.ask(Sample.notice("\(count)"))
                #expect(running.backplane.events.last == answer.events.last)
            }
        }
    }
}
