import Domain
import Engine
import HTTPTypes
import Hummingbird
import Metrics
import NIOCore
import Storage
import Wire

/// Approve and reject, by id and in the two by-symbol forms, undo and more time (EP-07, GAP-02, GAP-03). Decisions come by
/// POST only.
struct DecisionRoutes {
    let desk: Desk
    let clock: any DeskClock
    let limiter: DecisionLimiter
    let metrics: DecisionMetrics
    /// How many decisions one request may carry.
    let bulkItemsMax: Int

    func add(to router: Router<DeskContext>) {
        router.post("/api/v1/signals/{id}/approve") { request, context in
            try await decide(request, context, on: try pathTarget(context), as: { try approval($0) })
        }
        router.post("/api/v1/signals/{id}/reject") { request, context in
            try await decide(request, context, on: try pathTarget(context), as: { try rejection($0) })
        }
        router.post("/approve") { request, context in
            try await decide(request, context, on: nil) { try approval($0, needsSymbol: true) }
        }
        router.post("/reject") { request, context in
            try await decide(request, context, on: nil) { try rejection($0, needsSymbol: true) }
        }
        router.post("/api/v1/decisions/bulk") { request, context in try await decideAll(request, context) }
        router.post("/api/v1/signals/{id}/undo") { request, context in
            let id = try pathSignal(context)
            return try await decide(request, context, on: .signal(id)) { try undo(id, $0) }
        }
        router.post("/api/v1/signals/{id}/extend") { request, context in
            let id = try pathSignal(context)
            return try await decide(request, context, on: .signal(id)) { try extending(id, $0) }
        }
    }

    /// What a body asks for, whoever sends it.
    struct Asked {
        let symbol: Symbol?
        let userID: UserName?
        var terms: TermsHash?
        let counter: @Sendable (DeskOutcome) -> Counter
        let command: (Command.Target, DecisionID, UserName) -> Command
    }

    func approval(_ body: ByteBuffer, needsSymbol: Bool = false) throws -> Asked {
        let asked = try ApproveRequest.parse(body.readableBytesView, needsSymbol: needsSymbol)
        let counter = { @Sendable [metrics] (outcome: DeskOutcome) -> Counter in
            if case .signalSignedOff? = outcome.events.last?.event { metrics.signedOff } else { metrics.approved }
        }
        return Asked(
            symbol: asked.symbol,
            userID: asked.userID,
            terms: asked.terms,
            counter: counter
        ) { target, id, user in
            .approve(
                target,
                as: asked.status,
                Command.Click(
                    decisionID: id,
                    user: user,
                    note: asked.note,
                    expectedVersion: asked.version,
                    acceptedPrice: asked.acceptedPrice
                )
            )
        }
    }

    func rejection(_ body: ByteBuffer, needsSymbol: Bool = false) throws -> Asked {
        let asked = try RejectRequest.parse(body.readableBytesView, needsSymbol: needsSymbol)
        return Asked(symbol: asked.symbol, userID: asked.userID, counter: { [metrics] _ in metrics.rejected }) {
            target,
            id,
            user in
            .reject(
                target,
                reason: asked.reason,
                Command.Click(decisionID: id, user: user, note: asked.note, expectedVersion: asked.version)
            )
        }
    }

    private func undo(_ id: SignalID, _ body: ByteBuffer) throws -> Asked {
        let asked = try UndoRequest.parse(body.readableBytesView)
        return Asked(symbol: nil, userID: asked.userID, counter: { [metrics] _ in metrics.undone }) {
            _,
            decision,
            user in
            .undo(id, Command.Click(decisionID: decision, user: user, expectedVersion: asked.version))
        }
    }

    private func extending(_ id: SignalID, _ body: ByteBuffer) throws -> Asked {
        let asked = try ExtendRequest.parse(body.readableBytesView)
        return Asked(symbol: nil, userID: asked.userID, counter: { [metrics] _ in metrics.extended }) {
            _,
            decision,
            user in
            .extend(
                id,
                minutes: asked.minutes,
                Command.Click(decisionID: decision, user: user, expectedVersion: asked.version)
            )
        }
    }

    private func decide(
        _ request: Request,
        _ context: DeskContext,
        on pathTarget: Command.Target?,
        as parse: (ByteBuffer) throws -> Asked
    ) async throws -> Response {
        let user = try context.decider(request)
        let body = try await BoundedBody(bytesMax: RouteLimits.decisionBytesMax).read(request)
        let asked = try parse(body.bytes)
        if let named = asked.userID, named != user {
            throw Problem(
                .userMismatch,
                "You are \(user); you cannot decide as \(named). Leave user_id out, or send your own name."
            )
        }
        guard let target = pathTarget ?? asked.symbol.map({ .symbol($0) }) else {
            throw Problem(
                invalid: InvalidRequest(faults: [.init("/symbol", "is missing: which symbol is this about?")])
            )
        }
        let key = try IdempotencyHeader(request)
        try await check(asked.symbol, against: target)
        if let seconds = limiter.wait(for: user, at: clock.now()) {
            throw Problem.rateLimited(retryAfterSeconds: seconds)
        }
        let id = key.map { DecisionID($0.key) } ?? DecisionID()
        let receipt = key?.receipt(scope: "user:\(user)", request, body: body.bytes)
        let seen = try await seenTerms(asked, target)
        let wanted = DeskRequest(asked.command(target, id, user).seeing(seen), receipt: receipt)
        let outcome = try await metrics.requests.submit(wanted, to: desk, done: asked.counter)
        guard let signal = outcome.events.last?.event.signal else { throw Problem.internalError }
        return .json(signal)
    }

    func seenTerms(_ asked: Asked, _ target: Command.Target) async throws -> Terms? {
        guard let hash = asked.terms else { return nil }
        do {
            return try await SeenTerms(desk: desk).terms(of: hash, for: target)
        } catch let problem as Problem {
            // While the desk is stopped that is the answer to every approval, whatever else is wrong with it.
            guard let stop = await desk.lastStop, stop.isInForce else { throw problem }
            throw Problem(refusal: Refusal(by: stop, "Nothing was approved"))
        }
    }

    /// A body that names another symbol than the address does was meant for another signal: nothing is decided.
    func check(_ symbol: Symbol?, against target: Command.Target) async throws {
        guard let symbol else { return }
        let addressed: Symbol? =
            switch target {
            case .symbol(let symbol): symbol
            case .signal(let id): try await desk.signal(id)?.symbol
            }
        guard let addressed, addressed != symbol else { return }
        let detail = "says \(symbol), but the address leads to a signal of \(addressed). Nothing was decided"
        throw Problem(invalid: InvalidRequest(faults: [.init("/symbol", detail)]))
    }

    private func pathSignal(_ context: DeskContext) throws -> SignalID {
        let text = try context.pathText("id")
        guard let id = SignalID(text) else {
            throw Problem(.signalNotFound, "\(Line.quoted(text)) is not the id of a signal.")
        }
        return id
    }

    private func pathTarget(_ context: DeskContext) throws -> Command.Target {
        let text = try context.pathText("id")
        if let id = SignalID(text) { return .signal(id) }
        if let symbol = Symbol(text) { return .symbol(symbol) }
        throw Problem(.signalNotFound, "\(Line.quoted(text)) is neither the id of a signal nor a symbol.")
    }
}
