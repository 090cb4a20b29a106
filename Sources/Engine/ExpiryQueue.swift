import Domain
import HeapModule

/// The pending signals that expire, soonest first.
///
/// Entries of signals that were decided in the meantime stay until they are due; expiring such a signal is nothing.
struct ExpiryQueue {
    private var heap = Heap<Entry>()

    private struct Entry: Comparable {
        let at: Timestamp
        let id: SignalID

        static func < (one: Entry, other: Entry) -> Bool { one.at < other.at }
    }

    mutating func watch(_ signal: Signal) {
        guard signal.status.isAwaitingApproval, let at = signal.proposal.expiresAt else { return }
        heap.insert(Entry(at: at, id: signal.id))
    }

    /// Removes and returns at most `limit` signals whose time has come.
    mutating func takeDue(at now: Timestamp, limit: Int) -> [SignalID] {
        var due: [SignalID] = []
        while due.count < limit, let next = heap.min, next.at <= now {
            due.append(heap.removeMin().id)
        }
        return due
    }
}
