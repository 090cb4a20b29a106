import Domain
import Engine
import Foundation
import Hummingbird
import Logging
import Metrics
import NIOCore
import NIOPosix
import Prometheus
import Realtime
import ServiceLifecycle
import Storage
import StorageSQLite
import UnixSignals
import Web
import Wire

/// Composes the desk and runs it until SIGINT or SIGTERM.
struct DeskServer {
    let settings: ServeSettings

    func run() async throws {
        let clock = SystemDeskClock()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: UsableCores.count)
        do {
            try await serve(clock, on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(_ clock: SystemDeskClock, on group: MultiThreadedEventLoopGroup) async throws {
        let logger = Self.logger(settings.logLevel)
        let metrics = MetricRegistry(help: MetricName.help)
        MetricsSystem.bootstrap(metrics)
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
        try await hub.recover()
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
            logger: logger
        )
        let server = try web.server(eventLoopGroup: group) { [settings] address in
            Self.announce(address, settings)
        }

        // Stopped in reverse: no new requests, then the last messages, the last commits, and a checkpoint of them.
        var services: [any Service] = [keeper, paper, desk, hub, server]
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
