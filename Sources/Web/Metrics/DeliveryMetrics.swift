import Domain
import Metrics
import Realtime

/// How critical messages arrive, under the names that the documents give (OBS-03…06).
struct DeliveryMetrics: Sendable {
    private let sent: Counter
    private let latency: Recorder
    private let broadcast: Recorder
    private let failures: Counter
    private let retries: Counter

    init(_ factory: any MetricsFactory) {
        sent = Counter(.notificationsSent, factory)
        latency = Recorder(.notificationLatency, factory)
        broadcast = Recorder(.notificationBroadcast, factory)
        failures = Counter(.notificationFailures, factory)
        retries = Counter(.notificationRetries, factory)
    }

    /// What the broadcasts tell of has been handed to the sockets of all tabs: the first attempt (DLV-04, TEST-42).
    func broadcast(_ broadcasts: [Broadcast], at now: Timestamp) {
        for case let happenedAt? in broadcasts.lazy.filter(\.isForEveryTab).map(\.happenedAt) {
            broadcast.record(max(0, now.milliseconds - happenedAt.milliseconds))
        }
    }

    /// A tab has acknowledged a message.
    func delivered(_ delivery: Acknowledgements.Delivery) {
        sent.increment()
        latency.record(delivery.latencyMs)
    }

    func sentAgain() { retries.increment() }

    /// A tab has not acknowledged a message, however often it was sent.
    func failed() { failures.increment() }
}
