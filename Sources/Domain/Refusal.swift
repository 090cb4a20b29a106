/// Why the desk does not do what it was asked: the request is sound, the moment or the state is wrong.
package struct Refusal: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        case signalNotFound = "signal_not_found"
        case signalExists = "signal_exists"
        case alreadyDecided = "already_decided"
        case signalExpired = "signal_expired"
        case versionConflict = "version_conflict"
        case notApproved = "not_approved"
        case notReleased = "not_released"
        case undoWindowOver = "undo_window_over"
        case decisionIDReused = "decision_id_reused"
        case sourceMismatch = "source_mismatch"
        case extensionLimit = "extension_limit"
        case symbolNotPending = "symbol_not_pending"
        case symbolAmbiguous = "symbol_ambiguous"
        case termsChanged = "terms_changed"
        case priceMoved = "price_moved"
        case invalidTerms = "invalid_terms"
        case deskStopped = "desk_stopped"
        case deskNotStopped = "desk_not_stopped"
        case stopChanged = "stop_changed"
        case resumeAddsNothing = "resume_adds_nothing"
        case sessionNotFound = "session_not_found"
        case sessionState = "session_state"
        case notPermitted = "not_permitted"
        /// The approval was given before, or is not the one that is missing.
        case approvalAddsNothing = "approval_adds_nothing"
        case sidesDiffer = "sides_differ"
        case reasonRequired = "reason_required"
    }

    package let code: Code
    /// A sentence a trader understands, saying what to do where something can be done.
    package let detail: String
    /// The signals it is about, as they are now.
    package let signals: [Signal]
    /// What is not as whoever asked had seen it.
    package let differences: [Difference]
    /// Where the market is, when that is the reason or part of it.
    package let drift: Drift?
    /// What is wrong about amended terms.
    package let faults: [Proposal.Fault]
    /// The standstill it is about.
    package let stop: DeskStop?
    /// The trading session it is about.
    package let session: SessionStatus?

    package init(
        _ code: Code,
        _ detail: String,
        signals: [Signal] = [],
        differences: [Difference] = [],
        drift: Drift? = nil,
        faults: [Proposal.Fault] = [],
        stop: DeskStop? = nil,
        session: SessionStatus? = nil
    ) {
        self.code = code
        self.detail = detail
        self.signals = signals
        self.differences = differences
        self.drift = drift
        self.faults = faults
        self.stop = stop
        self.session = session
    }
}
