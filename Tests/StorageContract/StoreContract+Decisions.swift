import Domain
import Storage
import Testing

extension StoreContract {
    static let decisions = [
        Behaviour("a refused append leaves nothing of itself behind", refusedAppendLeavesNothing),
        Behaviour("the second decision on one version is a conflict (GAP-09)", secondDecision),
        Behaviour("of many decisions at once exactly one is stored (GAP-09)", manyDecisions),
        Behaviour("an append sees the versions left by those before it in the batch", versionsInsideBatch),
        Behaviour("a conflict does not disturb the others of its batch", conflictAmongOthers),
        Behaviour("a signal that exists cannot be received again, asked for or not", receivedTwice),
        Behaviour("an expectation about a signal without events in the append counts too", guardOnly),
        Behaviour("one append may take a signal through several versions", severalVersions),
    ]

    private static func refusedAppendLeavesNothing(_ store: any EventStore) async throws {
        let (known, new) = (SignalID(), SignalID())
        _ = try await store.append([Append(Samples.received(known))])

        let outcomes = try await store.append([
            Append(
                events: [Samples.received(new), Samples.approved(known)],
                recordedAt: Samples.monday,
                expectedVersions: [known: 7],
                receipt: .init("k")
            )
        ])

        #expect(outcomes == [.conflict(known, storedVersion: 1)])
        #expect(try await store.extent().newest == Offset(1))
        #expect(try await store.events(of: new).isEmpty)
        #expect(try await store.receipt(for: IdempotencyKey(scope: "user:alice", key: "k")) == nil)
        let afterwards = try await store.append([Append(Samples.received(new), under: .init("k"))])
        #expect(afterwards.events.map(\.offset.value) == [2])
    }

    private static func secondDecision(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        let decision = Append(
            events: [Samples.approved(id)],
            recordedAt: Samples.monday,
            expectedVersions: [id: 1]
        )

        #expect(try await store.append([decision]).events.count == 1)
        #expect(try await store.append([decision]) == [.conflict(id, storedVersion: 2)])
        #expect(try await store.events(of: id).count == 2)
    }

    private static func manyDecisions(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        let stored = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask { try await store.append([Append(Samples.approved(id))]).events.count }
            }
            return try await group.reduce(0, +)
        }
        #expect(stored == 1)
        #expect(try await store.events(of: id).count == 2)
    }

    private static func versionsInsideBatch(_ store: any EventStore) async throws {
        let id = SignalID()
        let outcomes = try await store.append([
            Append(events: [Samples.received(id)], recordedAt: Samples.monday, expectedVersions: [id: 0]),
            Append(events: [Samples.approved(id)], recordedAt: Samples.monday, expectedVersions: [id: 1]),
            Append(events: [Samples.approved(id)], recordedAt: Samples.monday, expectedVersions: [id: 1]),
            Append(events: [Samples.executed(id)], recordedAt: Samples.monday, expectedVersions: [id: 2]),
        ])
        #expect(outcomes.events.map { $0.event.signal?.version } == [1, 2, 3])
        #expect(outcomes[2] == .conflict(id, storedVersion: 2))
    }

    private static func conflictAmongOthers(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        let outcomes = try await store.append([
            Append(Samples.notice("before"), under: .init("before")),
            Append(Samples.approved(id, version: 9)),
            Append(Samples.notice("after"), under: .init("after")),
        ])
        #expect(outcomes[1] == .conflict(id, storedVersion: 1))
        #expect(outcomes.events.map(\.event) == [Samples.notice("before"), Samples.notice("after")])
        #expect(try await store.events(after: Offset(1), limit: 10) == outcomes.events)
    }

    private static func receivedTwice(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        let named = Append(events: [Samples.received(id)], recordedAt: Samples.monday, expectedVersions: [id: 0])
        let unnamed = Append(Samples.received(id))
        let conflict = AppendOutcome.conflict(id, storedVersion: 1)
        #expect(try await store.append([named, unnamed]) == [conflict, conflict])
    }

    private static func guardOnly(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        func notice(expecting version: Int) -> Append {
            Append(events: [Samples.notice("n")], recordedAt: Samples.monday, expectedVersions: [id: version])
        }
        #expect(try await store.append([notice(expecting: 0)]) == [.conflict(id, storedVersion: 1)])
        #expect(try await store.append([notice(expecting: 1)]).events.count == 1)
        let stranger = SignalID()
        let aboutStranger = Append(events: [], recordedAt: Samples.monday, expectedVersions: [stranger: 1])
        #expect(try await store.append([aboutStranger]) == [.conflict(stranger, storedVersion: 0)])
    }

    private static func severalVersions(_ store: any EventStore) async throws {
        let id = SignalID()
        let outcome = try await store.append([
            Append(Samples.received(id), Samples.approved(id), Samples.executed(id))
        ])
        #expect(outcome.events.count == 3)
        #expect(try await store.append([Append(Samples.approved(id))]) == [.conflict(id, storedVersion: 3)])
    }
}
