import Domain
import HeapModule

/// Signals that something is to be done about at a moment, soonest first.
///
/// Entries of signals that have changed in the meantime stay until they are due: who takes them asks the decider, and for such
/// a signal nothing follows.
struct DueQueue {
    private var heap = Heap<Entry>()

    private struct Entry: Comparable {
        let at: Timestamp
        let id: SignalID

        static func < (one: Entry, other: Entry) -> Bool { one.at < other.at }
    }

    mutating func add(_ id: SignalID, at time: Timestamp) { heap.insert(Entry(at: time, id: id)) }

    /// Removes and returns at most `limit` signals whose time has come.
    mutating func takeDue(at now: Timestamp, limit: Int) -> [SignalID] {
        var due: [SignalID] = []
        while due.count < limit, let next = heap.min, next.at <= now {
            due.append(heap.removeMin().id)
        }
        return due
    }
}
