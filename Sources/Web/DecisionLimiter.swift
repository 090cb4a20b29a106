import Domain
import Realtime
import Synchronization

/// How often a user may decide (C17). A mutex around small buckets; full ones are forgotten.
final class DecisionLimiter: Sendable {
    private static let usersRememberedMax = 1_000
    private let perMinuteMax: Int
    private let buckets = Mutex<[UserName: RateLimit]>([:])

    init(perMinuteMax: Int) { self.perMinuteMax = perMinuteMax }

    /// Seconds to wait, or `nil` when the decision may go ahead.
    func wait(for user: UserName, at now: Timestamp) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= Self.usersRememberedMax {
                buckets = buckets.filter { entry in
                    var bucket = entry.value
                    return !bucket.isFull(at: now)
                }
            }
            var bucket = buckets[user] ?? RateLimit(perMinuteMax: perMinuteMax, now: now)
            let allowed = bucket.take(at: now)
            buckets[user] = bucket
            return allowed ? nil : bucket.secondsUntilNext(at: now)
        }
    }
}
