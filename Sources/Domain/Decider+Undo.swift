extension Decider {
    /// Takes an approval back (C4): any trader may, as long as it has not left the desk. What becomes of the time limit is as
    /// if nobody had approved.
    static func undo(
        _ id: SignalID,
        _ click: Command.Click,
        under policy: Policy?,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Event {
        let signal = try known(id, in: desk)
        guard let decision = signal.decision, case .approved(let side) = decision.outcome else {
            throw nothingToUndo(signal)
        }
        // While the desk is stopped nothing is leaving.
        guard case .approved = signal.status, signal.releasedAt == nil,
            desk.stop != nil || desk.undoWindow(of: signal, at: now) != .over
        else { throw windowOver(signal, decision) }
        try checkVersion(signal, click.expectedVersion)
        try checkMayHandle(signal, click, to: "undo the approval of", under: policy, in: desk)
        guard click.decisionID != decision.id else {
            throw Refusal(
                .decisionIDReused,
                "Undoing is a decision of its own: send it under an Idempotency-Key that the approval did not have.",
                signals: [signal]
            )
        }
        var next = signal.moved(to: .pendingReview, at: now).withoutSignOffs()
        next.decision = nil
        next.undone = Undoing(
            id: click.decisionID,
            undoneBy: click.user,
            undoneAt: now,
            approvedAs: side,
            approvedBy: decision.decidedBy,
            approvedAt: decision.decidedAt
        )
        return .signalUndone(next)
    }

    private static func nothingToUndo(_ signal: Signal) -> Refusal {
        let detail =
            if signal.status.isAwaitingApproval, let undone = signal.undone {
                "\(undone.undoneBy) has undone \(undone.approvedBy)'s approval of \(signal.symbol) at \(undone.undoneAt). "
                    + "It waits for a decision."
            } else {
                "\(signal.symbol) is \(signal.status.rawValue): only an approval can be undone."
            }
        return Refusal(.notApproved, detail, signals: [signal])
    }

    private static func windowOver(_ signal: Signal, _ decision: Decision) -> Refusal {
        let since =
            signal.releasedAt.map { "left the desk for execution at \($0)" } ?? "is leaving the desk for execution"
        return Refusal(
            .undoWindowOver,
            "\(decision.decidedBy)'s approval of \(signal.symbol) \(since) and can no longer be undone. Stop it where it is "
                + "carried out.",
            signals: [signal]
        )
    }
}
