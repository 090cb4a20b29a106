import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// What programs say of a signal that is on the desk: withdrawn by its source, carried out, failed (GAP-02). The same can be
/// said among other messages, see ``IngestRoutes``.
struct ReportRoutes {
    let ingest: Ingest
    let clock: any DeskClock
    let limiter: DecisionLimiter

    func add(to router: Router<DeskContext>) {
        add("withdraw", .withdraw, to: router) { .withdraw($0, $1) }
        add("executed", .executed, to: router) { .reportExecuted($0, $1) }
        add("failed", .failed, to: router) { .reportFailed($0, $1) }
    }

    private func add(
        _ verb: String,
        _ form: ReportRequest,
        to router: Router<DeskContext>,
        command: @escaping @Sendable (SignalID, Command.Report) -> Command
    ) {
        router.post("/api/v1/signals/{id}/\(verb)") { request, context in
            try await report(request, context, form, command)
        }
    }

    private func report(
        _ request: Request,
        _ context: DeskContext,
        _ form: ReportRequest,
        _ command: (SignalID, Command.Report) -> Command
    ) async throws -> Response {
        let text = try context.pathText("id")
        guard let id = SignalID(text) else {
            throw Problem(.signalNotFound, "\(Line.quoted(text)) is not the id of a signal.")
        }
        let body = try await BoundedBody(bytesMax: RouteLimits.decisionBytesMax).read(request)
        let source = try request.source()
        let report = try form.parse(body.bytes.readableBytesView, source: source)
        if let name = UserName(report.by), let seconds = limiter.wait(for: name, at: clock.now()) {
            throw Problem.rateLimited(retryAfterSeconds: seconds)
        }
        let scope = "source:\(try context.me(request).name?.text ?? "")"
        let receipt = try IdempotencyHeader(request)?.receipt(scope: scope, request, body: body.bytes)
        let outcome = try await ingest.accept([.command(command(id, report))], receipt: receipt)
        guard let signal = outcome.events.last?.event.signal else { throw Problem.internalError }
        return .json(signal)
    }
}

extension Request {
    /// `?source=`: who speaks when the body does not say so.
    func source() throws -> String {
        guard let named = query("source") else { return "api" }
        guard let line = Line(named, charactersMax: 64) else {
            throw Problem(.invalidRequest, "source= must be a name of 1 to 64 characters on one line.")
        }
        return line.text
    }
}
