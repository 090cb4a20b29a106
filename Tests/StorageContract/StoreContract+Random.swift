import Domain
import Foundation
import SeededRandom
import Storage
import Testing

extension StoreContract {
    static let random = (1...4).map { seed in
        Behaviour("random batches come out as in the model, seed \(seed)") { store in
            try await randomBatches(store, seed: UInt64(seed))
        }
    }

    private static func randomBatches(_ store: any EventStore, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var model = LogModel()
        for _ in 0..<60 {
            let batch = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                model.randomAppend(using: &generator)
            }
            let expected = batch.map { model.store($0) }
            #expect(try await store.append(batch) == expected)
            try await compare(store, with: model)
        }
        for id in model.signals {
            #expect(try await store.events(of: id) == model.events.filter { $0.event.signal?.id == id })
        }
    }

    private static func compare(_ store: any EventStore, with model: LogModel) async throws {
        let newest = Offset(Int64(model.events.count))
        #expect(try await store.extent() == Extent(oldest: Offset(1), newest: newest))
        #expect(try await store.events(after: .start, limit: .max) == model.events)
        for (key, receipt) in model.receipts { #expect(try await store.receipt(for: key) == receipt) }
    }
}

/// The simplest log there could be, and the batches that try to confuse it.
private struct LogModel {
    var events: [RecordedEvent] = []
    var receipts: [IdempotencyKey: Receipt] = [:]
    let signals: [SignalID]
    private let keys: [IdempotencyKey]

    init() {
        signals = (1...6).map { SignalID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $0))) }
        keys = (1...30).map { IdempotencyKey(scope: "user:\($0 % 3)", key: "key \($0 / 2)") }
    }

    /// The version of the newest event of the signal: looked up the slow way.
    private func version(_ id: SignalID) -> Int {
        events.last { $0.event.signal?.id == id }?.event.signal?.version ?? 0
    }

    mutating func store(_ append: Append) -> AppendOutcome {
        if let key = append.receipt?.key, let receipt = receipts[key] { return .keyUsed(receipt) }
        if let (id, expected) = append.expectedVersions.first, version(id) != expected {
            return .conflict(id, storedVersion: version(id))
        }
        let recorded = append.events.enumerated().map { index, event in
            RecordedEvent(
                offset: Offset(Int64(events.count + index + 1)),
                recordedAt: append.recordedAt,
                event: event
            )
        }
        events += recorded
        if let new = append.receipt { receipts[new.key] = Receipt(fingerprint: new.fingerprint, events: recorded) }
        return .appended(recorded)
    }

    /// About one signal at most, decided on a version that is right two times of three.
    func randomAppend(using generator: inout SeededGenerator) -> Append {
        let id = signals.randomElement(using: &generator)!
        let seen = version(id) + [0, 0, 0, 0, -1, 1].randomElement(using: &generator)!
        let steps = Int.random(in: 0...2, using: &generator)
        var events = (0..<steps).map { Samples.approved(id, version: seen + $0 + 1) }
        for number in 0..<Int.random(in: 0...2, using: &generator) {
            events.insert(Samples.notice("n\(number)"), at: Int.random(in: 0...events.count, using: &generator))
        }
        let key = Bool.random(using: &generator) ? keys.randomElement(using: &generator) : nil
        return Append(
            events: events,
            recordedAt: Samples.monday.advanced(byMilliseconds: Int64.random(in: 0...1_000_000, using: &generator)),
            expectedVersions: [id: seen],
            receipt: key.map { Append.NewReceipt(key: $0, fingerprint: "\($0.key)/\(steps)") }
        )
    }
}
