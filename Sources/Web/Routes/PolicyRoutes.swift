import Domain
import Engine
import Hummingbird
import Wire

/// What the policy asks, in the words that a refusal would use (GAP-06): for the page, and for whoever wants to know.
struct PolicyRoutes {
    let desk: Desk

    func add(to router: Router<DeskContext>) {
        router.get("/api/v1/policy") { request, context in try await page(request, context) }
        router.get("/api/v1/signals/{id}/policy") { request, context in try await entry(request, context) }
    }

    private func page(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.me(request, under: desk.policies)
        let standings = await desk.standings() ?? []
        let status = desk.policies.status
        return .json(
            PolicyPage(
                stamp: status.inForce?.stamp,
                loadedAt: status.loadedAt,
                fault: status.fault,
                user: user,
                entries: standings.map { .init(signal: $0.signal, standing: $0.standing) }
            )
        )
    }

    private func entry(_ request: Request, _ context: DeskContext) async throws -> Response {
        let user = try context.me(request, under: desk.policies)
        let text = try context.pathText("id")
        guard let id = SignalID(text), let signal = try await desk.signal(id) else {
            throw Problem(.signalNotFound, "There is no signal with the id \(Line.quoted(text)).")
        }
        guard let found = await desk.standing(of: id) else {
            let why = signal.status.isAwaitingApproval ? "There is no policy: any trader may decide" : "It is decided"
            throw Problem(.notFound, "\(why).")
        }
        return .json(PolicyEntry(entry: .init(signal: found.signal, standing: found.standing), user: user.name))
    }
}
