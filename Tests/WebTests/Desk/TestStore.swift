import Domain
import Storage
import Synchronization
import Testing

/// A store in memory that fails, waits and forgets as the test says.
final class TestStore: EventStore {
    private struct State {
        var readsFail = false
        var eventsFail = false
        var appendsFail = false
        var readersFail = false
        var appendGate: Gate?
    }

    private let base = MemoryStore(epoch: Epoch("epoch-1"))
    private let state = Mutex(State())

    var epoch: Epoch { base.epoch }

    func reads(fail: Bool) { state.withLock { $0.readsFail = fail } }
    /// Only the reading of the log, as for a replay.
    func events(fail: Bool) { state.withLock { $0.eventsFail = fail } }
    func appends(fail: Bool) { state.withLock { $0.appendsFail = fail } }
    func readers(fail: Bool) { state.withLock { $0.readersFail = fail } }
    /// Lets go of what is older.
    ///
    /// - Parameter checkpoint: what is known of it.
    func trim(before oldest: Int64, knowing checkpoint: Checkpoint) async throws {
        try await base.save(checkpoint)
        let extent = try await base.trim(
            through: Offset(oldest - 1),
            recordedBefore: Timestamp(milliseconds: .max),
            limit: .max
        )
        #expect(extent.oldest == Offset(oldest))
    }

    /// Holds the next append.
    func holdAppend() -> Gate {
        let gate = Gate()
        state.withLock { $0.appendGate = gate }
        return gate
    }

    /// Puts so many notices into the log.
    func fill(_ count: Int) async throws {
        guard count > 0 else { return }
        let events = (1...count).map { Event.observed(.notice(Notice(id: "n\($0)", message: "m", kind: .info))) }
        _ = try await base.append([
            Append(events: events, recordedAt: Timestamp(milliseconds: 1_769_164_100_000), expectedVersions: [:])
        ])
    }

    var log: [RecordedEvent] {
        get async throws { try await base.events(after: .start, limit: .max) }
    }

    func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] {
        let (fails, gate) = state.withLock { state in
            defer { state.appendGate = nil }
            return (state.appendsFail, state.appendGate)
        }
        await gate?.pass()
        if fails { throw StoreError(.unavailable, "the disk is full") }
        return try await base.append(batch)
    }

    func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] {
        try checkReads()
        guard !state.withLock(\.eventsFail) else { throw StoreError(.unavailable, "secret: the disk is gone") }
        return try await base.events(after: position, limit: limit)
    }

    func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] {
        try checkReads()
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

    func save(_ checkpoint: Checkpoint) async throws(StoreError) { try await base.save(checkpoint) }

    func checkpoints() async throws(StoreError) -> [Offset] {
        try checkReads()
        return try await base.checkpoints()
    }

    func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint {
        try checkReads()
        return try await base.checkpoint(at: offset)
    }

    func trim(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Extent {
        try await base.trim(through: position, recordedBefore: moment, limit: limit)
    }

    func readers() async throws(StoreError) -> [Reader] { try await base.readers() }

    func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {
        guard !state.withLock(\.readersFail) else { throw StoreError(.unavailable, "the disk is full") }
        try await base.save(readers: readers, forgetting: forgotten)
    }

    private func checkReads() throws(StoreError) {
        guard !state.withLock(\.readsFail) else { throw StoreError(.unavailable, "secret: the disk is gone") }
    }
}

/// Where one caller waits until the test lets it go on.
final class Gate: Sendable {
    private let arrival = AsyncStream.makeStream(of: Void.self)
    private let release = AsyncStream.makeStream(of: Void.self)

    func pass() async {
        arrival.continuation.finish()
        for await _ in release.stream {}
    }

    func untilReached() async { for await _ in arrival.stream {} }
    func open() { release.continuation.finish() }
}
