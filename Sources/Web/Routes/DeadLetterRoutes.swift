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
    }

    private func letters(_ request: Request) async throws -> Response {
        let after = try Self.number(request.query("after"), "after", 0...Int64.max) ?? 0
        let limit = try Self.number(request.query("limit"), "limit", 1...Int64(Self.limitMax)).map { Int($0) }
        let most = limit ?? Self.limitDefault
        guard let deliveries else { return .json(DeadLetterPage(letters: [], hasMore: false)) }
        // One more than asked for tells whether there are more.
        let found = try await deliveries.deadLetters(after: after, limit: most + 1)
        let entries = found.prefix(most).map { DeadLetterEntry($0, eventID: $0.eventID(epoch: deliveries.epoch)) }
        return .json(DeadLetterPage(letters: entries, hasMore: found.count > most))
    }

    /// Whoever has an order sent late must be known.
    private func redeliver(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.decider(request)
        let text = try context.pathText("id")
        guard let deliveries, let id = Int64(text), id > 0 else { throw Self.notFound(text) }
        switch try await deliveries.redeliver(id) {
        case .queued(let letter):
            let eventID = letter.eventID(epoch: deliveries.epoch)
            context.logger.notice("dead letter sent again", metadata: ["user": "\(user)", "event_id": "\(eventID)"])
            return .json(DeadLetterEntry(letter, eventID: eventID), status: .accepted)
        case .notFound: throw Self.notFound(text)
        case .noEndpoint(let letter):
            throw Problem(
                .endpointUnknown,
                "The desk no longer sends to \(letter.content.endpoint). Put it back into the settings and start again."
            )
        }
    }

    private static func notFound(_ text: String) -> Problem {
        Problem(.notFound, "There is no dead letter \(Line.quoted(text)). It may have been delivered.")
    }

    private static func number(_ text: String?, _ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
        guard let text else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Problem(.invalidRequest, "\(name)= must be between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }
}
