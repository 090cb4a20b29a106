import Domain
import Engine
import HTTPTypes
import Hummingbird
import Realtime
import Wire

/// Who has seen what was decided, and saying so where there is no socket (DLV-03, C20).
struct ReceiptRoutes {
    let desk: Desk
    let hub: LiveHub

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/signals/{id}/receipts") { _, context in try await receipts(context) }
        router.post("/api/v1/acks") { request, context in try await acknowledge(request, context) }
    }

    private func receipts(_ context: DeskContext) async throws -> Response {
        let text = try context.pathText("id")
        guard let id = SignalID(text), try await desk.signal(id) != nil else {
            throw Problem(.signalNotFound, "There is no signal with the id \(Line.quoted(text)).")
        }
        guard let receipts = hub.receipts.receipts(of: id) else {
            return .json(Receipts(signal: id, offset: nil, sentAt: nil, seen: [], waiting: []))
        }
        return .json(Receipts(receipts))
    }

    private func acknowledge(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.decider(request)
        let body = try await BoundedBody(bytesMax: RouteLimits.decisionBytesMax).read(request)
        let asked = try AckRequest.parse(body.bytes.readableBytesView)
        guard try await hub.acknowledge(upTo: asked.offset, by: user, connectionID: asked.connectionID) else {
            throw Problem(
                .notFound,
                "No event stream of yours has this connection_id. It may have ended: acknowledge on the new one."
            )
        }
        return Response(status: .noContent)
    }
}
