import Domain
import Engine
import Synchronization

/// A clock that stands still until the test moves it; who sleeps on it wakes up then.
final class StandingClock: DeskClock {
    private struct State {
        var now = Timestamp(milliseconds: 1_769_164_200_000)
        var sleepers: [(until: Timestamp, bell: AsyncStream<Void>.Continuation)] = []
    }

    private let state = Mutex(State())

    func now() -> Timestamp { state.withLock(\.now) }

    func uptimeMs() -> Int64 { now().milliseconds }

    func sleep(milliseconds: Int) async throws {
        let (bell, ring) = AsyncStream.makeStream(of: Void.self)
        state.withLock { $0.sleepers.append(($0.now.advanced(byMilliseconds: Int64(milliseconds)), ring)) }
        for await _ in bell {}
        try Task.checkCancellation()
    }

    func move(milliseconds: Int64) {
        let due = state.withLock { state in
            state.now = state.now.advanced(byMilliseconds: milliseconds)
            defer { state.sleepers.removeAll { $0.until <= state.now } }
            return state.sleepers.filter { $0.until <= state.now }
        }
        for sleeper in due { sleeper.bell.finish() }
    }
}
