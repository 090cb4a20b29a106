import Domain
import GRDB
import Storage

/// A row of the `event` table before its JSON is read.
struct StoredEvent: Sendable {
    let offset: Offset
    let recordedAt: Timestamp
    let stored: EventFormat.Stored

    /// - Parameter row: `offset`, `recorded_at`, `type`, `payload`.
    init(_ row: Row) {
        offset = Offset(row[0])
        recordedAt = Timestamp(milliseconds: row[1])
        stored = EventFormat.Stored(type: row[2], payload: row[3])
    }

    func decoded(by format: EventFormat) throws(StoreError) -> RecordedEvent {
        do {
            return RecordedEvent(offset: offset, recordedAt: recordedAt, event: try format.decode(stored))
        } catch {
            throw StoreError(error.code, "Event \(offset): \(error.message)", underlying: error.underlying)
        }
    }
}

extension [StoredEvent] {
    /// Events one task decodes; fewer are not worth a task of their own.
    private static var perTask: Int { 250 }

    func decoded(by format: EventFormat) throws(StoreError) -> [RecordedEvent] {
        try map { event throws(StoreError) in try event.decoded(by: format) }
    }

    /// The same on all cores: reading JSON is most of what recovery does (27,000 events a second on one core).
    func decodedInParallel(by format: EventFormat) async throws(StoreError) -> [RecordedEvent] {
        guard count > Self.perTask else { return try decoded(by: format) }
        let parts = await withTaskGroup(of: (Int, Result<[RecordedEvent], StoreError>).self) { group in
            for start in stride(from: 0, to: count, by: Self.perTask) {
                let part = Array(self[start..<Swift.min(start + Self.perTask, count)])
                group.addTask { (start, Result { () throws(StoreError) in try part.decoded(by: format) }) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var events: [RecordedEvent] = []
        events.reserveCapacity(count)
        for (_, part) in parts.sorted(by: { $0.key < $1.key }) { events += try part.get() }
        return events
    }
}
