import Domain
import Realtime
import Synchronization
import Webhooks

/// How much each source may send by webhook (GAP-08). Only what was verified counts, so nobody uses up another's share. A
/// mutex around one bucket for each source.
final class SourceLimiter: Sendable {
    private let perMinuteMax: [String: Int]
    private let buckets = Mutex<[String: RateLimit]>([:])

    init(_ sources: some Collection<WebhookSource>) {
        perMinuteMax = Dictionary(uniqueKeysWithValues: sources.map { ($0.name, $0.requestsPerMinuteMax) })
    }

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
