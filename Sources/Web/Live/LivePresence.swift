import Domain
import Realtime
import Synchronization
import Wire

/// Who is here and who looks at what, for all loops.
///
/// A mutex around ``PresenceTable``: short, synchronous; asked once per connection and per word of a tab on what it looks at.
final class LivePresence: Sendable {
    private struct State {
        var table: PresenceTable
        /// Somebody has begun to listen, and is told although nothing has changed.
        var isWanted = false
    }

    private let state: Mutex<State>
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(limits: PresenceTable.Limits) { state = Mutex(State(table: PresenceTable(limits: limits))) }

    /// Yields after something has changed; what several changes brought may have been taken at once.
    var changes: AsyncStream<Void> { wakes.stream }

    var present: Presence { state.withLock(\.table.present) }

    /// What to tell everybody; `nil` when they know.
    func takeChanged() -> Presence? {
        state.withLock { state in
            guard state.table.hasChanged || state.isWanted else { return nil }
            state.isWanted = false
            return state.table.take()
        }
    }

    func entered(_ greeting: LiveGreeting, at now: Timestamp) {
        change { $0.entered(greeting.connectionID, user: greeting.user, at: now) }
    }

    func left(_ greeting: LiveGreeting) { change { $0.left(greeting.connectionID) } }

    /// - Returns: false when this user has no such connection.
    @discardableResult
    func looking(_ connectionID: String, of user: UserName?, at signal: SignalID?, now: Timestamp) -> Bool {
        change { $0.looking(connectionID, of: user, at: signal, now: now) }
    }

    /// - Returns: false when more poll than there is room for.
    func polled(_ user: UserName, lookingAt signal: SignalID?, at now: Timestamp) -> Bool {
        change { $0.polled(user, lookingAt: signal, at: now) }
    }

    var pollingUsers: [UserName] { state.withLock(\.table.pollingUsers) }

    func expired(at now: Timestamp) { change { $0.expired(at: now) } }

    /// Claims on what is no longer to be decided are dropped.
    func published(_ events: [RecordedEvent]) {
        let settled = events.compactMap(\.event.signal).filter { !$0.status.isAwaitingApproval }.map(\.id)
        guard !settled.isEmpty else { return }
        change { $0.settled(Set(settled)) }
    }

    /// Somebody has begun to listen.
    func wanted() {
        state.withLock { $0.isWanted = true }
        wakes.continuation.yield()
    }

    private func change<Answer: Sendable>(_ body: (inout PresenceTable) -> Answer) -> Answer {
        let (answer, hasChanged) = state.withLock { state in (body(&state.table), state.table.hasChanged) }
        if hasChanged { wakes.continuation.yield() }
        return answer
    }
}

extension LiveTab {
    /// Counted from now on. To be followed by ``departed()``.
    func arrived() { hub.presence.entered(greeting, at: hub.now()) }

    /// With the tab goes its claim.
    func departed() { hub.presence.left(greeting) }

    func looks(at signal: SignalID?) {
        hub.presence.looking(greeting.connectionID, of: greeting.user, at: signal, now: hub.now())
    }
}
