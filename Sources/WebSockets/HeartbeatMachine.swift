package import NIOCore

/// When to ping, and when a silent peer is taken for lost. Any frame of the peer's is a sign of life.
package struct HeartbeatMachine {
    package enum Action: Hashable {
        /// Ping now and come back at `next`.
        case ping(next: NIODeadline)
        case wait(next: NIODeadline)
        case drop
    }

    private let interval: TimeAmount
    private var lastHeard: NIODeadline
    private var nextPing: NIODeadline

    /// - Parameter earlyMs: by how much the first ping comes before its interval has passed.
    package init(intervalMs: Int, now: NIODeadline, earlyMs: Int = 0) {
        interval = .milliseconds(Int64(intervalMs))
        lastHeard = now
        nextPing = now + .milliseconds(Int64(intervalMs - earlyMs))
    }

    /// When `tick` is due first.
    package var firstTick: NIODeadline { nextPing }

    package mutating func heard(at now: NIODeadline) {
        lastHeard = now
    }

    package mutating func tick(at now: NIODeadline) -> Action {
        let lost = lastHeard + interval + interval
        guard now < lost else { return .drop }
        guard now >= nextPing else { return .wait(next: min(nextPing, lost)) }
        nextPing = now + interval
        return .ping(next: min(nextPing, lost))
    }
}
