package import Domain

/// What the policy asks of the signals on the desk.
extension Desk {
    /// How a signal stands under the policy in force.
    package struct Standing: Sendable {
        package let signal: Signal
        package let standing: Policy.Standing

        fileprivate init(of signal: Signal, under policy: Policy, _ numbers: DeskNumbers) {
            self.signal = signal
            standing = policy.standing(of: signal, numbers)
        }
    }

    /// Pending ones that ``standings()`` tells at once.
    package static var standingsMax: Int { 1_000 }

    /// Of every pending signal, the newest first; `nil` without a policy.
    ///
    /// Many signals under many rules are much to judge, so that is not done where the desk writes.
    package nonisolated func standings() async -> [Standing]? {
        guard let policy = policies.inForce else { return nil }
        let book = await book()
        return book.pending.map { signal in
            let campaign = signal.proposal.campaignID.flatMap { book.campaigns[$0] }
            let numbers = DeskNumbers(signal.proposal, portfolio: book.portfolio, campaign: campaign)
            return Standing(of: signal, under: policy, numbers)
        }
    }

    /// Of one pending signal; `nil` without a policy, and when it is not pending.
    package func standing(of id: SignalID) -> Standing? {
        guard let policy = policies.inForce, let signal = projection.signal(id), signal.status.isAwaitingApproval else {
            return nil
        }
        return Standing(of: signal, under: policy, projection.numbers(for: signal.proposal))
    }

    private struct Book {
        var pending: [Signal] = []
        var portfolio: Portfolio?
        var campaigns: [String: Campaign] = [:]
    }

    private func book() -> Book {
        let pending = projection.pendingSignals.sorted {
            ($0.receivedAt, $0.id.description) > ($1.receivedAt, $1.id.description)
        }
        var book = Book(pending: Array(pending.prefix(Self.standingsMax)), portfolio: projection.portfolio)
        for id in Set(book.pending.compactMap(\.proposal.campaignID)) { book.campaigns[id] = projection.campaign(id) }
        return book
    }
}
