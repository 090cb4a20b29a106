/// What has become of a proposal, as the strategy that made it sees it.
extension Signal {
    package enum Outcome: String, CaseIterable, Hashable, Sendable {
        case pending
        /// By people, but it can still be undone: not to be acted upon.
        case approved
        /// For execution (C21).
        case released
        case rejected
        case expired
        case withdrawn
        case executed
        case failed

        /// Whether there is nothing to wait for any more.
        package var isSettled: Bool { self != .pending && self != .approved }
    }

    package var outcome: Outcome {
        switch status {
        case .pendingReview: .pending
        case .approved: releasedAt == nil ? .approved : .released
        case .rejected: .rejected
        case .expired: .expired
        case .withdrawn: .withdrawn
        case .executed: .executed
        case .failed: .failed
        }
    }
}
