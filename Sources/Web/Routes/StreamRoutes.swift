import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Storage
import Wire

/// The desk's messages as server-sent events, for where no WebSocket comes through (C20).
struct StreamRoutes {
    /// A desk that is full is so for a while.
    static let retryAfterSeconds = 5

    let hub: LiveHub
    let policies: PolicyBoard

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/events/stream") { request, context in try stream(request, context) }
    }

    private func stream(_ request: Request, _ context: DeskContext) throws -> Response {
        let query = try StreamQuery(request)
        let me = try context.me(request, under: policies)
        let extent = hub.extent
        let greeting = LiveGreeting(
            connectionID: UUID().hyphenated(),
            label: query.label,
            me: me,
            manner: query.manner,
            resume: query.cursor.map { hub.resume(from: $0, extent) },
            oldest: extent.oldest,
            acknowledges: query.acknowledges
        )
        let opening = LiveStream.Opening(
            greeting: greeting,
            cursor: query.cursor,
            subscription: query.subscription,
            place: try place(for: me.name, context)
        )
        let channel = context.channel
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody { [hub] writer in
                try await LiveStream.serve(opening, hub: hub, on: channel, to: &writer)
            }
        )
    }

    private func place(for user: UserName?, _ context: DeskContext) throws -> LedgerPlace {
        switch hub.ledger.place(for: user, over: .eventStream) {
        case .success(let place): return place
        case .failure(let full):
            hub.metrics.refused(.deskFull)
            context.logger.notice("stream turned away", metadata: ["reason": "\(full.reason)"])
            throw Problem.deskFull(full.reason, retryAfterSeconds: Self.retryAfterSeconds)
        }
    }
}

extension HTTPField.Name {
    /// Tells nginx not to hold the stream back.
    fileprivate static let accelBuffering = Self("X-Accel-Buffering")!
}
