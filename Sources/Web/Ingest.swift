import Domain
package import Engine
package import Realtime
package import Storage
package import Wire

/// The one door for everything that sources send: REST, webhooks and the demo alike.
package struct Ingest: Sendable {
    private let desk: Desk
    private let backplane: any Backplane

    package init(desk: Desk, backplane: any Backplane) {
        self.desk = desk
        self.backplane = backplane
    }

    /// Takes all of the messages or none (GAP-08). Logged ones are durable on return; prices follow once they are.
    package func accept(
        _ messages: [SourceMessage], receipt: Append.NewReceipt? = nil
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
        if !commands.isEmpty { outcome = try await desk.submit(DeskRequest(commands, receipt: receipt)) }
        if !prices.isEmpty { backplane.publish(.prices(prices)) }
        return outcome
    }
}
