import Domain
import HeapModule

/// Signals that something is to be done about at a moment, soonest first.
///
/// Entries of signals that have changed in the meantime stay until they are due: who takes them asks the decider, and for such
/// a signal nothing follows.
struct DueQueue {
    private var heap = Heap<Entry>()

    private struct Entry: Comparable {
        let atMs: Int64
        let id: SignalID

        static func < (one: Entry, other: Entry) -> Bool { one.atMs < other.atMs }
    }

    /// - Parameter uptimeMs: by the clock of ``Deadlines``.
    mutating func add(_ id: SignalID, at uptimeMs: Int64) { heap.insert(Entry(atMs: uptimeMs, id: id)) }

    /// Removes and returns at most `limit` signals whose time has come.
    mutating func takeDue(at uptimeMs: Int64, limit: Int) -> [(id: SignalID, overdueMs: Int64)] {
        var due: [(id: SignalID, overdueMs: Int64)] = []
        while due.count < limit, let next = heap.min, next.atMs <= uptimeMs {
            due.append((heap.removeMin().id, uptimeMs - next.atMs))
        }
        return due
    }
}
