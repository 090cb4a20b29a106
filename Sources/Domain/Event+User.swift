extension Event {
    /// The person who brought it about; `nil` when that was a source or the desk itself. The audit finds what somebody did
    /// by it, so a new kind of event has to say who stands behind it.
    package var user: UserName? {
        switch self {
        case .signalApproved(let signal), .signalRejected(let signal): signal.decision?.decidedBy
        case .signalSignedOff(let signal): signal.signOffs?.last?.user
        case .signalUndone(let signal): signal.undone?.undoneBy
        case .signalExtended(let signal): signal.extended?.extendedBy
        case .deskStopped(let stop): stop.stoppedBy
        case .deskResumeSignedOff(let stop), .deskResumed(let stop): stop.signOffs.last?.by
        case .sessionControlled(let session): session.control?.by
        case .signalReceived, .signalExpired, .signalWithdrawn, .signalExecuted, .signalFailed, .signalReleased,
            .signalAmended, .signalPostponed, .signalMeasured, .observed:
            nil
        }
    }
}
