// Deciding under a policy: what one click adds to the approval of a signal, and when it is whole.

extension Decider {
    /// One approval: a sign-off, or, when it was the last one missing, the approval of the signal.
    static func approve(
        _ signal: Signal,
        as side: Side,
        _ click: Command.Click,
        under policy: Policy,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Event {
        let standing = policy.standing(of: signal, desk.numbers(for: signal.proposal))
        let verdict = standing.verdict(for: click.user).approve
        guard let role = verdict.role else {
            let code: Refusal.Code = verdict.isPremature ? .approvalAddsNothing : .notPermitted
            throw Refusal(code, "\(signal.symbol) \(verdict.reason ?? "").", signals: [signal])
        }
        if let first = standing.given.first, first.side != side {
            throw Refusal(
                .sidesDiffer,
                "\(first.user) approved \(signal.symbol) as \(first.side.rawValue): approve it as that, or reject it.",
                signals: [signal]
            )
        }
        if standing.requirements.approvalNeedsReason, click.note == nil {
            throw Refusal(
                .reasonRequired,
                "The policy asks why: approve \(signal.symbol) with a note.",
                signals: [signal]
            )
        }
        let missing = standing.missing(after: standing.given.map(\.role) + [role])
        let signOff = SignOff(
            id: click.decisionID,
            user: click.user,
            role: role,
            side: side,
            at: now,
            note: click.note,
            needed: standing.given.count + 1 + missing.traders + missing.risk,
            version: signal.version + 1,
            policy: policy.stamp
        )
        var counted = signal
        counted.signOffs = standing.given.isEmpty ? nil : standing.given
        guard missing == (0, 0) else { return .signalSignedOff(counted.signedOff(signOff, at: now)) }
        counted.signOffs = standing.given + [signOff]
        var decision = Decision(
            id: click.decisionID,
            outcome: .approved(as: side),
            decidedBy: click.user,
            decidedAt: now,
            note: click.note
        )
        decision.policy = policy.stamp
        decision.undoWindowMs = standing.requirements.undoWindowMs
        return .signalApproved(counted.moved(to: .approved(side), decision: decision, at: now))
    }

    static func reject(
        _ signal: Signal,
        reason: String,
        _ click: Command.Click,
        under policy: Policy,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Event {
        let standing = policy.standing(of: signal, desk.numbers(for: signal.proposal))
        let verdict = standing.verdict(for: click.user).reject
        if let why = verdict.reason {
            throw Refusal(.notPermitted, "You cannot reject \(signal.symbol): \(why).", signals: [signal])
        }
        if let reasons = standing.requirements.rejectReasons, !reasons.contains(reason) {
            let list = reasons.map { "“\($0)”" }.joined(separator: ", ")
            throw Refusal(.reasonRequired, "The policy asks for one of these reasons: \(list).", signals: [signal])
        }
        var decision = Decision(
            id: click.decisionID,
            outcome: .rejected(reason: reason),
            decidedBy: click.user,
            decidedAt: now,
            note: click.note
        )
        decision.policy = policy.stamp
        if verdict.isVeto { decision.isVeto = true }
        return .signalRejected(signal.moved(to: .rejected, decision: decision, at: now))
    }

    /// The proposal as it waits: no longer than the policy lets it.
    static func limited(
        _ proposal: Proposal,
        by policy: Policy,
        in desk: some DeskState,
        at now: Timestamp
    ) -> Proposal {
        guard let waitMs = policy.requirements(for: proposal, desk.numbers(for: proposal)).waitMs else {
            return proposal
        }
        let latest = now.advanced(byMilliseconds: waitMs)
        var limited = proposal
        limited.expiresAt = min(proposal.expiresAt ?? latest, latest)
        return limited
    }
}

extension DeskState {
    /// The amounts that rules ask for, as the desk knows them.
    package func numbers(for proposal: Proposal) -> DeskNumbers {
        DeskNumbers(proposal, portfolio: portfolio, campaign: proposal.campaignID.flatMap { campaign($0) })
    }
}
