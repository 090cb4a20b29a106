import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

/// Where signals and everything else from sources come in (GAP-08).
struct IngestRoutes {
    let ingest: Ingest
    let clock: any DeskClock

    func add(to router: Router<DeskContext>) {
        router.post("/api/v1/signals") { request, context in try await postSignal(request, context) }
        addAmend(to: router)
        router.post("/api/v1/events") { request, context in try await postEvents(request, context) }
    }

    private func postSignal(_ request: Request, _ context: DeskContext) async throws -> Response {
        let body = try await BoundedBody(bytesMax: RouteLimits.eventBytesMax).read(request)
        let receipt = try receipt(request, context, body.bytes)
        let message = try await read(request, context, receipt) {
            try SourceMessage.parseSignal(body.bytes.readableBytesView, $0)
        }
        let outcome = try await ingest.accept([message], receipt: receipt)
        guard let signal = outcome.events.last?.event.signal else { throw Problem.internalError }
        return .json(signal, status: .created, headers: [.location: "/api/v1/signals/\(signal.id)"])
    }

    private func postEvents(_ request: Request, _ context: DeskContext) async throws -> Response {
        let body = try await BoundedBody(bytesMax: RouteLimits.bodyBytesMax, formats: [.json, .lines]).read(request)
        let receipt = try receipt(request, context, body.bytes)
        let messages = try await read(request, context, receipt) {
            try SourceMessage.parseEvents(body.bytes.readableBytesView, $0)
        }
        let outcome = try await ingest.accept(messages, receipt: receipt)
        let accepted = Accepted(
            count: messages.count,
            offset: outcome.events.last?.offset ?? .start,
            ids: outcome.events.compactMap(\.event.sourceID)
        )
        return .json(accepted, status: .accepted)
    }

    /// A request that was accepted is the same when it is repeated, though what it brought has expired since (GAP-09): it
    /// is read as if no time had passed.
    private func read<Content>(
        _ request: Request,
        _ context: DeskContext,
        _ receipt: Append.NewReceipt?,
        as parse: (SourceMessage.Context) throws -> Content
    ) async throws -> Content {
        do {
            return try parse(try reading(request, context, at: clock.now()))
        } catch let invalid as InvalidRequest {
            guard let receipt, try await ingest.hasAccepted(receipt.key) else { throw invalid }
            return try parse(try reading(request, context, at: Timestamp(milliseconds: 0)))
        }
    }

    private func reading(
        _ request: Request,
        _ context: DeskContext,
        at now: Timestamp
    ) throws -> SourceMessage.Context {
        // What somebody sends under their own name is their own proposal: they may not approve it (issue 5).
        let proposer = try context.me(request).name
        return SourceMessage.Context(now: now, source: try request.source(), proposedBy: proposer) { UUID() }
    }

    func receipt(
        _ request: Request,
        _ context: DeskContext,
        _ body: ByteBuffer
    ) throws -> Append.NewReceipt? {
        guard let key = try IdempotencyHeader(request) else { return nil }
        return key.receipt(scope: "source:\(try context.me(request).name?.text ?? "")", request, body: body)
    }
}

extension Event {
    /// The id its source knows it by.
    var sourceID: String? {
        switch self {
        case .observed(.pattern(let pattern)): pattern.id
        case .observed(.alert(let alert)): alert.id
        case .observed(.notice(let notice)): notice.id
        default: signal?.id.description
        }
    }
}
