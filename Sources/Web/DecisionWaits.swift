import Domain
import Realtime
import Synchronization

/// Who waits for what becomes of a signal (C21).
///
/// A waiter is an entry in a table and a task that sleeps: thousands cost the publisher one look-up per event. A mutex around
/// the table: short, synchronous, shared by requests and the publisher. Bells are rung outside of it.
final class DecisionWaits: Sendable {
    static let waitersMax = 10_000

    /// One who waits. Ended by whoever comes first: the decision, the clock, the client or the server's end.
    struct Waiter: Sendable {
        fileprivate let signal: SignalID
        fileprivate let number: Int
        /// Ends when there is something to look at, also when that was before anybody listened.
        let bell: AsyncStream<Void>
        fileprivate let ring: AsyncStream<Void>.Continuation

        func end() { ring.finish() }
    }

    private struct Table {
        var waiters: [SignalID: [Int: Waiter]] = [:]
        var count = 0
        var nextNumber = 0
    }

    private let waitersMax: Int
    private let table = Mutex(Table())

    init(backplane: any Backplane, waitersMax: Int = DecisionWaits.waitersMax) {
        self.waitersMax = waitersMax
        backplane.subscribe { [weak self] in self?.take($0) }
    }

    var count: Int { table.withLock(\.count) }

    /// To be followed by a look at the signal, for it may have been decided before, and by ``leave(_:)``.
    ///
    /// - Returns: `nil` when there is no room.
    func enter(_ signal: SignalID) -> Waiter? {
        let (bell, ring) = AsyncStream.makeStream(of: Void.self)
        return table.withLock { table in
            guard table.count < waitersMax else { return nil }
            let waiter = Waiter(signal: signal, number: table.nextNumber, bell: bell, ring: ring)
            table.waiters[signal, default: [:]][waiter.number] = waiter
            table.nextNumber += 1
            table.count += 1
            return waiter
        }
    }

    func leave(_ waiter: Waiter) {
        table.withLock { table in
            guard table.waiters[waiter.signal]?.removeValue(forKey: waiter.number) != nil else { return }
            table.count -= 1
            if table.waiters[waiter.signal]?.isEmpty == true { table.waiters[waiter.signal] = nil }
        }
    }

    private func take(_ publication: Publication) {
        guard case .events(let events) = publication else { return }
        let rung = table.withLock { table in
            guard table.count > 0 else { return [Waiter]() }
            return events.flatMap { recorded in
                guard let signal = recorded.event.signal, signal.outcome.isSettled else { return [Waiter]() }
                return table.waiters[signal.id].map { Array($0.values) } ?? []
            }
        }
        for waiter in rung { waiter.end() }
    }
}
