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

    package init(
        _ code: Code,
        _ detail: String,
        signals: [Signal] = [],
        differences: [Difference] = [],
        drift: Drift? = nil,
        faults: [Proposal.Fault] = []
    ) {
        self.code = code
        self.detail = detail
        self.signals = signals
        self.differences = differences
        self.drift = drift
        self.faults = faults
    }
}
