// What the programs say that make signals and carry them out (GAP-02).

extension Decider {
    /// A source takes its signal back while it waits. What has been decided stays decided.
    static func withdraw(
        _ id: SignalID,
        _ report: Command.Report,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Event {
        let signal = try known(id, in: desk)
        guard signal.proposal.source == report.by else {
            throw Refusal(
                .sourceMismatch,
                "\(signal.symbol) is a signal of \(signal.proposal.source), not of \(report.by): only its source withdraws it.",
                signals: [signal]
            )
        }
        guard signal.status.isAwaitingApproval else { throw tooLate(signal) }
        guard !desk.isExpired(signal, at: now) else { throw expired(signal) }
        return .signalWithdrawn(signal.reported(report, as: .withdrawn, at: now))
    }

    /// A signal that has left the desk was carried out, or could not be. Within the undo window nothing has left, so whoever
    /// says so is mistaken, or acted on what was not theirs to act on.
    static func ended(
        _ id: SignalID,
        _ status: SignalStatus,
        _ report: Command.Report,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Signal {
        let signal = try known(id, in: desk)
        guard signal.status.canBecome(status) else {
            let verb = status == .executed ? "be executed" : "fail"
            throw Refusal(
                .notApproved,
                "\(signal.symbol) is \(signal.status.rawValue): only an approved signal can \(verb).",
                signals: [signal]
            )
        }
        guard signal.releasedAt != nil else {
            throw Refusal(
                .notReleased,
                "The approval of \(signal.symbol) can still be undone, so it has not left the desk. Act on signal_approved only.",
                signals: [signal]
            )
        }
        return signal.reported(report, as: status, at: now)
    }
}

extension Signal {
    fileprivate func reported(_ report: Command.Report, as status: SignalStatus, at now: Timestamp) -> Signal {
        var next = moved(to: status, at: now)
        next.report = SourceReport(
            reportedBy: report.by,
            reportedAt: now,
            reason: report.reason,
            price: report.price,
            quantity: report.quantity,
            orderID: report.orderID
        )
        return next
    }
}
