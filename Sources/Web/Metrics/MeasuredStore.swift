package import Domain
package import Metrics
package import Storage

/// A store that tells how long its transactions take and how often it fails (OBS-02). All else is the store's own.
package struct MeasuredStore: EventStore {
    private let base: any EventStore
    private let appends: Metrics.Timer
    private let failures: Counter
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(
        _ base: any EventStore,
        metrics factory: any MetricsFactory,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.base = base
        self.now = now
        appends = Metrics.Timer(.storeAppend, factory)
        failures = Counter(.storeFailures, factory)
    }

    package var epoch: Epoch { base.epoch }

    package func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] {
        let start = now()
        let outcomes = try await counted { () async throws(StoreError) in try await base.append(batch) }
        appends.recordNanoseconds(Int64((now() - start) / .nanoseconds(1)))
        return outcomes
    }

    package func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] {
        try await counted { () async throws(StoreError) in try await base.events(after: position, limit: limit) }
    }

    package func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] {
        try await counted { () async throws(StoreError) in try await base.events(of: signal) }
    }

    package func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent] {
        try await counted { () async throws(StoreError) in try await base.events(at: offsets) }
    }

    package func extent() async throws(StoreError) -> Extent {
        try await counted { () async throws(StoreError) in try await base.extent() }
    }

    package func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? {
        try await counted { () async throws(StoreError) in try await base.receipt(for: key) }
    }

    package func forgetReceipts(before moment: Timestamp) async throws(StoreError) {
        try await counted { () async throws(StoreError) in try await base.forgetReceipts(before: moment) }
    }

    package func head() async throws(StoreError) -> LogHead {
        try await counted { () async throws(StoreError) in try await base.head() }
    }

    package func entries(_ query: LogQuery) async throws(StoreError) -> LogPage {
        try await counted { () async throws(StoreError) in try await base.entries(query) }
    }

    package func save(_ checkpoint: Checkpoint) async throws(StoreError) {
        try await counted { () async throws(StoreError) in try await base.save(checkpoint) }
    }

    package func checkpoints() async throws(StoreError) -> [Offset] {
        try await counted { () async throws(StoreError) in try await base.checkpoints() }
    }

    package func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint {
        try await counted { () async throws(StoreError) in try await base.checkpoint(at: offset) }
    }

    package func trim(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Extent {
        try await counted { () async throws(StoreError) in
            try await base.trim(through: position, recordedBefore: moment, limit: limit)
        }
    }

    package func readers() async throws(StoreError) -> [Reader] {
        try await counted { () async throws(StoreError) in try await base.readers() }
    }

    package func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {
        try await counted { () async throws(StoreError) in
            try await base.save(readers: readers, forgetting: forgotten)
        }
    }

    /// Who asks for what was trimmed gets an answer: that is no failure.
    private func counted<Value>(_ call: () async throws(StoreError) -> Value) async throws(StoreError) -> Value {
        do throws(StoreError) {
            return try await call()
        } catch {
            if error.code != .trimmed { failures.increment() }
            throw error
        }
    }
}
