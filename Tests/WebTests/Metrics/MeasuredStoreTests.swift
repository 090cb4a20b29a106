import Domain
import Prometheus
import Storage
import StorageContract
import Synchronization
import Testing

@testable import Web

/// The store is what it was, and what it takes is known (OBS-02).
@Suite struct MeasuredStoreTests {
    @Test(arguments: StoreContract.behaviours)
    func `a measured store keeps the contract`(behaviour: StoreContract.Behaviour) async throws {
        try await behaviour.check(MeasuredStore(MemoryStore(), metrics: MetricRegistry()))
    }

    @Test func `transactions are timed, and calls that fail are counted`() async throws {
        let registry = MetricRegistry()
        let time = Mutex(ContinuousClock.now)
        let base = TestStore()
        let store = MeasuredStore(base, metrics: registry) {
            time.withLock { time in
                defer { time = time.advanced(by: .milliseconds(4)) }
                return time
            }
        }
        #expect(store.epoch == base.epoch)
        for _ in 0..<2 { _ = try await store.append([Append(Samples.notice("n"))]) }
        #expect(registry.text.contains("countersign_store_append_ms_sum 8\n"))
        #expect(registry.text.contains("countersign_store_append_ms_bucket{le=\"5\"} 2\n"))

        base.appends(fail: true)
        await #expect(throws: StoreError.self) { try await store.append([Append(Samples.notice("n"))]) }
        base.readers(fail: true)
        await #expect(throws: StoreError.self) { try await store.save(readers: [], forgetting: []) }
        #expect(registry.text.contains("countersign_store_append_ms_count 2\n"))
        #expect(registry.text.contains("countersign_store_failures_total 2\n"))
    }

    @Test func `who asks from before the log is answered, which is no failure`() async throws {
        let registry = MetricRegistry()
        let store = MeasuredStore(MemoryStore(), metrics: registry)
        _ = try await store.append((0..<3).map { Append(Samples.notice("n\($0)")) })
        try await store.save(Samples.checkpoint(at: 3))
        _ = try await store.trim(through: Offset(2), recordedBefore: Timestamp(milliseconds: .max), limit: 9)
        await #expect(throws: StoreError.self) { try await store.events(after: .start, limit: 1) }
        #expect(registry.text.contains("countersign_store_failures_total 0\n"))
    }
}
