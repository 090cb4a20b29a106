import Domain
import Engine
import Synchronization

/// A clock that stands still until the test turns it.
final class ManualClock: DeskClock {
    private struct Sleeper {
        let until: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Sample.now
        /// By how much the clock on the wall was set, against the time that has passed.
        var setByMs: Int64 = 0
        var nextName = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func now() -> Timestamp { state.withLock { $0.now.advanced(byMilliseconds: $0.setByMs) } }

    func uptimeMs() -> Int64 { state.withLock { $0.now.milliseconds - Sample.now.milliseconds } }

    /// Somebody sets the clock on the wall; no time passes.
    func set(byMilliseconds milliseconds: Int64) { state.withLock { $0.setByMs += milliseconds } }

    func sleep(milliseconds: Int) async throws {
        let name = state.withLock { state in
            state.nextName += 1
            return state.nextName
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (watchers, isCancelled) = state.withLock { state in
                    guard state.cancelled.remove(name) == nil else {
                        return ([CheckedContinuation<Void, Never>](), true)
                    }
                    let until = state.now.advanced(byMilliseconds: Int64(milliseconds))
                    state.sleepers[name] = Sleeper(until: until, continuation: continuation)
                    defer { state.watchers = [] }
                    return (state.watchers, false)
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                guard let sleeper = state.sleepers.removeValue(forKey: name) else {
                    state.cancelled.insert(name)
                    return Sleeper?.none
                }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Returns once somebody sleeps: the desk has done what it does between two checks.
    func untilAsleep() async {
        await withCheckedContinuation { continuation in
            let isAsleep = state.withLock { state in
                if state.sleepers.isEmpty { state.watchers.append(continuation) }
                return !state.sleepers.isEmpty
            }
            if isAsleep { continuation.resume() }
        }
    }

    /// Waits until the desk sleeps, lets the time pass, and waits until it sleeps again.
    func turn(milliseconds: Int64) async {
        await untilAsleep()
        let due = state.withLock { state in
            state.now = state.now.advanced(byMilliseconds: milliseconds)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for name in due.keys { state.sleepers[name] = nil }
            return due.values
        }
        for sleeper in due { sleeper.continuation.resume() }
        await untilAsleep()
    }

    /// Only the time; nobody wakes up.
    func jump(milliseconds: Int64) {
        state.withLock { $0.now = $0.now.advanced(byMilliseconds: milliseconds) }
    }
}
