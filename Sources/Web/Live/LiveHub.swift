package import Domain
package import Engine
package import Logging
package import Metrics
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
        /// How long an event stream may be silent before it gets a comment.
        package var streamHeartbeatIntervalMs = 15_000
        /// How long a stream that ends may take for its last bytes.
        package var streamEndMsMax = 5_000
        /// What may wait for the loops; beyond it events are read from the log and prices are thinned.
        package var inboxEventsMax = 4_096
        package var inboxPricesMax = 20_000
        /// How much of the log is made ready at the start, for the tabs that come back after a restart.
        package var recalledEventsMax = 1_024
        /// How long changed receipts are collected before all tabs are told.
        package var receiptsIntervalMs = 250
        /// Of so many signals together; of more the rest is told after the next interval.
        package var receiptsMax = 50
        /// How long comings and goings are collected before the receipts they concern change: a page that is loaded anew is no
        /// news.
        package var movesIntervalMs = 2_000
        /// How long who came, went or looks elsewhere is collected before those who listen are told.
        package var presenceIntervalMs = 250
        /// Of `presence:updated` to all tabs together. With more tabs they are told less often.
        package var presenceMessagesPerSecondMax = 20_000
        package var presenceCheckMs = 1_000
        package var presence = PresenceTable.Limits()
        package var session = Session.Limits()
        package var batching = BatchWindow.Limits()
        package init() {}
    }

    let limits: Limits
    package let prices: PriceBook
    let store: any EventStore
    let ledger: ConnectionLedger
    let receipts: LiveReceipts
    let presence: LivePresence
    let rollCall = LiveRollCall()
    /// The standstill in force, or the last one there was, as it was published last.
    private let stop = Mutex<DeskStop?>(nil)
    private let readers: ReaderKeeper
    let deliveries: DeliveryMetrics
    let metrics: LiveMetrics
    private let clock: any DeskClock
    let settings: Settings
    private let logger: Logger
    private let recent = RecentMessages()
    private let shards: [ObjectIdentifier: NIOLoopBoundBox<LiveShard>]
    private let loops: [any EventLoop]
    private let head: Offset
    /// The first event the log still leads on from; moves on when the log is trimmed.
    private let oldest: Atomic<Int64>
    /// The last offset that was published: no tab knows of a later one.
    private let newest: Atomic<Int64>
    private let inbox: Inbox
    /// Used by `run()` alone, one message after the other.
    private let deflater = Mutex(SharedDeflater(head: EncodedMessage.head))
    /// Used by `run()` alone, like the deflater.
    private let window: Mutex<BatchWindow>
    private let batching = TabCount()
    /// When what the window holds is due.
    private let alarms = AsyncStream.makeStream(of: Timestamp.self, bufferingPolicy: .bufferingNewest(1))

    /// - Parameters:
    ///   - head: the offset the desk has recovered to; nothing may be published before this hub exists.
    ///   - oldest: the first event the log still holds; ``trimmed(to:)`` tells of a later one.
    ///   - metrics: makes what is counted.
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
        metrics: any MetricsFactory,
        logger: Logger
    ) {
        self.limits = limits
        deliveries = DeliveryMetrics(metrics)
        self.metrics = LiveMetrics(metrics)
        self.prices = prices
        self.store = store
        self.clock = clock
        self.settings = settings
        self.logger = logger
        ledger = ConnectionLedger(
            connectionsMax: limits.connectionsMax,
            connectionsPerUserMax: limits.connectionsPerUserMax
        )
        receipts = LiveReceipts(head: head)
        presence = LivePresence(limits: limits.presence)
        readers = ReaderKeeper(receipts: receipts, store: store, clock: clock, logger: logger)
        loops = Array(eventLoopGroup.makeIterator())
        let batching = batching
        shards = Dictionary(
            uniqueKeysWithValues: loops.map { loop in
                let shard = LiveShard(
                    eventLoop: loop,
                    head: head,
                    epoch: store.epoch,
                    batching: batching,
                    limits: limits.session,
                    now: clock.now
                )
                return (ObjectIdentifier(loop), NIOLoopBoundBox.makeBoxSendingValue(shard, eventLoop: loop))
            }
        )
        self.head = head
        self.oldest = Atomic(oldest.value)
        newest = Atomic(head.value)
        window = Mutex(BatchWindow(limits: limits.batching))
        inbox = Inbox(eventsMax: limits.inboxEventsMax, pricesMax: limits.inboxPricesMax)
        backplane.subscribe { [weak self] in self?.take($0) }
    }

    private func take(_ publication: Publication) {
        if case .events(let events) = publication, let last = events.last {
            newest.store(last.offset.value, ordering: .releasing)
            if let stopped = events.last(where: { $0.event.deskStop != nil })?.event.deskStop {
                stop.withLock { $0 = stopped }
            }
        }
        inbox.put(publication)
    }

    /// What the log holds, without asking it: a thousand tabs that come back together would queue up for the answer.
    var extent: Extent {
        Extent(
            oldest: Offset(oldest.load(ordering: .acquiring)),
            newest: Offset(newest.load(ordering: .acquiring))
        )
    }

    /// The log now begins at `oldest`: who wants to resume from before it is told.
    package func trimmed(to oldest: Offset) { self.oldest.store(oldest.value, ordering: .releasing) }

    func now() -> Timestamp { clock.now() }

    var standing: DeskStanding {
        DeskStanding(stop: stop.withLock(\.self), acknowledgements: rollCall.answers)
    }

    /// The tabs of the loop that is running. Event-loop-bound.
    func shard(of loop: any EventLoop) -> LiveShard {
        guard let shard = shards[ObjectIdentifier(loop)] else {
            preconditionFailure("connections are accepted on the loops the hub was made for")
        }
        return shard.value
    }

    // MARK: Joining and leaving

    /// - Parameter head: of the tab's loop. Another loop may have been offered more, and a tab that comes back from there must
    ///   not hear that the desk is behind it.
    func connected(_ greeting: LiveGreeting, head: Offset, now: Timestamp) -> EncodedMessage {
        let place = greeting.resume.flatMap { $0.failure == nil ? $0.from : nil } ?? head
        return .connected(
            at: now,
            connectionID: greeting.connectionID,
            epoch: store.epoch,
            offset: max(head, place),
            oldestOffset: greeting.oldest,
            user: greeting.me,
            settings: settings,
            desk: standing
        )
    }

    func session(for greeting: LiveGreeting, head: Offset, now: Timestamp) -> Session {
        Session(
            user: greeting.user,
            head: head,
            acknowledges: greeting.acknowledges,
            limits: limits.session,
            now: now
        )
    }

    /// Critical messages that wait for the user of a new tab.
    func queued(for greeting: LiveGreeting) -> [QueuedMessage] {
        guard greeting.acknowledges, let user = greeting.user else { return [] }
        return receipts.queued(for: user)
    }

    /// A user has everything critical up to here, whatever carried it (C20).
    ///
    /// - Parameter connectionID: of the event stream that brought it; `nil` for who asks now and then.
    /// - Returns: false when there is no such stream of this user's.
    func acknowledge(upTo offset: Offset, by user: UserName, connectionID: String?) async throws -> Bool {
        guard let connectionID else {
            let now = now()
            receipts.joined(user, head: extent.newest, at: now)
            receipts.acknowledged(user, upTo: min(offset, extent.newest), [], at: now)
            rollCall.acknowledged(user, tab: nil, upTo: min(offset, extent.newest))
            receipts.left(user, at: now)
            return true
        }
        for loop in loops {
            let isKnown = try await loop.submit {
                guard let stream = self.shard(of: loop).stream(connectionID), stream.greeting.user == user else {
                    return false
                }
                stream.received(.acknowledge(offset))
                return true
            }.get()
            if isKnown { return true }
        }
        return false
    }

    /// Where a client begins that says it was here, and what stands against it.
    func resume(from cursor: Cursor, _ extent: Extent) -> (from: Offset, failure: ResumeFailure?) {
        let failure = cursor.failure(
            epoch: store.epoch,
            oldest: extent.oldest,
            newest: extent.newest,
            replayEventsMax: limits.session.replayEventsMax
        )
        return (cursor.offset, failure)
    }

    func left(_ greeting: LiveGreeting) { ledger.leave(greeting.user, over: .webSocket) }

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

    /// As they are now, for one tab that was not sent them when they came.
    func newestReceipts(of signal: SignalID) -> LiveMessage? {
        receipts.receipts(of: signal).map { LiveMessage(Broadcast($0, at: now())) }
    }

    func newestAnswers() -> LiveMessage? { rollCall.answers.map { LiveMessage(Broadcast($0, at: now())) } }

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
                transport: summary.transport,
                channels: summary.subscriptions.channels,
                symbols: summary.subscriptions.symbols
            )
        }
        return Stats(clients: clients)
    }

    /// Tells what was sent since the last time.
    ///
    /// - Returns: how many bytes of it wait.
    func countSent() async throws -> Int {
        var outboxBytes = 0
        for loop in loops {
            let (sent, bytes) = try await loop.submit {
                let shard = self.shard(of: loop)
                return (shard.sent.take(), shard.outboxBytes)
            }.get()
            metrics.sent(sent)
            outboxBytes += bytes
        }
        return outboxBytes
    }

    func summaries() async throws -> [LiveConnectionSummary] {
        var summaries: [LiveConnectionSummary] = []
        for loop in loops { summaries += try await loop.submit { self.shard(of: loop).summaries }.get() }
        return summaries
    }

    /// Over whatever transport.
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
            await withDiscardingTaskGroup { group in
                group.addTask { await self.wakeWhenDue() }
                group.addTask { await self.tellReceipts() }
                group.addTask { await self.noteComingsAndGoings() }
                group.addTask { await self.tellPresence() }
                group.addTask { await self.tellAnswers() }
                group.addTask { await self.dropWhoPollsNoMore() }
                group.addTask { await self.readers.keep() }
                var head = self.head
                for await _ in self.inbox.arrivals { await self.deliver(self.inbox.take(), after: &head) }
                group.cancelAll()
            }
        }
        for check in checks { check.cancel() }
        // The server has stopped before this, so all tabs have left.
        await readers.save()
    }

    /// Makes the end of the log ready to be sent, and knows again who has read what of it. To be called before there are tabs.
    ///
    /// After a restart all tabs come back at once and miss about the same: without this each would have its page read, encoded
    /// and compressed for itself.
    ///
    /// - Parameter stop: the standstill in force, or the last one there was.
    package func recover(stop lastStop: DeskStop? = nil) async throws(StoreError) {
        stop.withLock { $0 = lastStop }
        let position = Offset(max(extent.oldest.value - 1, head.value - Int64(limits.recalledEventsMax)))
        let count = Int(head.value - position.value)
        let recalled = try await store.events(after: position, limit: count).map { LiveMessage(Broadcast($0)) }
        recent.append(recalled)
        if lastStop?.isInForce == true {
            // What lies further back, everybody has who has what came behind it.
            let stopped = recalled.last { $0.broadcast.message.type == .deskStopped }
            rollCall.recover(stoppedAt: stopped?.broadcast.offset ?? position)
        }
        receipts.recover(try await store.readers(), recalled.map(\.broadcast), behind: position, head: head)
    }

    /// - Parameter head: the last offset that every loop was offered.
    private func deliver(_ content: Inbox.Content, after head: inout Offset) async {
        let now = clock.now()
        if let release = window.withLock({ $0.releaseIfDue(at: now) }) { await perform(release, now: now) }
        let events = content.events.filter { $0.offset > head }
        if let first = events.first?.offset { await fill(upTo: first, after: &head) }
        await deliver(events)
        head = events.last?.offset ?? head
        guard !content.prices.isEmpty else { return }
        prices.record(content.prices)
        let messages = content.prices.map { LiveMessage(Broadcast($0)) }
        await deliver(messages, to: .everyTab, now: clock.now())
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
                receipts.skipped(upTo: skipped)
                await onEveryLoop { $0.startAnew(after: skipped, reason: "the log could not be read; reconnect") }
                head = skipped
            }
        }
    }

    /// Tells all tabs whose receipts have changed, not oftener than every ``Limits/receiptsIntervalMs``.
    private func tellReceipts() async {
        for await _ in receipts.changes {
            guard (try? await clock.sleep(milliseconds: limits.receiptsIntervalMs)) != nil else { return }
            let now = clock.now()
            let changed = receipts.takeChanged(countMax: limits.receiptsMax)
            await deliver(changed.map { LiveMessage(Broadcast($0, at: now)) }, to: .everyTab, now: now)
        }
    }

    private func noteComingsAndGoings() async {
        for await _ in receipts.comingsAndGoings {
            guard (try? await clock.sleep(milliseconds: limits.movesIntervalMs)) != nil else { return }
            receipts.noteMoved()
        }
    }

    /// Tells those who listen who is here, not oftener than the limits say, however many come and go.
    private func tellPresence() async {
        for await _ in presence.changes {
            let tabs = ledger.total
            let intervalMs = max(limits.presenceIntervalMs, tabs * 1_000 / limits.presenceMessagesPerSecondMax)
            guard (try? await clock.sleep(milliseconds: intervalMs)) != nil else { return }
            guard let present = presence.takeChanged() else { continue }
            let now = clock.now()
            await deliver([LiveMessage(Broadcast(present, at: now))], to: .everyTab, now: now)
        }
    }

    /// Tells all tabs how many have acknowledged that the desk is stopped.
    private func tellAnswers() async {
        for await _ in rollCall.changes {
            guard (try? await clock.sleep(milliseconds: limits.receiptsIntervalMs)) != nil else { return }
            guard let answers = rollCall.takeChanged() else { continue }
            let now = clock.now()
            await deliver([LiveMessage(Broadcast(answers, at: now))], to: .everyTab, now: now)
        }
    }

    private func dropWhoPollsNoMore() async {
        while (try? await clock.sleep(milliseconds: limits.presenceCheckMs)) != nil {
            presence.expired(at: clock.now())
        }
    }

    /// Batch by batch, so that what comes first does not wait until all of a long backlog is encoded.
    private func deliver(_ events: [RecordedEvent]) async {
        for batch in events.chunks(ofCount: BroadcastBatch.broadcastsMax) {
            let broadcasts = batch.map { Broadcast($0) }
            receipts.published(broadcasts)
            rollCall.published(broadcasts) { presence.pollingUsers }
            presence.published(Array(batch))
            let now = clock.now()
            for step in steps(for: broadcasts, now: now) { await perform(step, now: now) }
            deliveries.broadcast(broadcasts, at: clock.now())
        }
    }

    /// While nobody wants batches there are none.
    private func steps(for broadcasts: [Broadcast], now: Timestamp) -> [BatchWindow.Step] {
        window.withLock { window in
            guard batching.value > 0 || window.due != nil else { return [.send(broadcasts)] }
            let steps = window.arrived(broadcasts, now: now)
            if let due = window.due { alarms.continuation.yield(due) }
            return steps
        }
    }

    private func perform(_ step: BatchWindow.Step, now: Timestamp) async {
        switch step {
        case .send(let broadcasts): await publish(broadcasts, to: .everyTab, sharing: true, now: now)
        case .hold(let broadcasts):
            await publish(broadcasts, to: .tabsThatDoNotBatch, sharing: !streamIsOfBatches, now: now)
        case .release(let broadcasts):
            let isShared = streamIsOfBatches
            let held = HeldMessages(broadcasts, now: now) { message in
                guard isShared else { return PreparedMessage(message) }
                return deflater.withLock { $0.prepare(tail: message.tail, now: .now()) }
            }
            await onEveryLoop { $0.release(held, now: now) }
        }
    }

    private func publish(
        _ broadcasts: [Broadcast],
        to reach: LiveShard.Reach,
        sharing isShared: Bool,
        now: Timestamp
    ) async {
        let messages = prepare(broadcasts, sharing: isShared)
        recent.append(messages)
        await deliver(messages, to: reach, now: now)
    }

    private func deliver(_ messages: [LiveMessage], to reach: LiveShard.Reach, now: Timestamp) async {
        for batch in messages.batches(ofCount: BroadcastBatch.broadcastsMax) {
            let together = LiveMessages(batch)
            // Alone in its batch if there is one.
            let toOthers = batch.first?.broadcast.toOthers.map { LiveMessages([LiveMessage($0)]) }
            await onEveryLoop { shard in
                shard.deliver(together, to: reach, now: now)
                if let toOthers { shard.deliver(toOthers, to: reach, now: now) }
            }
        }
    }

    /// With the memory of all that came before, if there is somebody to remember it; streams are not compressed.
    private func prepare(_ broadcasts: [Broadcast], sharing isShared: Bool) -> [LiveMessage] {
        guard isShared, ledger.count(over: .webSocket) > 0 else { return broadcasts.map { LiveMessage($0) } }
        let now = NIODeadline.now()
        return deflater.withLock { deflater in
            broadcasts.map { broadcast in
                // What some tabs do not get must not be in the memory that all share.
                guard broadcast.audience == .desk else { return LiveMessage(broadcast) }
                return LiveMessage(broadcast, with: &deflater, now: now)
            }
        }
    }

    /// In a burst one kind of tab gets what the other does not, and only one can go on following the shared stream: the
    /// kind of which there are more. The others get copies that stand alone, and follow again from a reset after the burst.
    private var streamIsOfBatches: Bool { batching.value * 2 >= ledger.total }

    private func wakeWhenDue() async {
        for await due in alarms.stream {
            let waitMs = min(due.milliseconds - clock.now().milliseconds, Int64(limits.batching.windowMs))
            do { if waitMs > 0 { try await clock.sleep(milliseconds: Int(waitMs)) } } catch { return }
            inbox.wake()
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
