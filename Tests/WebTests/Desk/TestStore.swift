import Domain
import Storage
import Synchronization

/// A store in memory that fails, waits and forgets as the test says.
final class TestStore: EventStore {
    private struct State {
        var readsFail = false
        var eventsFail = false
        var appendsFail = false
        var oldest: Offset?
        var appendGate: Gate?
    }

    private let base = MemoryStore(epoch: Epoch("epoch-1"))
    private let state = Mutex(State())

    var epoch: Epoch { base.epoch }

    func reads(fail: Bool) { state.withLock { $0.readsFail = fail } }
    /// Only the reading of the log, as for a replay.
    func events(fail: Bool) { state.withLock { $0.eventsFail = fail } }
    func appends(fail: Bool) { state.withLock { $0.appendsFail = fail } }
    /// What is older counts as no longer held.
    func trim(before oldest: Int64) { state.withLock { $0.oldest = Offset(oldest) } }

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

    func extent() async throws(StoreError) -> Extent {
        let oldest = state.withLock(\.oldest)
        try checkReads()
        let extent = try await base.extent()
        return Extent(oldest: oldest ?? extent.oldest, newest: extent.newest)
    }

    func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? {
        try checkReads()
        return try await base.receipt(for: key)
    }

    func forgetReceipts(before moment: Timestamp) async throws(StoreError) {
        try await base.forgetReceipts(before: moment)
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
