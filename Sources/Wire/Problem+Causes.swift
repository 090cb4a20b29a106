package import Domain

// How what other modules refuse becomes a problem.

extension Problem {
    package init(refusal: Refusal) {
        let code: Code =
            switch refusal.code {
            case .signalNotFound: .signalNotFound
            case .signalExists: .signalExists
            case .alreadyDecided: .alreadyDecided
            case .signalExpired: .signalExpired
            case .versionConflict: .versionConflict
            case .notApproved: .notApproved
            case .notReleased: .notReleased
            case .undoWindowOver: .undoWindowOver
            case .decisionIDReused: .idempotencyKeyReused
            case .sourceMismatch: .sourceMismatch
            case .extensionLimit: .extensionLimit
            case .symbolNotPending: .symbolNotPending
            case .symbolAmbiguous: .symbolAmbiguous
            case .termsChanged: .termsChanged
            case .priceMoved: .priceMoved
            case .invalidTerms: .invalidTerms
            case .deskStopped: .deskStopped
            case .deskNotStopped: .deskNotStopped
            case .stopChanged: .stopChanged
            case .resumeAddsNothing: .resumeAddsNothing
            case .sessionNotFound: .sessionNotFound
            case .sessionState: .sessionState
            case .notPermitted: .notPermitted
            case .approvalAddsNothing: .approvalAddsNothing
            case .sidesDiffer: .sidesDiffer
            case .reasonRequired: .reasonRequired
            }
        let extensions: [Extension] =
            switch refusal.code {
            case .signalNotFound: []
            case .alreadyDecided, .signalExpired, .versionConflict, .notApproved, .notReleased, .undoWindowOver,
                .decisionIDReused, .sourceMismatch, .extensionLimit, .notPermitted, .approvalAddsNothing, .sidesDiffer,
                .reasonRequired:
                refusal.signals.first.map { [.signal($0)] } ?? []
            case .signalExists, .symbolNotPending, .symbolAmbiguous: [.signals(refusal.signals)]
            case .deskNotStopped, .sessionNotFound: []
            case .deskStopped, .stopChanged, .resumeAddsNothing: refusal.stop.map { [.stop($0)] } ?? []
            case .sessionState: refusal.session.map { [.session($0)] } ?? []
            case .termsChanged, .priceMoved:
                [.differences(refusal.differences), .drift(refusal.drift)]
                    + (refusal.signals.first.map { [.signal($0)] } ?? [])
            case .invalidTerms:
                [.errors(refusal.faults.map { .init("/\($0.field.rawValue)", $0.detail) })]
                    + (refusal.signals.first.map { [.signal($0)] } ?? [])
            }
        self.init(code, refusal.detail, extensions: extensions)
    }

    package init(invalid request: InvalidRequest) {
        if request.isMalformed {
            self.init(.malformedJSON, request.faults.first?.detail ?? "", extensions: [.errors(request.faults)])
            return
        }
        let count = request.faults.count + request.faultsLeftOut
        let faults = count == 1 ? "1 fault" : "\(count) faults"
        let first = request.faults.first.map { ": \($0.pointer.isEmpty ? "the body" : $0.pointer) \($0.detail)" } ?? ""
        self.init(
            .invalidRequest,
            "The body has \(faults). Nothing was taken\(first).",
            extensions: [.errors(request.faults)]
        )
    }

    /// The log cannot be written or read; nothing was decided.
    package static func storeUnavailable(retryAfterSeconds: Int) -> Problem {
        Problem(
            .storeUnavailable,
            "Nothing was changed. Try again with the same Idempotency-Key.",
            retryAfterSeconds: retryAfterSeconds
        )
    }

    package static func rateLimited(retryAfterSeconds: Int) -> Problem {
        Problem(.rateLimited, "Try again in \(retryAfterSeconds) s.", retryAfterSeconds: retryAfterSeconds)
    }

    /// - Parameter reason: begins in the middle of a sentence.
    package static func deskFull(_ reason: String, retryAfterSeconds: Int) -> Problem {
        Problem(.deskFull, "There is no room: \(reason).", retryAfterSeconds: retryAfterSeconds)
    }

    package static func identityRequired() -> Problem {
        Problem(.identityRequired, "Whoever decides must be known. Add ?as= with your name to the address.")
    }
}
