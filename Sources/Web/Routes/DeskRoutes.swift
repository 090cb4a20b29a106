import Domain
import Engine
import HTTPTypes
import Hummingbird
import Metrics
import Wire

/// The emergency stop of the whole desk, and what people tell trading sessions to do (GAP-07, SES-04).
struct DeskRoutes {
    let desk: Desk
    let hub: LiveHub
    let clock: any DeskClock
    /// Apart from that of decisions: whoever has just decided a lot may still stop.
    let limiter: DecisionLimiter
    let metrics: StopMetrics

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/desk") { _, _ in Response.json(await standing()) }
        router.post("/api/v1/desk/stop") { request, context in
            try await carryOut(request, context, metrics.stopped, StopRequest.parse) { asked, click in
                .stopDesk(click(asked.reason))
            }
            return Response.json(await standing())
        }
        router.post("/api/v1/desk/resume") { request, context in
            try await carryOut(request, context, metrics.resumed, ResumeRequest.parse) { asked, click in
                .resumeDesk(from: asked.stop, click(nil))
            }
            return Response.json(await standing())
        }
        router.get("/api/v1/sessions") { _, _ in
            Response.json(SessionsPage(await desk.sessions.map { SessionPage(status: $0.status, at: $0.at) }))
        }
        router.get("/api/v1/sessions/{id}") { _, context in
            Response.json(try await session(try context.pathText("id")))
        }
        for action in SessionControl.Action.allCases {
            router.post("/api/v1/sessions/{id}/\(action.rawValue)") { request, context in
                let id = try context.pathText("id")
                try await carryOut(request, context, metrics.controlled(action), StopRequest.parse) { asked, click in
                    .controlSession(id, action, click(asked.reason))
                }
                return Response.json(try await session(id))
            }
        }
    }

    private func standing() async -> DeskStanding {
        DeskStanding(stop: await desk.lastStop, acknowledgements: hub.rollCall.answers)
    }

    private func session(_ id: String) async throws -> SessionPage {
        guard let session = await desk.sessions.first(where: { $0.status.sessionID == id }) else {
            throw Problem(.sessionNotFound, "There is no session with the id \(Line.quoted(id)).")
        }
        return SessionPage(status: session.status, at: session.at)
    }

    /// - Parameters:
    ///   - command: gets what was asked and makes the click, with its reason.
    private func carryOut<Asked: PersonalRequest>(
        _ request: Request,
        _ context: DeskContext,
        _ done: Counter,
        _ parse: ([UInt8]) throws(InvalidRequest) -> Asked,
        as command: (Asked, (String?) -> Command.Click) -> Command
    ) async throws {
        let user = try context.decider(request)
        let body = try await BoundedBody(bytesMax: RouteLimits.decisionBytesMax).read(request)
        let asked = try parse(Array(body.bytes.readableBytesView))
        if let named = asked.userID, named != user {
            throw Problem(
                .userMismatch,
                "You are \(user); you cannot ask as \(named). Leave user_id out, or send your own name."
            )
        }
        let key = try IdempotencyHeader(request)
        if let seconds = limiter.wait(for: user, at: clock.now()) {
            throw Problem.rateLimited(retryAfterSeconds: seconds)
        }
        let id = key.map { DecisionID($0.key) } ?? DecisionID()
        let wanted = command(asked) { Command.Click(decisionID: id, user: user, note: $0) }
        let receipt = key?.receipt(scope: "user:\(user)", request, body: body.bytes)
        _ = try await metrics.requests.submit(DeskRequest(wanted, receipt: receipt), to: desk, done: { _ in done })
    }
}

/// A body that may name whoever sends it.
protocol PersonalRequest {
    var userID: UserName? { get }
}

extension StopRequest: PersonalRequest {}
extension ResumeRequest: PersonalRequest {}

/// Stops and resumes of the desk, and what people told sessions.
struct StopMetrics: Sendable {
    let stopped: Counter
    let resumed: Counter
    let requests: RequestMetrics
    private let sessions: [SessionControl.Action: Counter]

    init(_ factory: any MetricsFactory) {
        stopped = Counter(.stops, factory, [("outcome", "desk_stopped")])
        resumed = Counter(.stops, factory, [("outcome", "desk_resume_signed_off")])
        requests = RequestMetrics(.stops, factory)
        sessions = Dictionary(
            uniqueKeysWithValues: SessionControl.Action.allCases.map { action in
                (action, Counter(.stops, factory, [("outcome", "session_\(action.rawValue)")]))
            }
        )
    }

    func controlled(_ action: SessionControl.Action) -> Counter { sessions[action] ?? stopped }
}
