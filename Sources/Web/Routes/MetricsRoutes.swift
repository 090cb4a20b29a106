import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Prometheus

/// What Prometheus collects (OBS-07).
struct MetricsRoutes {
    let desk: Desk
    let hub: LiveHub
    let paper: PaperTrader
    let registry: MetricRegistry
    let gauges: DeskGauges

    func add(to router: Router<DeskContext>) {
        router.get("/metrics") { _, _ in
            try await gauges.read(desk, hub, paper)
            return Response(
                status: .ok,
                headers: [.contentType: MetricRegistry.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text))
            )
        }
    }
}
