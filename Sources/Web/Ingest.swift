import Domain
package import Engine
package import Metrics
package import Realtime
package import Storage
package import Wire

/// The one door for everything that sources send: REST, webhooks and the demo alike.
package struct Ingest: Sendable {
    private let desk: Desk
    let backplane: any Backplane
    private let metrics: PostMetrics

    package init(desk: Desk, backplane: any Backplane, metrics: any MetricsFactory) {
        self.desk = desk
        self.backplane = backplane
        self.metrics = PostMetrics(metrics)
    }

    /// Takes all of the messages or none (GAP-08). Logged ones are durable on return; prices follow once they are.
    package func accept(
        _ messages: [SourceMessage],
        receipt: Append.NewReceipt? = nil
    ) async throws(DeskError) -> DeskOutcome {
        var commands: [Command] = []
        var prices: [Price] = []
        for message in messages {
            switch message {
            case .command(let command): commands.append(command)
            case .price(let price): prices.append(price)
            }
        }
        var outcome = DeskOutcome(events: [], isRepeated: false)
        // A key is kept even when there is nothing to log, so that the request can be told apart when it is repeated.
        if !commands.isEmpty || receipt != nil {
            let request = DeskRequest(commands, receipt: receipt)
            outcome = try await metrics.requests.submit(request, to: desk, done: { _ in metrics.accepted })
        } else {
            metrics.accepted.increment()
        }
        // Prices that are sent again are no longer the newest.
        if !prices.isEmpty, !outcome.isRepeated { backplane.publish(.prices(prices)) }
        return outcome
    }

    func signal(_ id: SignalID) async throws(StoreError) -> Signal? { try await desk.signal(id) }

    package func hasAccepted(_ key: IdempotencyKey) async throws(DeskError) -> Bool {
        try await desk.hasCarriedOut(key)
    }
}
