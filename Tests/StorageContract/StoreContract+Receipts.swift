import Domain
import Storage
import Testing

extension StoreContract {
    static let receipts = [
        Behaviour("a receipt holds exactly the events its request stored (GAP-09)", receiptEqualsEvents),
        Behaviour("a key is used once, also inside one batch (C18)", keyUsedOnce),
        Behaviour("a retried decision gets its receipt, not a conflict (GAP-09)", retriedDecision),
        Behaviour("a key means nothing in another's scope", scopes),
        Behaviour("a request that stored nothing has a receipt too", emptyReceipt),
        Behaviour("only receipts from before the moment are forgotten (GAP-09)", forgetting),
    ]

    private static func receiptEqualsEvents(_ store: any EventStore) async throws {
        let id = SignalID()
        let outcomes = try await store.append([
            Append(Samples.notice("before")),
            Append(Samples.received(id), Samples.approved(id), under: .init("k", fingerprint: "é ' 1")),
            Append(Samples.notice("after")),
        ])
        let receipt = try await store.receipt(for: IdempotencyKey(scope: "user:alice", key: "k"))
        #expect(receipt == Receipt(fingerprint: "é ' 1", events: Array(outcomes.events[1...2])))
    }

    private static func keyUsedOnce(_ store: any EventStore) async throws {
        let outcomes = try await store.append([
            Append(Samples.notice("first"), under: .init("k", fingerprint: "one")),
            Append(Samples.notice("second"), under: .init("k", fingerprint: "two")),
        ])
        let receipt = Receipt(fingerprint: "one", events: outcomes.events)
        #expect(outcomes.events.map(\.event) == [Samples.notice("first")])
        #expect(outcomes[1] == .keyUsed(receipt))
        #expect(try await store.append([Append(Samples.notice("third"), under: .init("k"))]) == [.keyUsed(receipt)])
        #expect(try await store.extent().newest == Offset(1))
    }

    private static func retriedDecision(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        let click = Append(
            events: [Samples.approved(id)],
            recordedAt: Samples.monday,
            expectedVersions: [id: 1],
            receipt: .init("click-1")
        )
        let first = try await store.append([click])
        #expect(try await store.append([click]) == [.keyUsed(Receipt(fingerprint: "print", events: first.events))])
    }

    private static func scopes(_ store: any EventStore) async throws {
        let outcomes = try await store.append([
            Append(Samples.notice("a"), under: .init("k", scope: "user:alice")),
            Append(Samples.notice("b"), under: .init("k", scope: "user:bob")),
        ])
        #expect(outcomes.events.count == 2)
        #expect(try await store.receipt(for: IdempotencyKey(scope: "user:carol", key: "k")) == nil)
        let bobs = try await store.receipt(for: IdempotencyKey(scope: "user:bob", key: "k"))
        #expect(bobs?.events.map(\.event) == [Samples.notice("b")])
    }

    private static func emptyReceipt(_ store: any EventStore) async throws {
        let receipt = Receipt(fingerprint: "print", events: [])
        #expect(try await store.append([Append(under: .init("k"))]) == [.appended([])])
        #expect(try await store.append([Append(Samples.notice("n"), under: .init("k"))]) == [.keyUsed(receipt)])
        #expect(try await store.receipt(for: IdempotencyKey(scope: "user:alice", key: "k")) == receipt)
    }

    private static func forgetting(_ store: any EventStore) async throws {
        let noon = Samples.monday
        let outcomes = try await store.append([
            Append(Samples.notice("old"), at: noon.advanced(byMilliseconds: -1), under: .init("old")),
            Append(Samples.notice("new"), at: noon, under: .init("new")),
        ])
        try await store.forgetReceipts(before: noon)

        #expect(try await store.receipt(for: IdempotencyKey(scope: "user:alice", key: "old")) == nil)
        #expect(try await store.receipt(for: IdempotencyKey(scope: "user:alice", key: "new")) != nil)
        #expect(try await store.events(after: .start, limit: 10) == outcomes.events)
        let again = try await store.append([Append(Samples.notice("again"), under: .init("old"))])
        #expect(again.events.map(\.offset.value) == [3])
    }
}
