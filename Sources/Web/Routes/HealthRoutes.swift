import Domain
import Engine
import Hummingbird
import Logging
import Storage
import Wire

/// How the server is (EP-10, GAP-11) and who listens to it (EP-08).
struct HealthRoutes {
    let desk: Desk
    let store: any EventStore
    let hub: LiveHub
    let clock: any DeskClock
    let startedAt: Timestamp
    let version: String

    func add(to router: Router<DeskContext>) {
        router.get("/health") { _, context in await health(context.logger) }
        router.get("/ws/stats") { _, _ in Response.json(try await hub.stats()) }
    }

    private func health(_ logger: Logger) async -> Response {
        let uptimeMs = clock.now().milliseconds - startedAt.milliseconds
        let head: LogHead?
        do throws(StoreError) {
            head = try await store.head()
        } catch {
            logger.error("Store failed", metadata: ["error": "\(error)"])
            head = nil
        }
        var health = Health(
            version: version,
            uptimeMs: uptimeMs,
            webSockets: hub.ledger.count(over: .webSocket),
            eventStreams: hub.ledger.count(over: .eventStream),
            store: head.map { (store.epoch, ChainHead($0)) },
            pending: await desk.pendingCount,
            stoppedSince: await desk.lastStop.flatMap { $0.isInForce ? $0.since : nil }
        )
        let policies = desk.policies.status
        health.policy = policies.inForce.map { ($0.stamp, policies.loadedAt, policies.fault) }
        return .json(health, status: head == nil ? .serviceUnavailable : .ok)
    }
}
