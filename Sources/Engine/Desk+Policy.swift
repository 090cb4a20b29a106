package import Domain

/// What the policy asks of the signals on the desk.
extension Desk {
    /// How a signal stands under the policy in force.
    package struct Standing: Sendable {
        package let signal: Signal
        package let standing: Policy.Standing
    }

    /// Pending ones that ``standings()`` tells at once.
    package static var standingsMax: Int { 1_000 }

    /// Of every pending signal; `nil` without a policy.
    package func standings() -> [Standing]? {
        guard let policy = policies.inForce else { return nil }
        let pending = projection.pendingSignals.sorted {
            ($0.receivedAt, $0.id.description) > ($1.receivedAt, $1.id.description)
        }
        return pending.prefix(Self.standingsMax).map { standing(of: $0, under: policy) }
    }

    /// Of one pending signal; `nil` without a policy, and when it is not pending.
    package func standing(of id: SignalID) -> Standing? {
        guard let policy = policies.inForce, let signal = projection.signal(id), signal.status.isAwaitingApproval else {
            return nil
        }
        return standing(of: signal, under: policy)
    }

    private func standing(of signal: Signal, under policy: Policy) -> Standing {
        Standing(signal: signal, standing: policy.standing(of: signal, projection.numbers(for: signal.proposal)))
    }
}
