internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// One line per request: at debug, and at info when the desk failed (500 and above).
///
/// It stands outside everything else, so that it sees what was answered. The query is never logged: it may hold a token
/// (`?token=`) or a ticket.
struct RequestLog<Context: RequestContext>: RouterMiddleware {
    /// A longer path is cut.
    static var pathCharactersMax: Int { 256 }

    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = now()
        do {
            let response = try await next(request, context)
            log(request, status: response.status, since: start, to: context.logger)
            return response
        } catch {
            log(request, status: .internalServerError, since: start, to: context.logger)
            throw error
        }
    }

    /// The request's id is in the metadata of the context's logger already.
    private func log(
        _ request: Request,
        status: HTTPResponse.Status,
        since start: ContinuousClock.Instant,
        to logger: Logger
    ) {
        logger.log(
            level: status.code >= 500 ? .info : .debug,
            "Request",
            metadata: [
                "method": "\(request.method.rawValue)",
                "path": "\(request.uri.path.prefix(Self.pathCharactersMax))",
                "status": "\(status.code)",
                "duration_ms": "\((now() - start) / .milliseconds(1))",
            ]
        )
    }
}
