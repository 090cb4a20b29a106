import Domain
import HTTPTypes
import Hummingbird
import Logging
import Webhooks
import Wire

/// What could not be delivered, and having it sent again.
struct DeadLetterRoutes {
    static let limitDefault = 100
    static let limitMax = 500

    let deliveries: WebhookDeliveries?

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/webhooks/dead-letters") { request, _ in try await letters(request) }
        router.post("/api/v1/webhooks/dead-letters/{id}/redeliver") { request, context in
            try await redeliver(request, context)
        }
        router.delete("/api/v1/webhooks/dead-letters/{id}") { request, context in try await dismiss(request, context) }
    }

    private func letters(_ request: Request) async throws -> Response {
        let after = try Self.number(request.query("after"), "after", 0...Int64.max) ?? 0
        let limit = try Self.number(request.query("limit"), "limit", 1...Int64(Self.limitMax)).map { Int($0) }
        let most = limit ?? Self.limitDefault
        guard let deliveries else { return .json(DeadLetterPage(letters: [], hasMore: false)) }
        // One more than asked for tells whether there are more.
        let found = try await deliveries.deadLetters(after: after, limit: most + 1)
        let entries = found.prefix(most).map(DeadLetterEntry.init)
        return .json(DeadLetterPage(letters: entries, hasMore: found.count > most))
    }

    /// Whoever has an order sent late must be known.
    private func redeliver(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.decider(request)
        let (deliveries, id) = try named(context)
        switch try await deliveries.redeliver(id) {
        case .queued(let letter):
            Self.log("dead letter is sent again", letter, user, context)
            return .json(DeadLetterEntry(letter), status: .accepted)
        case .notFound: throw Self.notFound(String(id))
        case .noEndpoint(let letter):
            throw Problem(
                .endpointUnknown,
                "The desk no longer sends to \(letter.content.endpoint). Put it back into the settings and start again."
            )
        }
    }

    /// Nor is an order called off by nobody.
    private func dismiss(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.decider(request)
        let (deliveries, id) = try named(context)
        guard let letter = try await deliveries.dismiss(id) else { throw Self.notFound(String(id)) }
        Self.log("dead letter is dismissed", letter, user, context)
        return Response(status: .noContent)
    }

    private func named(_ context: DeskContext) throws -> (WebhookDeliveries, Int64) {
        let text = try context.pathText("id")
        guard let deliveries, let id = Int64(text), id > 0 else { throw Self.notFound(text) }
        return (deliveries, id)
    }

    private static func log(_ what: Logger.Message, _ letter: DeadLetter, _ user: UserName, _ context: DeskContext) {
        context.logger.notice(
            what,
            metadata: [
                "user": "\(user)", "endpoint": "\(letter.content.endpoint)", "event_id": "\(letter.content.eventID)",
            ]
        )
    }

    private static func notFound(_ text: String) -> Problem {
        Problem(.notFound, "There is no dead letter \(Line.quoted(text)). It may have been delivered or dismissed.")
    }

    private static func number(_ text: String?, _ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
        guard let text else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Problem(.invalidRequest, "\(name)= must be between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }
}
