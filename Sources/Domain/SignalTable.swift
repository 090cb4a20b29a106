/// Signals by id and in the order of their last changes, so that neither a change nor a question what has changed since
/// costs more the more signals there are.
struct SignalTable: Sendable {
    private var entries: [SignalID: Entry] = [:]
    /// Every change, oldest first. A signal that changes once more leaves its earlier changes behind: these are passed over,
    /// and thrown out in bulk.
    private var changes: [Change] = []

    private struct Entry {
        var signal: Signal
        var changedAt: Offset
    }

    private struct Change {
        let id: SignalID
        let at: Offset
        /// The latest `updatedAt` up to here: it never falls, although the clock may have been set back.
        let updatedAtMax: Timestamp
    }

    var count: Int { entries.count }

    subscript(id: SignalID) -> Signal? { entries[id]?.signal }

    /// Records the signal as it is after its change at `offset`, which lies behind all before it, and returns it as it was.
    mutating func record(_ signal: Signal, at offset: Offset) -> Signal? {
        let updatedAtMax = max(changes.last?.updatedAtMax ?? signal.updatedAt, signal.updatedAt)
        changes.append(Change(id: signal.id, at: offset, updatedAtMax: updatedAtMax))
        let known = entries.updateValue(Entry(signal: signal, changedAt: offset), forKey: signal.id)?.signal
        if changes.count > 2 * entries.count + Self.overtakenMin { changes = changes.filter { current($0) != nil } }
        return known
    }

    /// Fewer overtaken changes are not worth throwing out.
    private static var overtakenMin: Int { 64 }

    /// Forgets up to `count` of the signals that may go, those whose last change is oldest, and returns them.
    mutating func removeOldest(_ count: Int, where mayGo: (Signal) -> Bool) -> [SignalChange] {
        var removed: [SignalChange] = []
        var kept: [Change] = []
        kept.reserveCapacity(changes.count)
        for change in changes {
            guard let current = current(change) else { continue }
            if removed.count < count, mayGo(current.signal) {
                removed.append(current)
                entries[change.id] = nil
            } else {
                kept.append(change)
            }
        }
        changes = kept
        return removed
    }

    // MARK: In the order of their last changes

    /// The offsets of all signals' last changes, ascending.
    var offsets: [Offset] { changes.compactMap { current($0)?.changedAt } }

    /// Up to `limit` of those wanted, newest change first.
    func newest(_ limit: Int, where isWanted: (Signal) -> Bool) -> [SignalChange] {
        collect(changes.reversed(), limit, isWanted)
    }

    /// Up to `limit` of those wanted that changed behind `position`, oldest change first.
    func changed(after position: Offset, limit: Int, where isWanted: (Signal) -> Bool) -> [SignalChange] {
        collect(changes[firstChange { $0.at > position }...], limit, isWanted)
    }

    /// Up to `limit` of those wanted that were updated after `moment`, oldest change first.
    func changed(since moment: Timestamp, limit: Int, where isWanted: (Signal) -> Bool) -> [SignalChange] {
        collect(changes[firstChange { $0.updatedAtMax > moment }...], limit) {
            $0.updatedAt > moment && isWanted($0)
        }
    }

    private func collect(
        _ changes: some Sequence<Change>,
        _ limit: Int,
        _ isWanted: (Signal) -> Bool
    ) -> [SignalChange] {
        var found: [SignalChange] = []
        for change in changes {
            guard found.count < limit else { break }
            if let current = current(change), isWanted(current.signal) { found.append(current) }
        }
        return found
    }

    /// `nil` when the signal has changed once more, or was forgotten.
    private func current(_ change: Change) -> SignalChange? {
        guard let entry = entries[change.id], entry.changedAt == change.at else { return nil }
        return (entry.signal, entry.changedAt)
    }

    /// Binary search for the first change of which `isBehind` holds; it holds of all behind that one.
    private func firstChange(where isBehind: (Change) -> Bool) -> Int {
        var (low, high) = (changes.startIndex, changes.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(changes[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A signal and the offset of its last change.
package typealias SignalChange = (signal: Signal, changedAt: Offset)
