import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Prometheus
import Storage

/// What Prometheus collects (OBS-07).
struct MetricsRoutes {
    let desk: Desk
    let hub: LiveHub
    let paper: PaperTrader
    let registry: MetricRegistry
    let gauges: DeskGauges
    let webhookGauges: WebhookGauges

    func add(to router: Router<DeskContext>) {
        router.get("/metrics") { _, _ in
            try await gauges.read(desk, hub, paper)
            await webhookGauges.read(head: hub.extent.newest)
            return Response(
                status: .ok,
                headers: [.contentType: MetricRegistry.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text))
            )
        }
    }
}
