import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Wire

extension DecisionRoutes {
    /// Several decisions in one request: each is made as if it had come alone, one after the other, and has an outcome of its
    /// own. The answer is 207 whatever becomes of them; only a request that cannot be read is refused as a whole.
    func decideAll(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.decider(request)
        let body = try await BoundedBody(bytesMax: RouteLimits.bulkBytesMax).read(request)
        let bulk = try BulkRequest.parse(body.bytes.readableBytesView, itemsMax: bulkItemsMax)
        let key = try IdempotencyHeader(request)
        let items = try bulk.items.map { (item: $0, asked: try asked($0, user)) }
        var outcomes: [BulkOutcomes.Outcome] = []
        for (index, (item, asked)) in items.enumerated() {
            let isRepeatable = item.decisionID != nil || key != nil
            let id = DecisionID(item.decisionID ?? key.map { "\($0.key)/\(index)" } ?? DecisionID().text)
            let result: Result<Signal, Problem>
            do {
                result = .success(try await decide(item, asked, id, user, isRepeatable: isRepeatable))
            } catch let problem as Problem {
                result = .failure(problem)
            } catch let error as DeskError {
                result = .failure(Problem(error))
            } catch let error as StoreError {
                result = .failure(Problem(error))
            }
            outcomes.append(BulkOutcomes.Outcome(signal: item.signal, decisionID: id, result: result))
        }
        return .json(BulkOutcomes(outcomes), status: HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status"))
    }

    private func asked(_ item: BulkRequest.Item, _ user: UserName) throws -> Asked {
        let body = ByteBuffer(bytes: item.body)
        let asked =
            switch item.action {
            case .approve: try approval(body)
            case .reject: try rejection(body)
            }
        if let named = asked.userID, named != user {
            throw Problem(
                .userMismatch,
                "You are \(user); you cannot decide as \(named). Leave user_id out, or send your own name."
            )
        }
        return asked
    }

    private func decide(
        _ item: BulkRequest.Item,
        _ asked: Asked,
        _ id: DecisionID,
        _ user: UserName,
        isRepeatable: Bool
    ) async throws -> Signal {
        try await check(asked.symbol, against: .signal(item.signal))
        if let seconds = limiter.wait(for: user, at: clock.now()) {
            throw Problem.rateLimited(retryAfterSeconds: seconds)
        }
        let receipt = isRepeatable ? IdempotencyHeader(of: id).receipt(scope: "user:\(user)", item: item.body) : nil
        let seen = try await seenTerms(asked, .signal(item.signal))
        let wanted = DeskRequest(asked.command(.signal(item.signal), id, user).seeing(seen), receipt: receipt)
        let outcome = try await metrics.requests.submit(wanted, to: desk, done: asked.counter)
        guard let signal = outcome.events.last?.event.signal else { throw Problem.internalError }
        return signal
    }
}
