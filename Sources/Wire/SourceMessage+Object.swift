import Domain

extension SourceMessage {
    /// What a signal may say, by the protocol's own names; not its source and not what the desk decides.
    package static let signalMembers: Set<String> = [
        "id", "symbol", "side", "ts", "expires_at", "pattern_type", "phase", "test_confirmed", "confidence_score",
        "confidence_scale", "entry_price", "stop_loss", "target_price", "quantity", "risk_amount", "risk_percentage",
        "campaign_id", "reasoning", "unslug_score", "fear_score", "combined_trust", "recipients",
    ]

    /// A signal whose members were taken from somewhere else than a body of the protocol. Pointers of faults are the names of
    /// the members.
    package static func signal(_ object: JSONObject, _ context: Context) throws(InvalidRequest) -> SourceMessage {
        let faults = FaultList()
        let message = Fields(object: object, pointer: "", faults: faults).signal(context)
        try faults.throwIfAny()
        guard let message else { throw InvalidRequest(faults: [.init("", "is not a signal this desk can use")]) }
        return message
    }

    /// The source that a message about a signal says it is from; `nil` for all else, which has none.
    package var speaker: String? {
        guard case .command(let command) = self else { return nil }
        return switch command {
        case .receive(_, let proposal): proposal.source
        case .withdraw(_, let report), .reportExecuted(_, let report), .reportFailed(_, let report): report.by
        case .amend(_, _, let request): request.source
        case .approve, .reject, .expire, .release, .undo, .extend, .observe, .measure, .stopDesk, .resumeDesk,
            .controlSession:
            nil
        }
    }
}
