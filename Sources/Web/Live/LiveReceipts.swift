import Domain
import Realtime
import Synchronization
import Wire

/// Who has acknowledged which critical message, for all loops.
///
/// A mutex around ``ReadReceipts``: short, synchronous; asked once per acknowledging tab, critical message and
/// acknowledgement.
final class LiveReceipts: Sendable {
    private struct State {
        var receipts: ReadReceipts
        /// Signals whose receipts have changed since they were last taken.
        var changed: Set<SignalID> = []
    }

    private let state: Mutex<State>
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let moves = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let arrivals = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(head: Offset) { state = Mutex(State(receipts: ReadReceipts(head: head))) }

    /// What was known before the start. To be called before anything happens.
    ///
    /// - Parameter recalled: all that was logged from behind `horizon` to `head`.
    func recover(_ readers: [Reader], _ recalled: [Broadcast], behind horizon: Offset, head: Offset) {
        var receipts = ReadReceipts(head: head, horizon: horizon, readers: readers)
        for broadcast in recalled { receipts.published(broadcast) }
        state.withLock { [receipts] in $0 = State(receipts: receipts) }
    }

    func published(_ broadcasts: [Broadcast]) {
        change { state in
            for broadcast in broadcasts {
                state.receipts.published(broadcast)
                guard broadcast.deliveryClass == .critical, let signal = broadcast.signal else { continue }
                state.changed.insert(signal)
            }
        }
    }

    func skipped(upTo offset: Offset) { state.withLock { $0.receipts.skipped(upTo: offset) } }

    /// - Returns: what the user had acknowledged before; `nil` when they come for the first time.
    @discardableResult
    func joined(_ user: UserName, head: Offset, at now: Timestamp) -> Offset? {
        let (isFirst, hasMoved, acknowledged) = state.withLock { state in
            let acknowledged = state.receipts.reader(user)?.acknowledged
            return (state.receipts.joined(user, head: head, at: now), state.receipts.hasMoved, acknowledged)
        }
        if isFirst { arrivals.continuation.yield() }
        if hasMoved { moves.continuation.yield() }
        return acknowledged
    }

    func left(_ user: UserName, at now: Timestamp) {
        let hasMoved = state.withLock { state in
            state.receipts.left(user, at: now)
            return state.receipts.hasMoved
        }
        if hasMoved { moves.continuation.yield() }
    }

    /// Yields after people have come or gone.
    var comingsAndGoings: AsyncStream<Void> { moves.stream }

    /// Receipts change by who has come or gone since the last call.
    func noteMoved() { change { $0.changed.formUnion($0.receipts.takeMoved()) } }

    func acknowledged(
        _ user: UserName,
        upTo offset: Offset,
        _ deliveries: [Acknowledgements.Delivery],
        at now: Timestamp
    ) {
        change { state in
            state.changed.formUnion(state.receipts.acknowledged(user, upTo: offset, deliveries, at: now))
        }
    }

    func queued(for user: UserName) -> [QueuedMessage] { state.withLock { $0.receipts.queued(for: user) } }

    func receipts(of signal: SignalID) -> SignalReceipts? { state.withLock { $0.receipts.receipts(of: signal) } }

    /// Yields after receipts have changed; what several changes brought may have been taken at once.
    var changes: AsyncStream<Void> { wakes.stream }

    /// The receipts that have changed, those of the newest decisions first; none of signals that nobody is to acknowledge. Of
    /// more than `countMax` the rest comes with the next call.
    func takeChanged(countMax: Int) -> [SignalReceipts] {
        let (taken, isRest) = state.withLock { state in
            let newest = state.receipts.newest(countMax, of: state.changed)
            // What is not among fewer than were asked for has no receipts any more.
            state.changed = newest.count < countMax ? [] : state.changed.subtracting(newest)
            return (newest.compactMap { state.receipts.receipts(of: $0) }, !state.changed.isEmpty)
        }
        if isRest { wakes.continuation.yield() }
        return taken.filter { $0.recipients > 0 }
    }

    // MARK: Saving

    /// Yields when somebody has come for the first time, and after ``lookAgain()``.
    var newReaders: AsyncStream<Void> { arrivals.stream }

    func lookAgain() { arrivals.continuation.yield() }

    func unsaved(at now: Timestamp) -> ReadReceipts.Unsaved { state.withLock { $0.receipts.unsaved(at: now) } }

    func saved(_ unsaved: ReadReceipts.Unsaved) { state.withLock { $0.receipts.saved(unsaved) } }

    private func change(_ body: (inout State) -> Void) {
        let hasChanged = state.withLock { state in
            body(&state)
            return !state.changed.isEmpty
        }
        if hasChanged { wakes.continuation.yield() }
    }
}
