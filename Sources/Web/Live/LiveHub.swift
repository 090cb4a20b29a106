package import Domain
package import Engine
package import Logging
package import NIOCore
package import Realtime
import ServiceLifecycle
package import Storage
package import Wire

/// Brings every publication to every open tab of this node.
///
/// Immutable but for its mutex-guarded parts; the tabs live in shards, one per event loop, touched by that loop alone.
/// Messages are encoded here, off the writer and off the loops, and handed to each loop in one hop.
package final class LiveHub: Sendable {
    package struct Limits: Sendable {
        package var connectionsMax = 10_000
        package var connectionsPerUserMax = 50
        package var slowTabCheckMs = 1_000
        package var session = Session.Limits()
        package init() {}
    }

    let limits: Limits
    package let prices: PriceBook
    let store: any EventStore
    let ledger: ConnectionLedger
    private let clock: any DeskClock
    private let settings: Settings
    private let logger: Logger
    private let recent = RecentMessages()
    private let shards: [ObjectIdentifier: NIOLoopBoundBox<LiveShard>]
    private let loops: [any EventLoop]
    private let publications = AsyncStream.makeStream(of: Publication.self)

    /// - Parameters:
    ///   - head: the offset the desk has recovered to; nothing may be published before this hub exists.
    package init(
        eventLoopGroup: any EventLoopGroup, head: Offset, backplane: any Backplane, store: any EventStore,
        prices: PriceBook, clock: any DeskClock, settings: Settings, limits: Limits = Limits(), logger: Logger
    ) {
        self.limits = limits
        self.prices = prices
        self.store = store
        self.clock = clock
        self.settings = settings
        self.logger = logger
        ledger = ConnectionLedger(
            connectionsMax: limits.connectionsMax, connectionsPerUserMax: limits.connectionsPerUserMax)
        loops = Array(eventLoopGroup.makeIterator())
        shards = Dictionary(
            uniqueKeysWithValues: loops.map { loop in
                let shard = NIOLoopBoundBox.makeBoxSendingValue(LiveShard(eventLoop: loop, head: head), eventLoop: loop)
                return (ObjectIdentifier(loop), shard)
            })
        let continuation = publications.continuation
        backplane.subscribe { continuation.yield($0) }
    }

    func now() -> Timestamp { clock.now() }

    /// The tabs of the loop that is running. Event-loop-bound.
    func shard(of loop: any EventLoop) -> LiveShard {
        guard let shard = shards[ObjectIdentifier(loop)] else {
            preconditionFailure("connections are accepted on the loops the hub was made for")
        }
        return shard.value
    }

    // MARK: Joining and leaving

    func connected(_ greeting: LiveGreeting, head: Offset, now: Timestamp) -> EncodedMessage {
        .connected(
            at: now, connectionID: greeting.connectionID, epoch: store.epoch, offset: head, oldestOffset: greeting.oldest,
            user: greeting.me, settings: settings)
    }

    func left(_ greeting: LiveGreeting) { ledger.leave(greeting.user) }

    func logger(for greeting: LiveGreeting) -> Logger {
        var logger = logger
        logger[metadataKey: "connection_id"] = "\(greeting.connectionID)"
        if let user = greeting.user { logger[metadataKey: "user"] = "\(user)" }
        if let label = greeting.label { logger[metadataKey: "client_id"] = "\(label)" }
        return logger
    }

    // MARK: Reading

    /// Logged messages behind `position`, from memory or from the store.
    func page(after position: Offset, limit: Int, on loop: any EventLoop) -> EventLoopFuture<[LiveMessage]> {
        if let page = recent.page(after: position, limit: limit) { return loop.makeSucceededFuture(page) }
        return loop.makeFutureWithTask {
            try await self.store.events(after: position, limit: limit).map { LiveMessage(Broadcast($0)) }
        }
    }

    func newestPrices(of symbols: Set<Symbol>) -> [LiveMessage] {
        symbols.compactMap { prices.price(of: $0) }.map { LiveMessage(Broadcast($0)) }
    }

    /// Who is connected and listens to what (EP-08).
    package func stats() async throws -> Stats {
        var summaries: [LiveConnectionSummary] = []
        for (loop, shard) in zip(loops, loops.map { shards[ObjectIdentifier($0)] }) {
            guard let shard else { continue }
            summaries += try await loop.submit { shard.value.summaries }.get()
        }
        var seen: [String: Int] = [:]
        let clients = summaries.map { summary in
            seen[summary.label, default: 0] += 1
            let count = seen[summary.label, default: 1]
            let label = count == 1 ? summary.label : "\(summary.label) (\(count))"
            return Stats.Client(
                label: label, channels: summary.subscriptions.channels, symbols: summary.subscriptions.symbols)
        }
        return Stats(clients: clients)
    }

    package var connectionCount: Int { ledger.total }
}

extension LiveHub: Service {
    /// Publishes until the task is cancelled or the service shuts down.
    package func run() async throws {
        let checks = loops.map { loop in
            loop.scheduleRepeatedTask(
                initialDelay: .milliseconds(Int64(limits.slowTabCheckMs)), delay: .milliseconds(Int64(limits.slowTabCheckMs))
            ) { [self] _ in shard(of: loop).checkAll(now: clock.now()) }
        }
        await cancelWhenGracefulShutdown {
            for await publication in self.publications.stream { self.publish(publication) }
        }
        for check in checks { check.cancel() }
    }

    private func publish(_ publication: Publication) {
        let messages: [LiveMessage]
        switch publication {
        case .events(let events):
            messages = events.map { LiveMessage(Broadcast($0)) }
            recent.append(messages)
        case .prices(let new):
            prices.record(new)
            messages = new.map { LiveMessage(Broadcast($0)) }
        }
        let now = clock.now()
        for loop in loops {
            loop.execute { self.shard(of: loop).deliver(messages, now: now) }
        }
    }
}
