import Domain
import Storage
import Synchronization

/// A store around another one: it counts, fails and waits as the test says.
final class ScriptedStore: EventStore {
    enum Act {
        /// Nothing is stored.
        case fail
        /// All is stored, but the caller is told otherwise.
        case failAfterStoring
        /// Waits inside of the append until ``release()``.
        case hold
        /// Runs before the append, as another writer would.
        case first(@Sendable () async -> Void)
    }

    private struct State {
        var acts: [Act] = []
        var readsFail = false
        var batches: [Int] = []
        var durable = Offset.start
        var wasCancelled = false
        var reads = 0
        var eventsRead = 0
        var savesFail = false
        var damaged: Set<Offset> = []
        var trims = 0
    }

    private let base: any EventStore
    private let state = Mutex(State())
    private let arrivals = AsyncStream.makeStream(of: Void.self)
    private let releases = AsyncStream.makeStream(of: Void.self)

    init(_ base: any EventStore) { self.base = base }

    var epoch: Epoch { base.epoch }

    /// Appends in each call, refused and failed ones included.
    var batches: [Int] { state.withLock(\.batches) }
    /// The newest offset of an append that has returned.
    var durable: Offset { state.withLock(\.durable) }
    /// An append was reached by its caller's cancellation.
    var wasCancelled: Bool { state.withLock(\.wasCancelled) }
    /// Calls that asked for the events of one signal.
    var signalReads: Int { state.withLock(\.reads) }

    /// Events that were handed out by reading the log on.
    var eventsRead: Int { state.withLock(\.eventsRead) }
    /// Trimming transactions.
    var trims: Int { state.withLock(\.trims) }

    /// What the next appends do, in order; those behind work.
    func next(_ acts: Act...) { state.withLock { $0.acts += acts } }

    func reads(fail: Bool) { state.withLock { $0.readsFail = fail } }
    func saves(fail: Bool) { state.withLock { $0.savesFail = fail } }
    func damageCheckpoint(at offset: Offset) { state.withLock { _ = $0.damaged.insert(offset) } }

    /// Returns once an append is held.
    func untilHeld() async { for await _ in arrivals.stream { return } }

    func release() { releases.continuation.yield() }

    func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] {
        let act = state.withLock { state in
            state.batches.append(batch.count)
            return state.acts.isEmpty ? nil : state.acts.removeFirst()
        }
        switch act {
        case .fail: throw StoreError(.unavailable, "disk full")
        case .failAfterStoring:
            _ = try await base.append(batch)
            throw StoreError(.unavailable, "the answer was lost")
        case .hold:
            arrivals.continuation.yield()
            for await _ in releases.stream { break }
        case .first(let work): await work()
        case nil: break
        }
        let isCancelled = Task.isCancelled
        let outcomes = try await base.append(batch)
        let newest = try await base.extent().newest
        state.withLock { state in
            state.durable = newest
            state.wasCancelled = state.wasCancelled || isCancelled
        }
        return outcomes
    }

    func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] {
        try checkReads()
        let events = try await base.events(after: position, limit: limit)
        state.withLock { $0.eventsRead += events.count }
        return events
    }

    func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] {
        try checkReads()
        state.withLock { $0.reads += 1 }
        return try await base.events(of: signal)
    }

    func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent] {
        try checkReads()
        return try await base.events(at: offsets)
    }

    func extent() async throws(StoreError) -> Extent {
        try checkReads()
        return try await base.extent()
    }

    func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? {
        try checkReads()
        return try await base.receipt(for: key)
    }

    func forgetReceipts(before moment: Timestamp) async throws(StoreError) {
        try await base.forgetReceipts(before: moment)
    }

    func head() async throws(StoreError) -> LogHead {
        try checkReads()
        return try await base.head()
    }

    func entries(_ query: LogQuery) async throws(StoreError) -> LogPage {
        try checkReads()
        return try await base.entries(query)
    }

    func save(_ checkpoint: Checkpoint) async throws(StoreError) {
        guard !state.withLock(\.savesFail) else { throw StoreError(.unavailable, "disk full") }
        try await base.save(checkpoint)
    }

    func checkpoints() async throws(StoreError) -> [Offset] {
        try checkReads()
        return try await base.checkpoints()
    }

    func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint {
        try checkReads()
        if state.withLock({ $0.damaged.contains(offset) }) { throw StoreError(.corrupted, "a bit has flipped") }
        return try await base.checkpoint(at: offset)
    }

    func trim(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Extent {
        state.withLock { $0.trims += 1 }
        return try await base.trim(through: position, recordedBefore: moment, limit: limit)
    }

    func readers() async throws(StoreError) -> [Reader] {
        try checkReads()
        return try await base.readers()
    }

    func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {
        guard !state.withLock(\.savesFail) else { throw StoreError(.unavailable, "disk full") }
        try await base.save(readers: readers, forgetting: forgotten)
    }

    private func checkReads() throws(StoreError) {
        guard !state.withLock(\.readsFail) else { throw StoreError(.unavailable, "cannot be read") }
    }
}
