package import Domain
import Realtime

/// What the desk can say of a signal before it is decided.
extension Desk {
    package struct Previewed: Sendable {
        package let signal: Signal
        package let preview: Preview
        package let drift: Drift?
    }

    /// More than anybody looks at; what is left out is asked for one by one.
    package static var previewsMax: Int { 500 }

    package func preview(of signal: Signal) -> Previewed {
        preview(of: signal, sessions: projection.sessions.map(\.status), at: clock.now())
    }

    /// Of the newest signals that wait, newest first.
    package func previews() -> (offset: Offset, previews: [Previewed]) {
        let sessions = projection.sessions.map(\.status)
        let now = clock.now()
        let pending = projection.pendingSignals.sorted {
            ($0.receivedAt, $0.id.description) > ($1.receivedAt, $1.id.description)
        }
        return (
            projection.offset,
            pending.prefix(Self.previewsMax).map { preview(of: $0, sessions: sessions, at: now) }
        )
    }

    private func preview(of signal: Signal, sessions: [SessionStatus], at now: Timestamp) -> Previewed {
        Previewed(
            signal: signal,
            preview: Preview(
                of: signal.proposal,
                portfolio: projection.portfolio,
                campaign: signal.proposal.campaignID.flatMap { projection.campaign($0) },
                sessions: sessions
            ),
            drift: Drift(
                of: signal.proposal,
                at: prices.price(of: signal.symbol),
                limits: limits.drift,
                now: now
            )
        )
    }
}
