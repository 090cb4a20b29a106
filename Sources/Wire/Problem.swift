package import Domain

/// A refused request, as `application/problem+json` (RFC 9457).
package struct Problem: Error, Hashable, Sendable {
    package static let contentType = "application/problem+json"

    /// A code is forever; it decides the status.
    package enum Code: String, CaseIterable, Sendable {
        case malformedJSON = "malformed_json"
        case invalidRequest = "invalid_request"
        case identityRequired = "identity_required"
        case signatureInvalid = "signature_invalid"
        case originForbidden = "origin_forbidden"
        case userMismatch = "user_mismatch"
        case notFound = "not_found"
        case signalNotFound = "signal_not_found"
        case patternNotFound = "pattern_not_found"
        case methodNotAllowed = "method_not_allowed"
        case alreadyDecided = "already_decided"
        case versionConflict = "version_conflict"
        case symbolAmbiguous = "symbol_ambiguous"
        case symbolNotPending = "symbol_not_pending"
        case signalExists = "signal_exists"
        case notApproved = "not_approved"
        case notReleased = "not_released"
        case undoWindowOver = "undo_window_over"
        case extensionLimit = "extension_limit"
        case sourceMismatch = "source_mismatch"
        case termsChanged = "terms_changed"
        case termsUnknown = "terms_unknown"
        case priceMoved = "price_moved"
        case invalidTerms = "invalid_terms"
        case deskStopped = "desk_stopped"
        case deskNotStopped = "desk_not_stopped"
        case stopChanged = "stop_changed"
        case resumeAddsNothing = "resume_adds_nothing"
        case sessionNotFound = "session_not_found"
        case sessionState = "session_state"
        case notPermitted = "not_permitted"
        case approvalAddsNothing = "approval_adds_nothing"
        case sidesDiffer = "sides_differ"
        case reasonRequired = "reason_required"
        case signalExpired = "signal_expired"
        case trimmed
        case epochChanged = "epoch_changed"
        case bodyTooLarge = "body_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case idempotencyKeyReused = "idempotency_key_reused"
        case webhookUnusable = "webhook_unusable"
        case endpointUnknown = "endpoint_unknown"
        case rateLimited = "rate_limited"
        case storeUnavailable = "store_unavailable"
        case deskFull = "desk_full"
        case internalError = "internal_error"
    }

    /// A member besides those of RFC 9457.
    package enum Extension: Hashable, Sendable {
        case signal(Signal)
        case signals([Signal])
        case errors([InvalidRequest.Fault])
        case differences([Difference])
        case drift(Drift?)
        case stop(DeskStop)
        case session(SessionStatus)
        case value(String, JSONValue)
    }

    package let code: Code
    /// A sentence that says what to do.
    package let detail: String
    package let extensions: [Extension]
    /// For the header of that name.
    package let retryAfterSeconds: Int?

    package init(_ code: Code, _ detail: String, extensions: [Extension] = [], retryAfterSeconds: Int? = nil) {
        self.code = code
        self.detail = detail
        self.extensions = extensions
        self.retryAfterSeconds = retryAfterSeconds
    }

    package var status: Int { code.status }
}

extension Problem.Code {
    package var status: Int {
        switch self {
        case .malformedJSON, .invalidRequest, .invalidTerms: 400
        case .identityRequired, .signatureInvalid: 401
        case .originForbidden, .userMismatch, .sourceMismatch, .notPermitted: 403
        case .notFound, .signalNotFound, .patternNotFound, .sessionNotFound: 404
        case .methodNotAllowed: 405
        case .alreadyDecided, .versionConflict, .symbolAmbiguous, .symbolNotPending, .signalExists, .notApproved: 409
        case .notReleased, .undoWindowOver, .extensionLimit, .termsChanged, .termsUnknown, .priceMoved: 409
        case .approvalAddsNothing, .sidesDiffer, .endpointUnknown: 409
        case .deskNotStopped, .stopChanged, .resumeAddsNothing, .sessionState: 409
        case .signalExpired, .trimmed, .epochChanged: 410
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .idempotencyKeyReused, .reasonRequired, .webhookUnusable: 422
        case .deskStopped: 423
        case .rateLimited: 429
        case .internalError: 500
        case .storeUnavailable, .deskFull: 503
        }
    }

    package var title: String {
        switch self {
        case .malformedJSON: "The body is not JSON"
        case .invalidRequest: "The request is not valid"
        case .identityRequired: "Say who you are"
        case .signatureInvalid: "The sender is not believed"
        case .originForbidden: "Not from this origin"
        case .userMismatch: "Another user than the one who asks"
        case .notFound: "There is nothing here"
        case .signalNotFound: "No such signal"
        case .patternNotFound: "No such pattern"
        case .methodNotAllowed: "Not with this method"
        case .alreadyDecided: "Already decided"
        case .versionConflict: "The signal has changed"
        case .symbolAmbiguous: "More than one signal of this symbol"
        case .symbolNotPending: "No signal of this symbol is waiting"
        case .signalExists: "This signal is already on the desk"
        case .notApproved: "The signal is not approved"
        case .notReleased: "The signal has not left the desk"
        case .undoWindowOver: "Too late to undo"
        case .extensionLimit: "No more time to give"
        case .sourceMismatch: "The signal of another source"
        case .termsChanged: "The terms have changed"
        case .termsUnknown: "The signal never had these terms"
        case .priceMoved: "The price has moved away from the entry"
        case .invalidTerms: "The amended terms are not valid"
        case .deskStopped: "The desk is stopped"
        case .deskNotStopped: "The desk is not stopped"
        case .stopChanged: "The desk was stopped anew"
        case .resumeAddsNothing: "You have signed off already"
        case .sessionNotFound: "No such session"
        case .sessionState: "Not in this state of the session"
        case .notPermitted: "The policy does not let you"
        case .approvalAddsNothing: "Your approval adds nothing"
        case .sidesDiffer: "Approved as something else"
        case .reasonRequired: "The policy asks for a reason"
        case .signalExpired: "The signal has expired"
        case .trimmed: "No longer in the log"
        case .epochChanged: "The log is another one"
        case .bodyTooLarge: "The body is too large"
        case .unsupportedMediaType: "Not this kind of body"
        case .idempotencyKeyReused: "The key was used for another request"
        case .webhookUnusable: "The webhook says nothing the desk can use"
        case .endpointUnknown: "The endpoint is not in the settings"
        case .rateLimited: "Too many requests"
        case .storeUnavailable: "The store is not available"
        case .deskFull: "The desk is full"
        case .internalError: "The server failed"
        }
    }

    /// `urn:countersign:problem:already-decided`
    package var urn: String { "urn:countersign:problem:\(rawValue.replacing("_", with: "-"))" }
}

extension Problem: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("type", code.urn)
            json.text("title", code.title)
            json.integer("status", code.status)
            json.text("detail", detail)
            json.text("code", code.rawValue)
            for member in extensions { member.write(to: &json) }
        }
    }
}

extension Problem.Extension {
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .signal(let signal): json.member("signal", signal)
        case .signals(let signals): json.list("signals", signals)
        case .errors(let faults):
            json.key("errors")
            json.array(faults) { json, fault in
                json.object { json in
                    json.text("pointer", fault.pointer)
                    json.text("detail", fault.detail)
                }
            }
        case .differences(let differences): json.list("differences", differences)
        case .stop(let stop): json.member("stop", stop)
        case .session(let session): json.object("session") { session.writeMembers(to: &$0) }
        case .drift(let drift): json.member("drift", drift)
        case .value(let key, let value):
            json.key(key)
            json.value(value)
        }
    }
}
