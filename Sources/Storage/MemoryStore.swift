package import Domain
import Synchronization

/// A log that lives as long as the process: for tests, and to look at the desk without keeping anything.
///
/// Isolation: one `Mutex` around short synchronous work; nothing is called while it is held.
package final class MemoryStore: EventStore {
    package let epoch: Epoch
    private let log = Mutex(Log())

    package init(epoch: Epoch = .random()) {
        self.epoch = epoch
    }

    package func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome] {
        log.withLock { log in batch.map { log.store($0) } }
    }

    package func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent] {
        log.withLock { log in
            guard position < log.newest, limit > 0 else { return [] }
            return Array(log.events[Int(max(position.value, 0))...].prefix(limit))
        }
    }

    package func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] {
        log.withLock { log in (log.indices[signal] ?? []).map { log.events[$0] } }
    }

    package func extent() async throws(StoreError) -> Extent {
        log.withLock { log in Extent(oldest: Offset.start.next, newest: log.newest) }
    }

    package func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? {
        log.withLock { log in log.receipts[key]?.receipt }
    }

    package func forgetReceipts(before moment: Timestamp) async throws(StoreError) {
        log.withLock { log in log.receipts = log.receipts.filter { $0.value.recordedAt >= moment } }
    }
}

/// What a ``MemoryStore`` holds; the event with offset `n` is at index `n - 1`.
private struct Log {
    var events: [RecordedEvent] = []
    var indices: [SignalID: [Int]] = [:]
    var versions: [SignalID: Int] = [:]
    var receipts: [IdempotencyKey: (receipt: Receipt, recordedAt: Timestamp)] = [:]

    var newest: Offset { Offset(Int64(events.count)) }

    mutating func store(_ append: Append) -> AppendOutcome {
        if let key = append.receipt?.key, let used = receipts[key] { return .keyUsed(used.receipt) }
        switch append.checkVersions({ versions[$0] ?? 0 }) {
        case .conflict(let id, let storedVersion): return .conflict(id, storedVersion: storedVersion)
        case .passed(let changed): versions.merge(changed) { _, new in new }
        }
        let recorded = append.events.map { record($0, at: append.recordedAt) }
        if let new = append.receipt {
            receipts[new.key] = (Receipt(fingerprint: new.fingerprint, events: recorded), append.recordedAt)
        }
        return .appended(recorded)
    }

    private mutating func record(_ event: Event, at moment: Timestamp) -> RecordedEvent {
        let recorded = RecordedEvent(offset: newest.next, recordedAt: moment, event: event)
        if let signal = event.signal { indices[signal.id, default: []].append(events.count) }
        events.append(recorded)
        return recorded
    }
}
