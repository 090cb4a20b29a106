internal import NIOCore
internal import Synchronization

/// The open WebSockets of a server, which have no tasks of their own: one task watches for all of them.
///
/// A task that only waits for the end of its connection costs 1 kB; ten thousand do the same as one. A mutex around a
/// table: asked twice per connection.
final class OpenSockets: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isWatched = false
        var watcher: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func add(_ channel: any Channel) {
        state.withLock { $0.channels[ObjectIdentifier(channel)] = channel }
        channel.closeFuture.whenComplete { _ in self.remove(channel) }
    }

    private func remove(_ channel: any Channel) {
        let watcher = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty, state.watcher != nil else { return nil }
            state.isWatched = false
            return state.watcher.take()
        }
        watcher?.resume()
    }

    /// Returns when no WebSocket is open any more, or at once when another task is watching. Cancelled, it tells them all
    /// that the server is going away, and goes on waiting for their end.
    func watch() async {
        guard
            state.withLock({ state in
                defer { state.isWatched = true }
                return !state.isWatched
            })
        else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isNothingOpen = state.withLock { state in
                    if state.channels.isEmpty { state.isWatched = false } else { state.watcher = continuation }
                    return state.channels.isEmpty
                }
                if isNothingOpen { continuation.resume() }
            }
        } onCancel: {
            let channels = state.withLock { Array($0.channels.values) }
            for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        }
    }
}
