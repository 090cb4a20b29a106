import Domain
import Engine
import Foundation
import Hummingbird
import Logging
import Metrics
import NIOCore
import NIOPosix
import PolicyFile
import Prometheus
import Realtime
import ServiceLifecycle
import Storage
import StorageSQLite
import UnixSignals
import Web
import Webhooks
import Wire

/// Composes the desk and runs it until SIGINT or SIGTERM.
struct DeskServer {
    let settings: ServeSettings

    func run() async throws {
        let clock = SystemDeskClock()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: UsableCores.count)
        let carrier = HTTPCarrier(eventLoopGroup: group, userAgent: "Countersign/\(Build.version)")
        do {
            try await serve(clock, on: group, sendingBy: carrier)
        } catch {
            try? await carrier.shutDown()
            try? await group.shutdownGracefully()
            throw error
        }
        try await carrier.shutDown()
        try await group.shutdownGracefully()
    }

    private func serve(
        _ clock: SystemDeskClock,
        on group: MultiThreadedEventLoopGroup,
        sendingBy carrier: HTTPCarrier
    ) async throws {
        let logger = Self.logger(settings.logLevel)
        let metrics = MetricRegistry(help: MetricName.help)
        MetricsSystem.bootstrap(metrics)
        // Before the address is told: whoever hangs up on a desk whose policy they have changed must not end it.
        let hangUps = settings.policy == nil ? nil : await UnixSignalsSequence(trapping: .sighup)
        let policies = try policyBoard(clock, logger)
        let file = try openStore()
        let store = MeasuredStore(file, metrics: metrics)
        let backplane = LocalBackplane()
        let prices = PriceBook()
        var limits = Desk.Limits()
        limits.drift = settings.drift
        limits.undoWindowMs = Int64(settings.undoSeconds) * 1_000
        var wire = Settings()
        wire.undoWindowMs = Int(limits.undoWindowMs)
        wire.rejectReasons = settings.rejectReasons
        wire.expiryReminderMs = settings.expiryReminderSeconds * 1_000
        let desk = Desk(
            store: store,
            backplane: backplane,
            prices: prices,
            clock: clock,
            limits: limits,
            policies: policies,
            logger: logger
        )
        try await desk.recover()
        let hub = LiveHub(
            eventLoopGroup: group,
            head: await desk.offset,
            oldest: try await store.extent().oldest,
            backplane: backplane,
            store: store,
            prices: prices,
            clock: clock,
            settings: wire,
            metrics: metrics,
            logger: logger
        )
        try await hub.recover(stop: await desk.lastStop)
        let paper = PaperTrader(
            desk: desk,
            store: file,
            backplane: backplane,
            prices: prices,
            clock: clock,
            limits: settings.paper,
            logger: logger
        )
        try await paper.recover()
        let keeper = LogKeeper(
            desk: desk,
            store: store,
            clock: clock,
            retention: settings.retention,
            logger: logger,
            onTrim: hub.trimmed(to:)
        )
        let ingest = Ingest(desk: desk, backplane: backplane, metrics: metrics)
        let deliveryMetrics = OutboundWebhookMetrics(settings.webhooks.endpoints, metrics)
        let deliveries = WebhookDeliveries(
            endpoints: settings.webhooks.endpoints,
            store: store,
            outbox: file,
            carrier: carrier,
            backplane: backplane,
            clock: clock,
            logger: logger,
            report: { deliveryMetrics.count($0) },
            tell: { alert in
                do {
                    _ = try await ingest.accept([.command(.observe(.alert(alert)))])
                } catch {
                    logger.error("a dead letter could not be told", metadata: ["error": "\(error)"])
                }
            },
            isHeld: { await desk.lastStop?.isInForce ?? false }
        )
        try await deliveries.recover()

        var configuration = WebApplication.Configuration(
            publicDirectory: settings.publicDirectory,
            version: Build.version,
            origins: OriginPolicy(hosts: .loopback(and: []), origins: settings.allowedOrigins)
        )
        configuration.host = settings.host
        configuration.port = settings.port
        let web = WebApplication(
            configuration: configuration,
            desk: desk,
            store: store,
            hub: hub,
            ingest: ingest,
            paper: paper,
            clock: clock,
            settings: wire,
            metrics: metrics,
            webhooks: WebhookServices(sources: settings.webhooks.sources, deliveries: deliveries),
            logger: logger
        )
        let server = try web.server(eventLoopGroup: group) { [settings] address in
            Self.announce(address, settings)
        }

        // Stopped in reverse: no new requests, then the last messages, the last commits, and a checkpoint of them.
        var services: [any Service] = [keeper, paper, desk, hub, deliveries, server]
        if let path = settings.policy, let hangUps {
            services.append(
                PolicyWatcher(path: path, board: policies, clock: clock, logger: logger, hangUps: hangUps)
            )
        }
        if settings.isDemo { services.append(DemoSources(ingest: ingest, desk: desk, clock: clock, logger: logger)) }
        let serviceGroup = ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        )
        do {
            try await serviceGroup.run()
        } catch {
            try? await file.close()
            throw error
        }
        try await file.close()
    }

    /// A desk whose policy cannot be read does not start: nobody would know who may approve what.
    private func policyBoard(_ clock: some DeskClock, _ logger: Logger) throws -> PolicyBoard {
        guard let path = settings.policy else { return PolicyBoard() }
        let policy: Policy
        do throws(PolicyFaults) {
            policy = try PolicyReader.read(path: path)
        } catch {
            throw PolicyRefused(path: path, faults: error)
        }
        logger.info("policy in force", metadata: PolicyWatcher.metadata(policy))
        return PolicyBoard(policy, loadedAt: clock.now())
    }

    private struct PolicyRefused: Error, CustomStringConvertible {
        let path: String
        let faults: PolicyFaults
        var description: String { "The policy \(path) is refused: \(faults) See countersign policy check." }
    }

    private func openStore() throws -> SQLiteStore {
        let file = URL(fileURLWithPath: settings.database)
        let folder = file.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreError(.unavailable, "the folder \(folder.path) cannot be made. Choose another with --database.")
        }
        return try SQLiteStore(path: file.path)
    }

    /// The address on standard output, so that people and scripts find it; everything else is log.
    private static func announce(_ address: SocketAddress?, _ settings: ServeSettings) {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let port = address?.port ?? settings.port
        let lines = """
            Countersign is live on http://\(host):\(port)
            Stop it with Ctrl-C.

            """
        FileHandle.standardOutput.write(Data(lines.utf8))
    }

    private static func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "countersign", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = level
        return logger
    }
}
