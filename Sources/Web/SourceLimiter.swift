import Domain
import Realtime
import Synchronization

/// How much of something each source of webhooks may cause (GAP-08). A mutex around one bucket for each source.
final class SourceLimiter: Sendable {
    /// By the names of the sources; others are not limited, for they are refused.
    private let perMinuteMax: [String: Int]
    private let buckets = Mutex<[String: RateLimit]>([:])

    init(perMinuteMax: [String: Int]) { self.perMinuteMax = perMinuteMax }

    /// Seconds to wait, or `nil` when the request may go ahead.
    func wait(for source: String, at now: Timestamp) -> Int? {
        guard let perMinuteMax = perMinuteMax[source] else { return nil }
        return buckets.withLock { buckets in
            var bucket = buckets[source] ?? RateLimit(perMinuteMax: perMinuteMax, now: now)
            let isAllowed = bucket.take(at: now)
            buckets[source] = bucket
            return isAllowed ? nil : bucket.secondsUntilNext(at: now)
        }
    }
}
