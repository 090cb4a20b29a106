package import Domain

/// What a strategy is told that waits for a decision (`GET /api/v1/signals/{id}/decision`).
package struct DecisionAnswer: Hashable, Sendable, WireEncodable {
    package let signal: Signal

    package init(_ signal: Signal) { self.signal = signal }

    /// `released` is all that a strategy may act upon, so it stands by itself.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("signal_id", signal.id.description)
            json.text("state", signal.outcome.rawValue)
            json.flag("settled", signal.outcome.isSettled)
            json.flag("released", signal.outcome == .released)
            json.member("signal", signal)
        }
    }
}
