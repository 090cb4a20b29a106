import Domain
package import Metrics
import Storage
package import Webhooks

/// What becomes of webhooks that come in, for each source of the settings.
struct InboundWebhookMetrics: Sendable {
    enum Outcome: String, CaseIterable {
        case accepted
        /// It had come before; nothing happened this time.
        case repeated
        case unverified
        case refused
        case rateLimited = "rate_limited"
        case failed
    }

    private let counters: [String: [Outcome: Counter]]

    init(_ sources: some Sequence<String>, _ factory: any MetricsFactory) {
        counters = Dictionary(
            uniqueKeysWithValues: sources.map { source in
                let outcomes = Outcome.allCases.map { outcome in
                    (outcome, Counter(.webhookRequests, factory, [("source", source), ("outcome", outcome.rawValue)]))
                }
                return (source, Dictionary(uniqueKeysWithValues: outcomes))
            }
        )
    }

    func count(_ outcome: Outcome, of source: String) { counters[source]?[outcome]?.increment() }
}

/// What becomes of webhooks that go out, for each endpoint of the settings.
package struct OutboundWebhookMetrics: Sendable {
    private struct Counters {
        let taken: Counter
        let failed: Counter
        let dead: Counter
    }

    private let counters: [String: Counters]

    package init(_ endpoints: some Sequence<WebhookEndpoint>, _ factory: any MetricsFactory) {
        counters = Dictionary(
            uniqueKeysWithValues: endpoints.map { endpoint in
                let label = ("endpoint", endpoint.name)
                return (
                    endpoint.name,
                    Counters(
                        taken: Counter(.webhookAttempts, factory, [label, ("outcome", "taken")]),
                        failed: Counter(.webhookAttempts, factory, [label, ("outcome", "failed")]),
                        dead: Counter(.webhookDead, factory, [label])
                    )
                )
            }
        )
    }

    package func count(_ report: WebhookDeliveries.Report) {
        switch report {
        case .delivered(let name): counters[name]?.taken.increment()
        case .failed(let name): counters[name]?.failed.increment()
        case .dead(let name): counters[name]?.dead.increment()
        case .position: break
        }
    }
}

/// How far endpoints have come at the moment somebody asks.
struct WebhookGauges: Sendable {
    private let deliveries: WebhookDeliveries?
    private let deadLetters: [String: Meter]
    private let backlogs: [String: Meter]

    init(_ deliveries: WebhookDeliveries?, _ factory: any MetricsFactory) {
        self.deliveries = deliveries
        func meters(_ name: MetricName) -> [String: Meter] {
            let names = deliveries?.endpointNames ?? []
            return Dictionary(uniqueKeysWithValues: names.map { ($0, Meter(name, factory, [("endpoint", $0)])) })
        }
        deadLetters = meters(.webhookDeadLetters)
        backlogs = meters(.webhookBacklog)
    }

    /// A store that fails leaves the number of dead letters as it was; the other numbers must still be told.
    func read(head: Offset) async {
        guard let deliveries else { return }
        for (name, count) in deliveries.backlogs(head: head) { backlogs[name]?.set(count) }
        guard let counts = try? await deliveries.deadLetterCounts() else { return }
        for (name, meter) in deadLetters { meter.set(counts[name] ?? 0) }
    }
}
