package import Domain
package import Engine
package import Logging
package import NIOCore
package import Realtime
import ServiceLifecycle
package import Storage
import Synchronization
import WebSockets
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
        /// What may wait for the loops; beyond it events are read from the log and prices are thinned.
        package var inboxEventsMax = 4_096
        package var inboxPricesMax = 20_000
        /// How much of the log is made ready at the start, for the tabs that come back after a restart.
        package var recalledEventsMax = 1_024
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
    private let head: Offset
    private let oldest: Offset
    /// The last offset that was published: no tab knows of a later one.
    private let newest: Atomic<Int64>
    private let inbox: Inbox
    /// Used by `run()` alone, one message after the other.
    private let deflater = Mutex(SharedDeflater(head: EncodedMessage.head))

    /// - Parameters:
    ///   - head: the offset the desk has recovered to; nothing may be published before this hub exists.
    ///   - oldest: the first event the log still holds. It stays, for nothing is trimmed yet.
    package init(
        eventLoopGroup: any EventLoopGroup,
        head: Offset,
        oldest: Offset,
        backplane: any Backplane,
        store: any EventStore,
        prices: PriceBook,
        clock: any DeskClock,
        settings: Settings,
        limits: Limits = Limits(),
        logger: Logger
    ) {
        self.limits = limits
        self.prices = prices
        self.store = store
        self.clock = clock
        self.settings = settings
        self.logger = logger
        ledger = ConnectionLedger(
            connectionsMax: limits.connectionsMax,
            connectionsPerUserMax: limits.connectionsPerUserMax
        )
        loops = Array(eventLoopGroup.makeIterator())
        shards = Dictionary(
            uniqueKeysWithValues: loops.map { loop in
                let shard = NIOLoopBoundBox.makeBoxSendingValue(LiveShard(eventLoop: loop, head: head), eventLoop: loop)
                return (ObjectIdentifier(loop), shard)
            }
        )
        self.head = head
        self.oldest = oldest
        newest = Atomic(head.value)
        inbox = Inbox(eventsMax: limits.inboxEventsMax, pricesMax: limits.inboxPricesMax)
        backplane.subscribe { [weak self] in self?.take($0) }
    }

    private func take(_ publication: Publication) {
        if case .events(let events) = publication, let last = events.last {
            newest.store(last.offset.value, ordering: .releasing)
        }
        inbox.put(publication)
    }

    /// What the log holds, without asking it: a thousand tabs that come back together would queue up for the answer.
    var extent: Extent { Extent(oldest: oldest, newest: Offset(newest.load(ordering: .acquiring))) }

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
            at: now,
            connectionID: greeting.connectionID,
            epoch: store.epoch,
            offset: head,
            oldestOffset: greeting.oldest,
            user: greeting.me,
            settings: settings
        )
    }

    func left(_ greeting: LiveGreeting) { ledger.leave(greeting.user) }

    /// `nil` when the level is not logged.
    func logger(for greeting: LiveGreeting, at level: Logger.Level) -> Logger? {
        guard level >= logger.logLevel else { return nil }
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

    /// Who is connected and listens to what (EP-08), in the order of the labels.
    package func stats() async throws -> Stats {
        let summaries = try await summaries().sorted { ($0.label, $0.connectionID) < ($1.label, $1.connectionID) }
        // A label that is used again gets a number, to make a name that nobody chose: "desk", "desk (2)".
        var taken = Set(summaries.map(\.label))
        var number = 1
        let clients = summaries.enumerated().map { index, summary in
            let isRepeated = index > 0 && summaries[index - 1].label == summary.label
            var label = summary.label
            if !isRepeated { number = 1 }
            while isRepeated, label == summary.label || !taken.insert(label).inserted {
                number += 1
                label = "\(summary.label) (\(number))"
            }
            return Stats.Client(
                label: label,
                channels: summary.subscriptions.channels,
                symbols: summary.subscriptions.symbols
            )
        }
        return Stats(clients: clients)
    }

    func summaries() async throws -> [LiveConnectionSummary] {
        var summaries: [LiveConnectionSummary] = []
        for loop in loops { summaries += try await loop.submit { self.shard(of: loop).summaries }.get() }
        return summaries
    }

    package var connectionCount: Int { ledger.total }
}

extension Array {
    fileprivate func chunks(ofCount count: Int) -> some Sequence<ArraySlice<Element>> {
        stride(from: startIndex, to: endIndex, by: count).lazy.map { self[$0..<Swift.min($0 + count, endIndex)] }
    }
}

extension LiveHub: Service {
    /// Publishes until the task is cancelled or the service shuts down.
    package func run() async throws {
        let checks = loops.map { loop in
            loop.scheduleRepeatedTask(
                initialDelay: .milliseconds(Int64(limits.slowTabCheckMs)),
                delay: .milliseconds(Int64(limits.slowTabCheckMs))
            ) { [self] _ in shard(of: loop).checkAll(now: clock.now()) }
        }
        await cancelWhenGracefulShutdown {
            await self.recall()
            var head = self.head
            for await _ in self.inbox.arrivals { await self.deliver(self.inbox.take(), after: &head) }
        }
        for check in checks { check.cancel() }
    }

    /// Makes the end of the log ready to be sent. After a restart all tabs come back at once and miss about the same: without
    /// this each would have its page read, encoded and compressed for itself.
    private func recall() async {
        let position = Offset(max(oldest.value - 1, head.value - Int64(limits.recalledEventsMax)))
        guard position < head else { return }
        do throws(StoreError) {
            let events = try await store.events(after: position, limit: Int(head.value - position.value))
            recent.append(events.map { LiveMessage(Broadcast($0)) })
        } catch {
            logger.error("the end of the log could not be read", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter head: the last offset that every loop was offered.
    private func deliver(_ content: Inbox.Content, after head: inout Offset) async {
        let events = content.events.filter { $0.offset > head }
        if let first = events.first?.offset { await fill(upTo: first, after: &head) }
        await deliver(events)
        head = events.last?.offset ?? head
        guard !content.prices.isEmpty else { return }
        prices.record(content.prices)
        await deliver(content.prices.map { LiveMessage(Broadcast($0)) })
    }

    /// Delivers from the log what the inbox let go. When it cannot be read, every tab starts anew rather than miss something.
    private func fill(upTo end: Offset, after head: inout Offset) async {
        while head.next < end {
            do throws(StoreError) {
                let missing = min(end.value - head.value - 1, Int64(limits.session.replayPageEvents))
                let events = try await store.events(after: head, limit: Int(missing))
                guard let last = events.last?.offset else {
                    throw StoreError(.corrupted, "the log has a hole at \(head.next)")
                }
                await deliver(events)
                head = last
            } catch {
                logger.error("events could not be read", metadata: ["after": "\(head)", "error": "\(error)"])
                recent.clear()
                let skipped = Offset(end.value - 1)
                await onEveryLoop { $0.startAnew(after: skipped, reason: "the log could not be read; reconnect") }
                head = skipped
            }
        }
    }

    /// Batch by batch, so that what comes first does not wait until all of a long backlog is encoded.
    private func deliver(_ events: [RecordedEvent]) async {
        for batch in events.chunks(ofCount: BroadcastBatch.broadcastsMax) {
            let messages = prepare(batch)
            recent.append(messages)
            await deliver(messages)
        }
    }

    private func deliver(_ messages: [LiveMessage]) async {
        let now = clock.now()
        for batch in messages.chunks(ofCount: BroadcastBatch.broadcastsMax) {
            let together = LiveMessages(batch)
            await onEveryLoop { $0.deliver(together, now: now) }
        }
    }

    /// With the memory of all that came before, if there is somebody to remember it.
    private func prepare(_ events: ArraySlice<RecordedEvent>) -> [LiveMessage] {
        guard ledger.total > 0 else { return events.map { LiveMessage(Broadcast($0)) } }
        let now = NIODeadline.now()
        return deflater.withLock { deflater in
            events.map { LiveMessage(Broadcast($0), with: &deflater, now: now) }
        }
    }

    /// Returns when every loop is done, so that loops that are kept busy do not collect a backlog of deliveries.
    private func onEveryLoop(_ work: @escaping @Sendable (LiveShard) -> Void) async {
        let done = loops.map { loop in loop.submit { work(self.shard(of: loop)) } }
        for loop in done {
            do { try await loop.get() } catch { logger.error("a loop is closed", metadata: ["error": "\(error)"]) }
        }
    }
}
