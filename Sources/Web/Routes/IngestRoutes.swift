import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Wire

/// Where signals and everything else from sources come in (GAP-08).
struct IngestRoutes {
    let ingest: Ingest
    let clock: any DeskClock

    func add(to router: Router<DeskContext>) {
        router.post("/api/v1/signals") { request, context in try await postSignal(request, context) }
        router.post("/api/v1/events") { request, context in try await postEvents(request, context) }
    }

    private func postSignal(_ request: Request, _ context: DeskContext) async throws -> Response {
        let body = try await BoundedBody(bytesMax: RouteLimits.eventBytesMax).read(request)
        let message = try SourceMessage.parseSignal(body.bytes.readableBytesView, try reading(request))
        let receipt = try IdempotencyHeader(request)?.receipt(
            scope: try scope(request, context),
            request,
            body: body.bytes
        )
        let outcome = try await ingest.accept([message], receipt: receipt)
        guard let signal = outcome.events.last?.event.signal else { throw Problem.internalError }
        return .json(signal, status: .created, headers: [.location: "/api/v1/signals/\(signal.id)"])
    }

    private func postEvents(_ request: Request, _ context: DeskContext) async throws -> Response {
        let body = try await BoundedBody(bytesMax: RouteLimits.bodyBytesMax, formats: [.json, .lines]).read(request)
        let messages = try SourceMessage.parseEvents(body.bytes.readableBytesView, try reading(request))
        let receipt = try IdempotencyHeader(request)?.receipt(
            scope: try scope(request, context),
            request,
            body: body.bytes
        )
        let outcome = try await ingest.accept(messages, receipt: receipt)
        let accepted = Accepted(
            count: messages.count,
            offset: outcome.events.last?.offset ?? .start,
            ids: outcome.events.compactMap(\.event.sourceID)
        )
        return .json(accepted, status: .accepted)
    }

    private func reading(_ request: Request) throws -> SourceMessage.Context {
        var source = "api"
        if let named = request.uri.queryParameters["source"].map(String.init) {
            guard let line = Line(named, charactersMax: 64) else {
                throw Problem(.invalidRequest, "source= must be a name of 1 to 64 characters on one line.")
            }
            source = line.text
        }
        return SourceMessage.Context(now: clock.now(), source: source) { UUID() }
    }

    private func scope(_ request: Request, _ context: DeskContext) throws -> String {
        "source:\(try context.me(request).name?.text ?? "")"
    }
}

extension Event {
    /// The id its source knows it by.
    fileprivate var sourceID: String? {
        switch self {
        case .observed(.pattern(let pattern)): pattern.id
        case .observed(.alert(let alert)): alert.id
        case .observed(.notice(let notice)): notice.id
        default: signal?.id.description
        }
    }
}
