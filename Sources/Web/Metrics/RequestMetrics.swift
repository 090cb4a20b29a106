import Engine
import Metrics

/// What becomes of the requests that want something of the desk (OBS-02). One that came again under its key counts once.
struct RequestMetrics: Sendable {
    private let refused: Counter
    private let failed: Counter

    init(_ name: MetricName, _ factory: any MetricsFactory) {
        refused = Counter(name, factory, [("outcome", "refused")])
        failed = Counter(name, factory, [("outcome", "failed")])
    }

    /// Hands the request to the desk and counts what becomes of it.
    ///
    /// - Parameter done: counts the requests that are carried out.
    func submit(
        _ request: DeskRequest,
        to desk: Desk,
        done: @Sendable (DeskOutcome) -> Counter
    ) async throws(DeskError) -> DeskOutcome {
        do throws(DeskError) {
            let outcome = try await desk.submit(request)
            if !outcome.isRepeated { done(outcome).increment() }
            return outcome
        } catch {
            switch error {
            case .refused, .keyReused: refused.increment()
            case .busy, .closing, .store: failed.increment()
            }
            throw error
        }
    }
}

/// Clicks on approve, reject, undo and +5 min.
struct DecisionMetrics: Sendable {
    let approved: Counter
    /// Approvals that others have to follow.
    let signedOff: Counter
    let rejected: Counter
    let undone: Counter
    let extended: Counter
    let requests: RequestMetrics

    init(_ factory: any MetricsFactory) {
        approved = Counter(.decisions, factory, [("outcome", "approved")])
        signedOff = Counter(.decisions, factory, [("outcome", "signed_off")])
        rejected = Counter(.decisions, factory, [("outcome", "rejected")])
        undone = Counter(.decisions, factory, [("outcome", "undone")])
        extended = Counter(.decisions, factory, [("outcome", "extended")])
        requests = RequestMetrics(.decisions, factory)
    }
}

/// Requests of sources.
struct PostMetrics: Sendable {
    let accepted: Counter
    let requests: RequestMetrics

    init(_ factory: any MetricsFactory) {
        accepted = Counter(.posts, factory, [("outcome", "accepted")])
        requests = RequestMetrics(.posts, factory)
    }
}
