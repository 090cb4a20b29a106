import Domain
package import Engine
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import Realtime
package import Storage
import WebSockets
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

    /// How many connections may wait to be accepted. Beyond it the kernel drops them, and a tab tries again only after a
    /// second; after a restart all of them come at once.
    private static let backlogMax = 4_096

    package let configuration: Configuration
    package let desk: Desk
    package let store: any EventStore
    package let hub: LiveHub
    package let ingest: Ingest
    package let clock: any DeskClock
    package let settings: Settings
    package let logger: Logger

    package init(
        configuration: Configuration,
        desk: Desk,
        store: any EventStore,
        hub: LiveHub,
        ingest: Ingest,
        clock: any DeskClock,
        settings: Settings,
        logger: Logger
    ) {
        self.configuration = configuration
        self.desk = desk
        self.store = store
        self.hub = hub
        self.ingest = ingest
        self.clock = clock
        self.settings = settings
        self.logger = logger
    }

    /// - Parameter onListening: called with the address once requests are answered.
    package func build(
        eventLoopGroup: any EventLoopGroup,
        onListening: @escaping @Sendable (SocketAddress?) async -> Void
    ) throws -> some ApplicationProtocol {
        Application(
            router: try router(),
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: nil,
                backlog: Self.backlogMax
            ),
            onServerRunning: { await onListening($0.localAddress) },
            eventLoopGroupProvider: .shared(eventLoopGroup),
            logger: logger
        )
    }

    private var server: HTTPServerBuilder {
        var webSocket = WebSocketConfiguration()
        webSocket.messageBytesMax = configuration.webSocket.messageBytesMax
        webSocket.pingIntervalMs = configuration.webSocket.pingIntervalMs
        webSocket.closeTimeoutMs = configuration.webSocket.closeTimeoutMs
        let endpoint = LiveEndpoint(
            hub: hub,
            origins: configuration.origins,
            identities: IdentityPolicy(),
            logger: logger
        )
        return HTTPServerBuilder { [webSocket] responder in
            HTTP1WebSocketChannel(
                configuration: webSocket,
                responder: responder,
                decideAtOnce: { request, _ in endpoint.decide(request) }
            )
        }
    }

    package func router() throws -> Router<DeskContext> {
        let router = Router(context: DeskContext.self, options: .autoGenerateHeadEndpoints)
        let files = try StaticFiles(directory: configuration.publicDirectory, logger: logger)
        router.add(middleware: RequestLog())
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: OriginMiddleware(policy: configuration.origins))
        router.add(middleware: StaticFilesMiddleware(files: files))
        ReadingRoutes(desk: desk, store: store, prices: hub.prices, clock: clock, settings: settings).add(to: router)
        IngestRoutes(ingest: ingest, clock: clock).add(to: router)
        DecisionRoutes(
            desk: desk,
            clock: clock,
            limiter: DecisionLimiter(perMinuteMax: configuration.decisionsPerMinuteMax)
        ).add(to: router)
        HealthRoutes(
            desk: desk,
            store: store,
            hub: hub,
            clock: clock,
            startedAt: clock.now(),
            version: configuration.version
        ).add(to: router)
        router.refuseOtherMethods()
        return router
    }
}
