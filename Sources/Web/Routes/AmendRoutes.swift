import Domain
import Engine
import Hummingbird
import Wire

/// A source changes the terms of its signal while people think (issue 5, "Terms").
extension IngestRoutes {
    func addAmend(to router: Router<DeskContext>) {
        router.post("/api/v1/signals/{id}/amend") { request, context in try await amend(request, context) }
    }

    private func amend(_ request: Request, _ context: DeskContext) async throws -> Response {
        let text = try context.pathText("id")
        guard let id = SignalID(text) else {
            throw Problem(.signalNotFound, "\(Line.quoted(text)) is not the id of a signal.")
        }
        let body = try await BoundedBody(bytesMax: RouteLimits.eventBytesMax).read(request)
        let receipt = try receipt(request, context, body.bytes)
        let source = try request.source()
        let asked = try AmendRequest.parse(body.bytes.readableBytesView, source: source)
        let command = Command.amend(id, asked.amendment, asked.request)
        let outcome = try await ingest.accept([.command(command)], receipt: receipt)
        // Nothing changed: the signal is what the source wants it to be.
        let amended = outcome.events.last?.event.signal
        guard let signal = try await amended == nil ? ingest.signal(id) : amended else { throw Problem.internalError }
        return .json(signal)
    }
}
