import Domain
import Realtime
import Synchronization

/// Keeps what was published, and beside each event what was durable at that moment.
final class RecordingBackplane: Backplane {
    private struct State {
        var events: [RecordedEvent] = []
        var publications = 0
        var early: [Offset] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let durable: @Sendable () -> Offset?

    /// - Parameter durable: What the store has acknowledged; `nil` when nobody looks.
    init(durable: @escaping @Sendable () -> Offset? = { nil }) { self.durable = durable }

    var events: [RecordedEvent] { state.withLock(\.events) }
    var offsets: [Int64] { events.map(\.offset.value) }
    var publications: Int { state.withLock(\.publications) }
    /// Events that were published before the store had acknowledged them.
    var early: [Offset] { state.withLock(\.early) }

    func publish(_ publication: Publication) {
        guard case .events(let events) = publication else { return }
        let durable = durable()
        let due = state.withLock { state in
            state.publications += 1
            state.events += events
            if let durable { state.early += events.map(\.offset).filter { $0 > durable } }
            let due = state.waiters.filter { $0.count <= state.events.count }
            state.waiters.removeAll { $0.count <= state.events.count }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }

    func subscribe(_ receiver: @escaping @Sendable (Publication) -> Void) {}

    /// Returns once so many events have been published.
    func until(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.count < count { state.waiters.append((count, continuation)) }
                return state.events.count >= count
            }
            if isThere { continuation.resume() }
        }
    }
}
