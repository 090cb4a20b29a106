package import Domain

/// So many in a minute, with the whole minute's worth available at once: a token bucket (C17).
package struct RateLimit: Hashable, Sendable {
    private let perMinuteMax: Int
    private var tokens: Double
    private var refilledAt: Timestamp

    package init(perMinuteMax: Int, now: Timestamp) {
        self.perMinuteMax = perMinuteMax
        tokens = Double(perMinuteMax)
        refilledAt = now
    }

    /// Takes one; false when none is left.
    package mutating func take(at now: Timestamp) -> Bool {
        refill(at: now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Until the next one, at least 1.
    package func secondsUntilNext(at now: Timestamp) -> Int {
        max(1, Int(((1 - tokens) * 60 / Double(perMinuteMax)).rounded(.up)))
    }

    /// True when nothing was taken for a while, so the limit need not be remembered.
    package mutating func isFull(at now: Timestamp) -> Bool {
        refill(at: now)
        return tokens >= Double(perMinuteMax)
    }

    private mutating func refill(at now: Timestamp) {
        // A clock that was set back refills nothing and starts again from here.
        let elapsedMs = max(0, now.milliseconds - refilledAt.milliseconds)
        tokens = min(Double(perMinuteMax), tokens + Double(elapsedMs) * Double(perMinuteMax) / 60_000)
        refilledAt = now
    }
}
