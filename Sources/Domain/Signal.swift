/// A proposal to trade that waits for people to decide (GAP-01: the union of the documents' fields).
package struct Signal: Hashable, Sendable, Codable, Identifiable {
    package let id: SignalID
    package var proposal: Proposal
    package let receivedAt: Timestamp
    package var updatedAt: Timestamp
    package var status: SignalStatus
    /// Grows by one with every change; what a decision names to say which terms it saw.
    package var version: Int
    package var decision: Decision?
    /// When it left the desk for execution; `nil` before.
    package var releasedAt: Timestamp?
    /// The last approval of it that was taken back.
    package var undone: Undoing?
    /// How its time limit was put off; ``Proposal/expiresAt`` is the one that holds.
    package var extended: ExpiryExtension?
    /// What its source said last.
    package var report: SourceReport?
    /// Who has approved it under a policy, oldest first; `nil` when nobody has.
    package var signOffs: [SignOff]?
    /// What it would have made by its own plan, once that is known.
    package var paperResult: PaperResult?

    package init(id: SignalID, proposal: Proposal, receivedAt: Timestamp) {
        self.id = id
        self.proposal = proposal
        self.receivedAt = receivedAt
        updatedAt = receivedAt
        status = .pendingReview
        version = 1
        decision = nil
    }

    package var symbol: Symbol { proposal.symbol }

    package func isExpired(at now: Timestamp) -> Bool {
        guard status.isAwaitingApproval, let expiresAt = proposal.expiresAt else { return false }
        return now >= expiresAt
    }

    /// When it was approved, if it has not left the desk yet.
    package var awaitsReleaseSince: Timestamp? {
        guard case .approved = status, releasedAt == nil else { return nil }
        return decision?.decidedAt
    }

    /// When an approval can no longer be undone, if it has not left the desk yet. The window is the one that was approved
    /// under: another policy later does not change it.
    package func releaseDue(undoWindowMs: Int64) -> Timestamp? {
        awaitsReleaseSince?.advanced(byMilliseconds: decision?.undoWindowMs ?? undoWindowMs)
    }

    func released(at now: Timestamp) -> Signal {
        var next = changed(at: now)
        next.releasedAt = now
        return next
    }

    /// The next version, of the same status.
    func changed(at now: Timestamp) -> Signal {
        var next = self
        next.version += 1
        next.updatedAt = now
        return next
    }

    /// The signal after one legal step of ``SignalStatus``.
    func moved(to status: SignalStatus, decision: Decision? = nil, at now: Timestamp) -> Signal {
        precondition(self.status.canBecome(status), "the decider lets only legal steps through")
        var next = changed(at: now)
        next.status = status
        if let decision { next.decision = decision }
        return next
    }
}
