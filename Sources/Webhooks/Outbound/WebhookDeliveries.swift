package import Domain
package import Engine
package import Logging
package import Realtime
import ServiceLifecycle
package import Storage
import Synchronization

/// Gives every endpoint what it wants of the log, each in a task of its own, so that one that is dead delays no other.
///
/// Immutable but for a mutex around where each endpoint is.
package final class WebhookDeliveries: Service {
    /// What couriers tell, for metrics.
    package enum Report: Sendable {
        case delivered(String)
        case failed(String)
        case dead(String)
        case position(String, Offset)
    }

    private let endpoints: [WebhookEndpoint]
    private let store: any EventStore
    private let outbox: any WebhookOutbox
    private let carrier: any WebhookCarrier
    private let clock: any DeskClock
    private let jitter: @Sendable () -> Double
    private let logger: Logger
    private let report: @Sendable (Report) -> Void
    private let tell: @Sendable (Alert) async -> Void
    private let isHeld: @Sendable () async -> Bool
    private let wakes: [String: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)]
    private let positions = Mutex<[String: Offset]>([:])

    /// - Parameters:
    ///   - jitter: from 0 to 1.
    ///   - report: called for every outcome.
    ///   - tell: gets what people must hear of.
    ///   - isHeld: whether nothing may leave for execution now. Whoever lets it leave again publishes that.
    package init(
        endpoints: [WebhookEndpoint],
        store: any EventStore,
        outbox: any WebhookOutbox,
        carrier: any WebhookCarrier,
        backplane: any Backplane,
        clock: any DeskClock,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        logger: Logger,
        report: @escaping @Sendable (Report) -> Void,
        tell: @escaping @Sendable (Alert) async -> Void,
        isHeld: @escaping @Sendable () async -> Bool = { false }
    ) {
        self.endpoints = endpoints
        self.store = store
        self.outbox = outbox
        self.carrier = carrier
        self.clock = clock
        self.jitter = jitter
        self.logger = logger
        self.report = report
        self.tell = tell
        self.isHeld = isHeld
        wakes = Dictionary(
            uniqueKeysWithValues: endpoints.map {
                ($0.name, AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)))
            }
        )
        backplane.subscribe { [wakes] publication in
            guard case .events = publication else { return }
            for wake in wakes.values { wake.continuation.yield() }
        }
    }

    /// Finds out where each endpoint is. To be called before anything is published: one that is new begins with what comes
    /// from now on, and one that is no longer in the settings is forgotten.
    package func recover() async throws(StoreError) {
        // A start without the settings by mistake must not cost an endpoint what it has not been given yet.
        guard !endpoints.isEmpty else { return }
        let known = try await outbox.webhookPositions()
        let newest = try await store.extent().newest
        let names = Set(endpoints.map(\.name))
        for (name, position) in known where !names.contains(name) {
            logger.warning(
                "webhook endpoint is no longer in the settings and loses its place",
                metadata: ["endpoint": "\(name)", "position": "\(position)", "newest": "\(newest)"]
            )
        }
        try await outbox.forgetWebhookPositions(except: names)
        for endpoint in endpoints {
            let position = known[endpoint.name] ?? newest
            if known[endpoint.name] == nil {
                try await outbox.save(position: position, of: endpoint.name, dead: nil)
            }
            positions.withLock { $0[endpoint.name] = position }
            logger.info("webhook endpoint", metadata: ["endpoint": "\(endpoint.name)", "position": "\(position)"])
        }
    }

    /// Delivers until the task is cancelled or the service shuts down, and not a moment less where there is nobody to deliver
    /// to: a service that ends takes the desk with it.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.deliver() }
        try? await gracefulShutdown()
    }

    private func deliver() async {
        await withDiscardingTaskGroup { group in
            for endpoint in endpoints {
                guard let wake = wakes[endpoint.name], let start = positions.withLock({ $0[endpoint.name] }) else {
                    continue
                }
                let courier = courier(for: endpoint)
                group.addTask { await courier.run(from: start, wakes: wake.stream) }
            }
        }
    }

    private func courier(for endpoint: WebhookEndpoint) -> EndpointCourier {
        EndpointCourier(
            endpoint: endpoint,
            store: store,
            outbox: outbox,
            carrier: carrier,
            clock: clock,
            jitter: jitter,
            logger: logger,
            report: { [weak self] in self?.take($0) },
            tell: tell,
            isHeld: isHeld
        )
    }

    private func take(_ report: Report) {
        if case .position(let name, let offset) = report { positions.withLock { $0[name] = offset } }
        self.report(report)
    }

    // MARK: For those who look after it

    package var endpointNames: [String] { endpoints.map(\.name) }

    /// How many events of the log each endpoint has not come to.
    package func backlogs(head: Offset) -> [String: Int] {
        positions.withLock { $0.mapValues { Int(max(0, head.value - $0.value)) } }
    }

    package func deadLetterCounts() async throws(StoreError) -> [String: Int] { try await outbox.deadLetterCounts() }

    package func deadLetters(after id: Int64, limit: Int) async throws(StoreError) -> [DeadLetter] {
        try await outbox.deadLetters(after: id, limit: limit)
    }

    /// Lets go of a letter that is not to be sent any more.
    ///
    /// - Returns: the letter; `nil` when there is none, perhaps because it was delivered.
    package func dismiss(_ id: Int64) async throws(StoreError) -> DeadLetter? {
        guard let letter = try await letter(id) else { return nil }
        try await outbox.settleDeadLetter(id, as: nil)
        return letter
    }

    private func letter(_ id: Int64) async throws(StoreError) -> DeadLetter? {
        try await outbox.deadLetters(after: id - 1, limit: 1).first { $0.id == id }
    }

    package enum Redelivery: Sendable {
        case queued(DeadLetter)
        case notFound
        /// Its endpoint is no longer in the settings.
        case noEndpoint(DeadLetter)
    }

    /// Has a letter sent again, behind what is being sent to its endpoint now.
    package func redeliver(_ id: Int64) async throws(StoreError) -> Redelivery {
        guard let letter = try await letter(id) else { return .notFound }
        guard let wake = wakes[letter.content.endpoint] else { return .noEndpoint(letter) }
        guard let queued = try await outbox.queueDeadLetter(id) else { return .notFound }
        wake.continuation.yield()
        return .queued(queued)
    }
}
