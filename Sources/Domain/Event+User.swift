extension Event {
    /// The person who brought it about; `nil` when that was a source or the desk itself. The audit finds what somebody did
    /// by it, so a new kind of event has to say who stands behind it.
    package var user: UserName? {
        switch self {
        case .signalApproved(let signal), .signalRejected(let signal): signal.decision?.decidedBy
        case .signalReceived, .signalExpired, .signalExecuted, .signalReleased, .observed: nil
        }
    }
}
