import Domain
package import Engine
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
package import Prometheus
import Realtime
package import Storage
package import WebSockets
import Webhooks
package import Wire

/// Puts the HTTP and WebSocket side of the desk together.
package struct WebApplication {
    package struct Configuration: Sendable {
        package var host = "127.0.0.1"
        package var port = 8000
        package var publicDirectory: String
        package var decisionsPerMinuteMax = 20
        package var version: String
        /// Names beside loopback's that the desk is asked under, and other sites whose pages may use it.
        package var origins: OriginPolicy
        package var webSocket = WebSocketSettings()

        package init(publicDirectory: String, version: String, origins: OriginPolicy) {
            self.publicDirectory = publicDirectory
            self.version = version
            self.origins = origins
        }
    }

    /// What of the WebSocket side can be set.
    package struct WebSocketSettings: Sendable {
        package var messageBytesMax = 65_536
        package var pingIntervalMs = 30_000
        /// How long a tab may take to answer our close frame, or to take our last bytes.
        package var closeTimeoutMs = 5_000
        package init() {}
    }

    package let configuration: Configuration
    package let desk: Desk
    package let store: any EventStore
    package let hub: LiveHub
    package let ingest: Ingest
    package let paper: PaperTrader
    package let clock: any DeskClock
    package let settings: Settings
    /// What `GET /metrics` tells, and where what is counted here goes.
    package let metrics: MetricRegistry
    package let logger: Logger
    let waits: DecisionWaits
    /// Whose webhooks are taken, and what is sent.
    package var webhooks: WebhookServices

    package init(
        configuration: Configuration,
        desk: Desk,
        store: any EventStore,
        hub: LiveHub,
        ingest: Ingest,
        paper: PaperTrader,
        clock: any DeskClock,
        settings: Settings,
        metrics: MetricRegistry,
        webhooks: WebhookServices = .none,
        logger: Logger
    ) {
        self.configuration = configuration
        self.desk = desk
        self.store = store
        self.hub = hub
        self.ingest = ingest
        self.paper = paper
        self.clock = clock
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
        self.webhooks = webhooks
        waits = DecisionWaits(backplane: ingest.backplane)
    }

    /// - Parameter onListening: called with the address once requests are answered.
    package func server(
        eventLoopGroup: any EventLoopGroup,
        onListening: @escaping @Sendable (SocketAddress?) async -> Void
    ) throws -> UpgradingServer {
        var webSocket = WebSocketConfiguration()
        webSocket.messageBytesMax = configuration.webSocket.messageBytesMax
        webSocket.pingIntervalMs = configuration.webSocket.pingIntervalMs
        webSocket.closeTimeoutMs = configuration.webSocket.closeTimeoutMs
        let endpoint = LiveEndpoint(
            hub: hub,
            origins: configuration.origins,
            identities: IdentityPolicy(policies: desk.policies),
            logger: logger
        )
        let requests = RequestResponder(
            responder: try router().buildResponder(),
            date: DateField(clock: clock),
            logger: logger
        )
        return UpgradingServer(
            address: UpgradingServer.Address(host: configuration.host, port: configuration.port),
            configuration: webSocket,
            eventLoopGroup: eventLoopGroup,
            logger: logger,
            responder: { request, writer, channel in
                try await requests.respond(to: request, by: writer, on: channel)
            },
            decide: { request, channel in channel.eventLoop.makeSucceededFuture(endpoint.decide(request)) },
            onListening: onListening
        )
    }

    package func router() throws -> Router<DeskContext> {
        let router = Router(context: DeskContext.self, options: .autoGenerateHeadEndpoints)
        let files = try StaticFiles(directory: configuration.publicDirectory, logger: logger)
        router.add(middleware: RequestLog())
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: OriginMiddleware(policy: configuration.origins))
        router.add(middleware: StaticFilesMiddleware(files: files))
        ReadingRoutes(desk: desk, store: store, hub: hub, settings: settings).add(to: router)
        StreamRoutes(hub: hub, policies: desk.policies).add(to: router)
        ReceiptRoutes(desk: desk, hub: hub).add(to: router)
        PresenceRoutes(hub: hub).add(to: router)
        WaitingRoutes(desk: desk, waits: waits).add(to: router)
        IngestRoutes(ingest: ingest, clock: clock).add(to: router)
        ReportRoutes(
            ingest: ingest,
            clock: clock,
            limiter: DecisionLimiter(perMinuteMax: RouteLimits.reportsPerMinuteMax)
        ).add(to: router)
        PreviewRoutes(desk: desk).add(to: router)
        WebhookRoutes(
            sources: webhooks.sources,
            ingest: ingest,
            clock: clock,
            limiter: SourceLimiter(perMinuteMax: webhooks.sources.mapValues(\.requestsPerMinuteMax)),
            doubtLimiter: SourceLimiter(
                perMinuteMax: webhooks.sources.mapValues { _ in WebhookRoutes.doubtLinesPerMinuteMax }
            ),
            metrics: InboundWebhookMetrics(webhooks.sources.keys, metrics)
        ).add(to: router)
        DeadLetterRoutes(deliveries: webhooks.deliveries).add(to: router)
        DecisionRoutes(
            desk: desk,
            clock: clock,
            limiter: DecisionLimiter(perMinuteMax: configuration.decisionsPerMinuteMax),
            metrics: DecisionMetrics(metrics),
            bulkItemsMax: settings.bulkItemsMax
        ).add(to: router)
        DeskRoutes(
            desk: desk,
            hub: hub,
            clock: clock,
            limiter: DecisionLimiter(perMinuteMax: RouteLimits.stopsPerMinuteMax),
            metrics: StopMetrics(metrics)
        ).add(to: router)
        AuditRoutes(store: store, clock: clock, paper: paper).add(to: router)
        PolicyRoutes(desk: desk).add(to: router)
        HealthRoutes(
            desk: desk,
            store: store,
            hub: hub,
            clock: clock,
            startedAt: clock.now(),
            version: configuration.version
        ).add(to: router)
        MetricsRoutes(
            desk: desk,
            hub: hub,
            paper: paper,
            registry: metrics,
            gauges: DeskGauges(startedAt: clock.now(), version: configuration.version, metrics),
            webhookGauges: WebhookGauges(webhooks.deliveries, metrics)
        ).add(to: router)
        router.refuseOtherMethods()
        return router
    }
}
