import Engine
import Storage
import Wire

/// The desk's errors as problems (style: Refusal, Problem, Failure; only `Web` gives them a status).
extension Problem {
    private static let retryAfterSeconds = 2

    init(_ error: DeskError) {
        switch error {
        case .refused(let refusal): self = Problem(refusal: refusal)
        case .keyReused:
            self = Problem(
                .idempotencyKeyReused,
                "This Idempotency-Key belongs to another request. Use a new key for a new request."
            )
        case .busy:
            self = Problem(
                .storeUnavailable,
                "More requests are waiting than the desk can hold. Nothing was done; try again.",
                retryAfterSeconds: Self.retryAfterSeconds
            )
        case .closing:
            self = Problem(
                .storeUnavailable,
                "The desk is closing. Nothing was done; try again when it is back.",
                retryAfterSeconds: Self.retryAfterSeconds
            )
        case .store(let error): self = Problem(error)
        }
    }

    /// What exactly failed is in the log.
    init(_ error: StoreError) { self = .storeUnavailable(retryAfterSeconds: Self.retryAfterSeconds) }

    static func cannotResume(_ failure: ResumeFailure) -> Problem {
        switch failure {
        case .epochChanged:
            Problem(
                .epochChanged,
                "This place is in another log than the desk's. Load /api/v1/snapshot and go on from there."
            )
        case .trimmed, .tooMany:
            Problem(
                .trimmed,
                "The desk no longer holds what came after this place. Load /api/v1/snapshot and go on from there."
            )
        }
    }
}
