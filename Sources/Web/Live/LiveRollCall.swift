import Domain
import Realtime
import Synchronization
import Wire

/// Which tabs have acknowledged that the desk was stopped, for all loops.
///
/// A mutex around the tabs that acknowledge and the ``RollCall`` of the stop in force: short, synchronous; asked once per such
/// tab that comes, goes or acknowledges.
final class LiveRollCall: Sendable {
    private struct State {
        /// Tabs that acknowledge, by their connections' ids. As many as there may be connections.
        var tabs: [String: UserName] = [:]
        var call: RollCall?
        var hasChanged = false
    }

    private let state = Mutex(State())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Yields after somebody has acknowledged, or left without.
    var changes: AsyncStream<Void> { wakes.stream }

    /// `nil` while the desk runs.
    var answers: StopAcknowledgements? { state.withLock { $0.call?.answers } }

    /// What to tell everybody; `nil` when they know.
    func takeChanged() -> StopAcknowledgements? {
        state.withLock { state in
            guard state.hasChanged else { return nil }
            state.hasChanged = false
            return state.call?.answers
        }
    }

    /// The desk was found stopped at the start: those count who come. To be called before there are tabs.
    func recover(stoppedAt offset: Offset) {
        state.withLock { $0.call = RollCall(of: offset, tabs: [:], countingComers: true) }
    }

    /// To be called before the tabs hear of it.
    ///
    /// - Parameter pollers: who is here without a connection.
    func published(_ broadcasts: [Broadcast], pollers: () -> [UserName]) {
        for broadcast in broadcasts {
            switch (broadcast.message.type, broadcast.offset) {
            case (.deskStopped, let offset?):
                let pollers = pollers()
                change { state in
                    let polling = pollers.map { (Self.poller($0), $0) }
                    state.call = RollCall(of: offset, tabs: state.tabs.merging(polling) { $1 })
                    return true
                }
            case (.deskResumed, _): state.withLock { $0.call = nil }
            default: break
            }
        }
    }

    /// - Parameter acknowledged: what the user had acknowledged before.
    func joined(_ user: UserName, tab id: String, acknowledged: Offset?) {
        change { state in
            state.tabs[id] = user
            guard let offset = state.call?.offset else { return false }
            return state.call?.joined(id, user, knows: acknowledged.map { $0 >= offset } ?? false) ?? false
        }
    }

    func left(_ id: String) {
        change { state in
            state.tabs[id] = nil
            return state.call?.left(id) ?? false
        }
    }

    /// - Parameter id: the tab that says so; `nil` when a user who polls does.
    func acknowledged(_ user: UserName, tab id: String?, upTo offset: Offset) {
        change { $0.call?.acknowledged(user, tab: id ?? Self.poller(user), upTo: offset) ?? false }
    }

    /// All tabs of a user that poll: nothing tells them apart.
    private static func poller(_ user: UserName) -> String { "poller \(user)" }

    /// - Parameter body: says whether the answers are others now.
    private func change(_ body: (inout State) -> Bool) {
        let hasChanged = state.withLock { state in
            let hasChanged = body(&state)
            if hasChanged { state.hasChanged = true }
            return hasChanged
        }
        if hasChanged { wakes.continuation.yield() }
    }
}
