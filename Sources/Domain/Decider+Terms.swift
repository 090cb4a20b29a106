// Terms: nobody approves what they have not seen, and a source may change its mind while people think.

extension Decider {
    /// Refuses an approval of terms that are no longer there, or of an entry that the market has left. Everything that is
    /// different is told at once.
    static func checkTerms(
        _ signal: Signal,
        _ click: Command.Click,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) {
        let changed = click.terms?.differences(to: signal.terms) ?? []
        let drift = Drift(
            of: signal.proposal,
            at: desk.price(of: signal.symbol),
            limits: desk.driftLimits,
            now: now
        )
        let moved = drift?.isTooFar(having: click.acceptedPrice) == true ? drift : nil
        let differences = changed + (moved.map { [$0.difference] } ?? [])
        if !changed.isEmpty {
            throw Refusal(
                .termsChanged,
                "\(signal.symbol) is not what was on your screen. Look at what has changed, and approve it as it is now.",
                signals: [signal],
                differences: differences,
                drift: moved
            )
        }
        if let moved {
            throw Refusal(
                .priceMoved,
                "\(moved.sentence(signal.symbol)). Look at the price, and approve again if you take it.",
                signals: [signal],
                differences: differences,
                drift: moved
            )
        }
    }

    /// What follows from a source's amendment; nothing when it changes nothing.
    static func amend(
        _ id: SignalID,
        _ amendment: Amendment,
        _ request: Command.SourceRequest,
        under policy: Policy?,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> [Event] {
        let signal = try known(id, in: desk)
        guard signal.proposal.source == request.source else {
            throw Refusal(
                .sourceMismatch,
                "\(signal.symbol) comes from another source than \(request.source). Only its own source may amend it.",
                signals: [signal]
            )
        }
        guard signal.status.isAwaitingApproval else { throw tooLate(signal) }
        guard !desk.isExpired(signal, at: now) else { throw expired(signal) }
        try checkVersion(signal, request.expectedVersion)
        let proposal = amendment.applied(to: signal.proposal)
        guard signal.terms != Terms(of: id, proposal) else { return [] }
        let limited = limited(proposal, since: signal.receivedAt, by: policy, in: desk)
        let amended = signal.amended(to: limited, at: now).withoutSignOffs()
        let changes = signal.terms.differences(to: amended.terms)
        guard !changes.isEmpty else { return [] }
        var faults = proposal.planFaults
        if let expiresAt = proposal.expiresAt, expiresAt <= now {
            faults.append(Proposal.Fault(.expiresAt, "must be in the future; now is \(now)"))
        }
        if let first = faults.first {
            throw Refusal(
                .invalidTerms,
                "The amended terms cannot be meant: \(first.field.rawValue) \(first.detail). Nothing was changed.",
                signals: [signal],
                faults: faults
            )
        }
        return [.signalAmended(amended, changes: changes)]
    }
}
