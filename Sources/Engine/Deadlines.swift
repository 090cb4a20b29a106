import Domain

/// When signals expire and approvals leave, by the desk's steady clock (``DeskClock/uptimeMs()``), of which the times do not
/// count at which the desk was stopped (``DeskTime/Reading/runningMs``).
///
/// A time limit is a moment on the wall in the data, and a span from the moment when the desk learned of it on: setting the
/// clock afterwards neither prolongs nor shortens it. What was learned of before a restart is measured by the wall as it is at
/// the start, but by no earlier time than the log has seen; and an approval of then has its whole undo window anew, for the
/// wall may have been set forward in between. So what cannot be known makes a signal expire early, or a release late; never
/// the other way round.
struct Deadlines: Sendable {
    private struct Expiry {
        let expiresAt: Timestamp
        let dueMs: Int64
    }

    private struct Release {
        let decision: DecisionID?
        let dueMs: Int64
        var isHeld = false
    }

    /// Of approvals that do not say how long theirs is.
    let undoWindowMs: Int64
    private var expiries: [SignalID: Expiry] = [:]
    private var releases: [SignalID: Release] = [:]

    init(undoWindowMs: Int64) { self.undoWindowMs = undoWindowMs }

    /// When the pending signal expires; `nil` when it has all the time there is.
    ///
    /// - Parameter wall: what its time limit is compared with if it was not known before.
    mutating func expiry(of signal: Signal, wall: Timestamp, uptimeMs: Int64) -> Int64? {
        guard let expiresAt = signal.proposal.expiresAt else {
            expiries[signal.id] = nil
            return nil
        }
        if let known = expiries[signal.id] {
            if known.expiresAt == expiresAt { return known.dueMs }
            // Extended or amended: by so much, and not by what the clock was set in between.
            let dueMs = known.dueMs + expiresAt.milliseconds - known.expiresAt.milliseconds
            expiries[signal.id] = Expiry(expiresAt: expiresAt, dueMs: dueMs)
            return dueMs
        }
        let dueMs = uptimeMs + expiresAt.milliseconds - wall.milliseconds
        expiries[signal.id] = Expiry(expiresAt: expiresAt, dueMs: dueMs)
        return dueMs
    }

    /// The desk went on: the time limit stands later in the data, and as much is left of it as before.
    mutating func postpone(_ signal: Signal) {
        guard let known = expiries[signal.id], let expiresAt = signal.proposal.expiresAt else { return }
        expiries[signal.id] = Expiry(expiresAt: expiresAt, dueMs: known.dueMs)
    }

    /// When the approval leaves, a whole undo window after the desk learned of it.
    mutating func release(of signal: Signal, uptimeMs: Int64) -> Int64 {
        if let known = releases[signal.id], known.decision == signal.decision?.id { return known.dueMs }
        let dueMs = uptimeMs + (signal.decision?.undoWindowMs ?? undoWindowMs)
        releases[signal.id] = Release(decision: signal.decision?.id, dueMs: dueMs)
        return dueMs
    }

    /// The approval will not leave by itself: nobody has looked at it for too long.
    mutating func hold(_ signal: Signal) {
        releases[signal.id] = Release(decision: signal.decision?.id, dueMs: 0, isHeld: true)
    }

    mutating func releaseIsOver(_ id: SignalID) { releases[id] = nil }

    mutating func forget(_ id: SignalID) {
        expiries[id] = nil
        releases[id] = nil
    }

    // MARK: Asking

    /// The approval whose moment to leave is known here.
    func awaitedApproval(of id: SignalID) -> DecisionID? { releases[id]?.decision }

    func isExpired(_ signal: Signal, wall: Timestamp, uptimeMs: Int64) -> Bool {
        guard signal.status.isAwaitingApproval, let expiresAt = signal.proposal.expiresAt else { return false }
        guard let known = expiries[signal.id] else { return wall >= expiresAt }
        return uptimeMs >= known.dueMs + expiresAt.milliseconds - known.expiresAt.milliseconds
    }

    /// - Parameter stamp: the desk's time, for an approval that is not known here: of this very batch, or long forgotten.
    func undoWindow(of signal: Signal, stamp: Timestamp, uptimeMs: Int64) -> UndoWindow {
        guard let approvedAt = signal.awaitsReleaseSince else { return .over }
        guard let known = releases[signal.id], known.decision == signal.decision?.id else {
            let windowMs = signal.decision?.undoWindowMs ?? undoWindowMs
            return stamp.milliseconds - approvedAt.milliseconds < windowMs ? .open : .held
        }
        if known.isHeld { return .held }
        return uptimeMs < known.dueMs ? .open : .over
    }
}
