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
        guard limit > 0 else { return [] }
        let position = max(position, .start)
        return try log.withLock { log throws(StoreError) in
            guard position.next >= log.oldest else { throw .trimmed(after: position, oldest: log.oldest) }
            guard position < log.newest else { return [] }
            return log.entries[Int(position.next.value - log.oldest.value)...].prefix(limit).map(\.recorded)
        }
    }

    package func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent] {
        log.withLock { log in (log.offsets[signal] ?? []).compactMap { log.event(at: $0) } }
    }

    package func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent] {
        log.withLock { log in Set(offsets).sorted().compactMap { log.event(at: $0) } }
    }

    package func extent() async throws(StoreError) -> Extent {
        log.withLock(\.extent)
    }

    package func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt? {
        log.withLock { log in log.receipts[key]?.receipt }
    }

    package func forgetReceipts(before moment: Timestamp) async throws(StoreError) {
        log.withLock { log in log.receipts = log.receipts.filter { $0.value.recordedAt >= moment } }
    }

    package func head() async throws(StoreError) -> LogHead { log.withLock(\.head) }

    package func entries(_ query: LogQuery) async throws(StoreError) -> LogPage {
        log.withLock { log in log.page(query) }
    }

    package func save(_ checkpoint: Checkpoint) async throws(StoreError) {
        log.withLock { log in
            log.checkpoints.removeAll { $0.offset == checkpoint.offset }
            log.checkpoints = ([checkpoint] + log.checkpoints).sorted { $0.offset > $1.offset }.prefix(2).map(\.self)
        }
    }

    package func checkpoints() async throws(StoreError) -> [Offset] {
        log.withLock { log in log.checkpoints.map(\.offset) }
    }

    package func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint {
        guard let checkpoint = log.withLock({ log in log.checkpoints.first { $0.offset == offset } }) else {
            throw StoreError(.corrupted, "There is no checkpoint at \(offset).")
        }
        return checkpoint
    }

    package func trim(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Extent {
        log.withLock { log in
            log.trim(through: position, recordedBefore: moment, limit: limit)
            return log.extent
        }
    }

    package func readers() async throws(StoreError) -> [Reader] {
        log.withLock { log in log.readers.values.sorted { $0.user < $1.user } }
    }

    package func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {
        log.withLock { log in
            for user in forgotten { log.readers[user] = nil }
            for reader in readers { log.readers[reader.user] = reader }
        }
    }
}

extension MemoryStore: PaperTradeStore {
    package func paperTrades() async throws(StoreError) -> PaperTrades { log.withLock(\.paper) }

    package func save(
        paperTrades: [SignalID: PaperTrade],
        forgetting forgotten: [SignalID],
        watchedUntil: Timestamp
    ) async throws(StoreError) {
        log.withLock { log in
            for id in forgotten { log.paper.trades[id] = nil }
            log.paper.trades.merge(paperTrades) { _, new in new }
            log.paper.watchedUntil = watchedUntil
        }
    }
}

/// What a ``MemoryStore`` holds.
private struct Log {
    /// From `oldest` on, without a hole.
    var entries: [LogEntry] = []
    var oldest = Offset.start.next
    /// What lies before `oldest` and is kept for ever.
    var kept: [Offset: LogEntry] = [:]
    var offsets: [SignalID: [Offset]] = [:]
    var versions: [SignalID: Int] = [:]
    var receipts: [IdempotencyKey: (receipt: Receipt, recordedAt: Timestamp)] = [:]
    /// Newest first.
    var checkpoints: [Checkpoint] = []
    var readers: [UserName: Reader] = [:]
    var paper = PaperTrades()
    var head = LogHead.beginning
    private let format = EventFormat()

    var newest: Offset { head.offset }
    var extent: Extent { Extent(oldest: oldest, newest: newest) }

    func event(at offset: Offset) -> RecordedEvent? {
        let index = Int(offset.value - oldest.value)
        return (entries.indices.contains(index) ? entries[index] : kept[offset])?.recorded
    }

    func page(_ query: LogQuery) -> LogPage {
        guard query.entriesMax > 0 else { return LogPage(entries: [], end: nil) }
        var all = kept.values.sorted { $0.offset < $1.offset } + entries
        if query.order == .newest { all.reverse() }
        let candidates = all.filter { entry in
            query.isBeyond(entry.offset) && (query.user == nil || entry.recorded.event.user == query.user)
                && (query.signal == nil || entry.recorded.event.signal?.id == query.signal)
        }
        var wanted: [LogEntry] = []
        for (scanned, entry) in candidates.enumerated() {
            if wanted.count == query.entriesMax || scanned == query.scannedMax {
                return LogPage(entries: wanted, end: scanned > 0 ? candidates[scanned - 1].offset : nil)
            }
            if query.admits(entry.type, at: entry.recorded.recordedAt) { wanted.append(entry) }
        }
        return LogPage(entries: wanted, end: nil)
    }

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
        if let signal = event.signal { offsets[signal.id, default: []].append(recorded.offset) }
        let stored = format.encode(event)
        let previous = head.hash
        head = head.followed(by: EntryContent(recorded, as: stored))
        entries.append(
            LogEntry(recorded: recorded, type: stored.type, hash: head.hash, previousHash: previous)
        )
        return recorded
    }

    mutating func trim(through position: Offset, recordedBefore moment: Timestamp, limit: Int) {
        let range = TrimmedRange(
            through: position,
            recordedBefore: moment,
            limit: limit,
            of: extent,
            checkpoint: checkpoints.last?.offset,
            oldestReceipt: receipts.values.lazy.map(\.recordedAt).min()
        )
        guard let range else { return }
        let gone = entries.prefix { $0.offset < range.end && $0.recorded.recordedAt < range.recordedBefore }
        for entry in gone where entry.recorded.event.isKeptForEver { kept[entry.offset] = entry }
        oldest = Offset(oldest.value + Int64(gone.count))
        entries.removeFirst(gone.count)
    }
}
