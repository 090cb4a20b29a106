import Domain
import HTTPTypes
import Hummingbird
import Wire

/// Who is here, and saying what one looks at where there is no socket (C20).
struct PresenceRoutes {
    private static let retryAfterSeconds = 15

    let hub: LiveHub

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/presence") { _, _ in Response.json(hub.presence.present) }
        router.post("/api/v1/presence") { request, context in try await look(request, context) }
    }

    private func look(_ request: Request, _ context: DeskContext) async throws -> Response {
        let me = try context.me(request)
        let body = try await BoundedBody(bytesMax: RouteLimits.decisionBytesMax).read(request)
        let asked = try LookRequest.parse(body.bytes.readableBytesView)
        if let connectionID = asked.connectionID {
            guard hub.presence.looking(connectionID, of: me.name, at: asked.signal, now: hub.now()) else {
                throw Problem(
                    .notFound,
                    "No connection of yours has this connection_id. It may have ended: say it again on the new one."
                )
            }
        } else {
            // Tabs that poll are told apart by nothing but their user's name.
            let user = try context.decider(request)
            guard hub.presence.polled(user, lookingAt: asked.signal, at: hub.now()) else {
                throw Problem.deskFull(
                    "too many users poll, and who is here is shown without you",
                    retryAfterSeconds: Self.retryAfterSeconds
                )
            }
        }
        return .json(hub.presence.present)
    }
}
