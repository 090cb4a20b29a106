import Domain
import Engine
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOPosix
import Prometheus
import Realtime
import ServiceLifecycle
import Storage
import Synchronization
import Testing
import Webhooks
import Wire

@testable import Web

/// A whole desk in memory, with its clock, its store and its log lines in the test's hands.
final class TestDesk: Sendable {
    struct Setup {
        var limits = LiveHub.Limits()
        var decisionsPerMinuteMax = 1_000
        var origins = OriginPolicy(hosts: .loopback(and: []))
        var webSocket = WebApplication.WebSocketSettings()
        var desk = Desk.Limits()
        var policies = PolicyBoard()
        var paper = PaperTrader.Limits()
        /// With what an earlier desk has left there.
        var store = TestStore()
        var webhooks = WebhookSettings.none
        /// How many notices are in the log before the desk starts.
        var noticesBefore = 0
        /// What is older is trimmed before the desk starts.
        var oldest: Int64?
    }

    let store: TestStore
    let clock = StandingClock()
    let logs = LogLines()
    let backplane = LocalBackplane()
    let desk: Desk
    let hub: LiveHub
    let paper: PaperTrader
    let web: WebApplication
    let metrics = MetricRegistry(help: MetricName.help)
    let outbox = MemoryOutbox()
    let logger: Logger
    private let site: TemporarySite
    private let heard: Heard

    private final class Heard: Sendable {
        let publications = Mutex<[Publication]>([])
    }

    private init(_ setup: Setup) async throws {
        site = try TemporarySite()
        store = setup.store
        let logs = logs
        var logger = Logger(label: "desk") { _ in logs }
        logger.logLevel = .debug
        self.logger = logger
        let prices = PriceBook()
        desk = Desk(
            store: store,
            backplane: backplane,
            prices: prices,
            clock: clock,
            limits: setup.desk,
            policies: setup.policies,
            logger: logger
        )
        try await store.fill(setup.noticesBefore)
        try await desk.recover()
        if let oldest = setup.oldest { try await store.trim(before: oldest, knowing: desk.checkpoint) }
        hub = LiveHub(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            head: await desk.offset,
            oldest: try await store.extent().oldest,
            backplane: backplane,
            store: store,
            prices: prices,
            clock: clock,
            settings: Settings(),
            limits: setup.limits,
            metrics: metrics,
            logger: logger
        )
        try await hub.recover(stop: await desk.lastStop)
        paper = PaperTrader(
            desk: desk,
            store: MemoryStore(),
            backplane: backplane,
            prices: prices,
            clock: clock,
            limits: setup.paper,
            logger: logger
        )
        var configuration = WebApplication.Configuration(
            publicDirectory: site.root,
            version: "test",
            origins: setup.origins
        )
        configuration.port = 0
        configuration.decisionsPerMinuteMax = setup.decisionsPerMinuteMax
        configuration.webSocket = setup.webSocket
        let deliveries = WebhookDeliveries(
            endpoints: setup.webhooks.endpoints,
            store: store,
            outbox: outbox,
            carrier: NoCarrier(),
            backplane: backplane,
            clock: clock,
            logger: logger,
            report: { _ in },
            tell: { _ in }
        )
        web = WebApplication(
            configuration: configuration,
            desk: desk,
            store: store,
            hub: hub,
            ingest: Ingest(desk: desk, backplane: backplane, metrics: metrics),
            paper: paper,
            clock: clock,
            settings: Settings(),
            metrics: metrics,
            webhooks: WebhookServices(sources: setup.webhooks.sources, deliveries: deliveries),
            logger: logger
        )
        let heard = Heard()
        self.heard = heard
        backplane.subscribe { publication in heard.publications.withLock { $0.append(publication) } }
    }

    /// As the desk's timer does when an undo window has passed.
    func release(_ id: String) async throws {
        _ = try await desk.submit(DeskRequest(.release(try #require(SignalID(id)))))
    }

    /// What was broadcast, prices included.
    var broadcasts: Int { heard.publications.withLock(\.count) }

    /// Requests go straight to the router.
    static func routed(
        _ change: (inout Setup) -> Void = { _ in },
        _ body: @escaping @Sendable (TestDesk, Caller) async throws -> Void
    ) async throws {
        var setup = Setup()
        change(&setup)
        let test = try await TestDesk(setup)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await test.desk.run() }
            group.addTask { try await test.hub.run() }
            defer { group.cancelAll() }
            let application = Application(router: try test.web.router(), logger: test.logger)
            try await application.test(.router) { client in
                try await body(
                    test,
                    Caller { method, uri, headers, body in
                        let answer = try await client.execute(uri: uri, method: method, headers: headers, body: body)
                        return Answer(answer.status, answer.headers, answer.body)
                    }
                )
            }
        }
    }

    /// Everything as in the real program, on a free port of the loopback interface.
    static func live(
        _ change: (inout Setup) -> Void = { _ in },
        _ body: (LiveDesk) async throws -> Void
    ) async throws {
        var setup = Setup()
        change(&setup)
        let test = try await TestDesk(setup)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = try test.web.server(eventLoopGroup: MultiThreadedEventLoopGroup.singleton) {
            listening.yield($0?.port ?? 0)
        }
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [test.desk, test.hub, server] as [any Service],
                logger: test.logger
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await services.run()
            }
            var iterator = ports.makeAsyncIterator()
            if let port = await iterator.next() {
                do {
                    try await body(LiveDesk(test: test, port: port, services: services))
                } catch {
                    await services.triggerGracefulShutdown()
                    throw error
                }
                await services.triggerGracefulShutdown()
            }
            try await group.waitForAll()
        }
    }
}

/// What is sent from a test's desk goes nowhere.
private struct NoCarrier: WebhookCarrier {
    func post(
        _ body: [UInt8],
        to url: String,
        fields: [(name: String, value: String)],
        timeoutSeconds: Int
    ) async -> DeliveryAttempt { .failed("nobody is sent") }
}

/// A desk that listens.
struct LiveDesk: Sendable {
    let test: TestDesk
    let port: Int
    private let services: ServiceGroup

    init(test: TestDesk, port: Int, services: ServiceGroup) {
        self.test = test
        self.port = port
        self.services = services
    }

    /// Every call on a connection of its own.
    var caller: Caller {
        Caller { [port] method, uri, headers, body in
            try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
                let answer = try await client.execute(
                    TestClient.Request(
                        uri,
                        method: method,
                        authority: "127.0.0.1:\(port)",
                        headers: headers,
                        body: body
                    )
                )
                return Answer(answer.status, answer.headers, answer.body ?? .init())
            }
        }
    }

    func shutDown() async { await services.triggerGracefulShutdown() }
}
