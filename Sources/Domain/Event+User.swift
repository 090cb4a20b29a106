extension Event {
    /// The person who brought it about; `nil` when that was a source or the desk itself. The audit finds what somebody did
    /// by it, so a new kind of event has to say who stands behind it.
    package var user: UserName? {
        switch self {
        case .signalApproved(let signal), .signalRejected(let signal): signal.decision?.decidedBy
        case .signalUndone(let signal): signal.undone?.undoneBy
        case .signalExtended(let signal): signal.extended?.extendedBy
        case .signalReceived, .signalExpired, .signalWithdrawn, .signalExecuted, .signalFailed, .signalReleased,
            .signalAmended, .signalMeasured, .observed:
            nil
        }
    }
}
