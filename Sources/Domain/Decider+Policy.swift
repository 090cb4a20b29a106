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
        let others = standing.given(without: click.user)
        if let first = others.first, first.side != side {
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
        let missing = standing.missing(after: others.map(\.role) + [role])
        let signOff = SignOff(
            id: click.decisionID,
            user: click.user,
            role: role,
            side: side,
            at: now,
            note: click.note,
            needed: others.count + 1 + missing.traders + missing.risk,
            version: signal.version + 1,
            policy: policy.stamp
        )
        var counted = signal
        counted.signOffs = others.isEmpty ? nil : others
        guard missing == (0, 0) else { return .signalSignedOff(counted.signedOff(signOff, at: now)) }
        counted.signOffs = others + [signOff]
        var decision = Decision(
            id: click.decisionID,
            outcome: .approved(as: side),
            decidedBy: click.user,
            decidedAt: now,
            note: click.note,
            acceptedPrice: click.acceptedPrice
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
            note: click.note,
            acceptedPrice: click.acceptedPrice
        )
        decision.policy = policy.stamp
        if verdict.isVeto { decision.isVeto = true }
        return .signalRejected(signal.moved(to: .rejected, decision: decision, at: now))
    }

    /// The proposal as it waits: no longer than the policy lets it.
    static func limited(
        _ proposal: Proposal,
        since receivedAt: Timestamp,
        by policy: Policy?,
        in desk: some DeskState
    ) -> Proposal {
        guard let latest = latestExpiry(of: proposal, since: receivedAt, under: policy, in: desk) else {
            return proposal
        }
        var limited = proposal
        limited.expiresAt = min(proposal.expiresAt ?? latest, latest)
        return limited
    }

    /// When the policy ends the waiting; `nil` when it leaves that to the source.
    static func latestExpiry(
        of proposal: Proposal,
        since receivedAt: Timestamp,
        under policy: Policy?,
        in desk: some DeskState
    ) -> Timestamp? {
        policy?.requirements(for: proposal, desk.numbers(for: proposal)).waitMs.map {
            receivedAt.advanced(byMilliseconds: $0)
        }
    }

    /// Who may not reject a signal may not undo its approval or give it more time either.
    static func checkMayHandle(
        _ signal: Signal,
        _ click: Command.Click,
        to what: String,
        under policy: Policy?,
        in desk: some DeskState
    ) throws(Refusal) {
        guard let policy else { return }
        let standing = policy.standing(of: signal, desk.numbers(for: signal.proposal))
        guard let why = standing.verdict(for: click.user).reject.reason else { return }
        throw Refusal(.notPermitted, "You cannot \(what) \(signal.symbol): \(why).", signals: [signal])
    }
}

extension DeskState {
    /// The amounts that rules ask for, as the desk knows them.
    package func numbers(for proposal: Proposal) -> DeskNumbers {
        DeskNumbers(proposal, portfolio: portfolio, campaign: proposal.campaignID.flatMap { campaign($0) })
    }
}
