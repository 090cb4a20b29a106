import Domain
import NIOCore
import Realtime
import WebSockets
import Wire

/// The tabs of one event loop. Event-loop-bound: touched by its loop alone, without locks.
final class LiveShard {
    let eventLoop: any EventLoop
    /// The last offset that was offered to the tabs of this loop.
    private(set) var head: Offset
    /// What a broadcast needs of each tab, side by side in memory. In no order; each connection knows its place, so that
    /// it can be taken out at once.
    ///
    /// The dynamic check of exclusivity would be paid per tab and message; what is called while a session changes does not
    /// come back to the shard.
    @exclusivity(unchecked)
    private var tabs: ContiguousArray<Tab> = []

    /// How many tabs of the table hear each dialect that somebody hears.
    private var listeners: [Dialect: Int] = [:]

    /// Those of the server that accepted the tabs; `nil` before the first.
    private var lanes: OutboundLanes?

    /// Tabs over event streams, beside the table, so that sockets need not be asked what they are.
    private var streams: [ObjectIdentifier: LiveStream] = [:]
    /// Of every symbol, what was last offered to the tabs of this loop, for those who were not sent it then. Not what the
    /// desk knows by now: they would be offered that once more, and what came before it after it.
    private(set) var newestPrices: [Symbol: LiveMessage] = [:]
    private let epoch: Epoch
    /// What the tabs of this loop were sent, and is not yet told.
    var sent = SentMessages()
    /// When unacknowledged messages are looked at next.
    private var nextRetry: (time: Timestamp, task: Scheduled<Void>)?
    private let firstRetryMs: Int64
    private let now: @Sendable () -> Timestamp
    /// Of all loops.
    private let batching: TabCount

    /// Whom a message goes to.
    enum Reach {
        case everyTab
        /// A burst is on: the others get it joined with what follows.
        case tabsThatDoNotBatch
    }

    private struct Tab {
        var session: Session
        let manner: Manner
        let lane: OutboundLanes.Index
        let connection: LiveConnection
    }

    init(
        eventLoop: any EventLoop,
        head: Offset,
        epoch: Epoch,
        batching: TabCount,
        limits: Session.Limits,
        now: @escaping @Sendable () -> Timestamp
    ) {
        firstRetryMs = Int64(limits.acknowledgements.retryDelaysMs[0])
        self.eventLoop = eventLoop
        self.head = head
        self.epoch = epoch
        self.batching = batching
        self.now = now
    }

    func add(_ connection: LiveConnection, _ session: Session) {
        precondition(lanes == nil || lanes === connection.socket.lanes, "the tabs of a hub are those of one server")
        lanes = connection.socket.lanes
        connection.place = tabs.count
        let manner = connection.greeting.manner
        tabs.append(Tab(session: session, manner: manner, lane: connection.socket.lane, connection: connection))
        if let dialect = manner.dialect { listeners[dialect, default: 0] += 1 }
        if manner.batches { batching.enter() }
    }

    func remove(_ connection: LiveConnection) {
        guard let place = connection.place else { return }
        connection.place = nil
        let manner = tabs[place].manner
        if let dialect = manner.dialect, let count = listeners[dialect] {
            listeners[dialect] = count > 1 ? count - 1 : nil
        }
        if manner.batches { batching.leave() }
        let last = tabs.removeLast()
        guard last.connection !== connection else { return }
        last.connection.place = place
        tabs[place] = last
    }

    func add(_ stream: LiveStream) {
        streams[ObjectIdentifier(stream)] = stream
        if stream.greeting.manner.batches { batching.enter() }
    }

    func remove(_ stream: LiveStream) {
        guard streams.removeValue(forKey: ObjectIdentifier(stream)) != nil else { return }
        if stream.greeting.manner.batches { batching.leave() }
    }

    /// The session of the tab that has this place.
    subscript(place: Int) -> Session {
        get { tabs[place].session }
        set { tabs[place].session = newValue }
    }

    func deliver(_ messages: LiveMessages, to reach: Reach, now: Timestamp) {
        eventLoop.assertInEventLoop()
        if let offset = messages.batch.lastOffset { head = max(head, offset) }
        if messages.batch.hasStream { remember(messages) }
        deliverToSockets(messages, reach, in: nil, now: now)
        for dialect in listeners.keys { deliverToSockets(messages, reach, in: dialect, now: now) }
        deliverToStreams(messages, reach, now: now)
        if messages.batch.hasCritical, somebodyAcknowledges {
            retry(at: now.advanced(byMilliseconds: firstRetryMs))
        }
    }

    private func remember(_ messages: LiveMessages) {
        for message in messages.messages {
            guard let symbol = message.broadcast.symbol else { continue }
            guard newestPrices.count < PriceBook.symbolsMax || newestPrices[symbol] != nil else { continue }
            newestPrices[symbol] = message
        }
    }

    private var somebodyAcknowledges: Bool {
        tabs.contains { $0.session.acknowledges } || streams.values.contains { $0.session.acknowledges }
    }

    private func deliverToSockets(_ messages: LiveMessages, _ reach: Reach, in dialect: Dialect?, now: Timestamp) {
        guard let lanes, !tabs.isEmpty else { return }
        let run = BroadcastRun(messages.prepared(in: dialect))
        let all = messages.all
        let isForDesk = messages.batch.isForDesk
        var tabsWithAll = 0
        for place in tabs.indices where tabs[place].manner.isReached(by: reach, in: dialect) {
            guard isForDesk || messages.batch.isFor(tabs[place].session.user) else { continue }
            let lane = tabs[place].lane
            let outboxBytes = outboxBytes(of: place, lanes)
            let offered = tabs[place].session.offer(
                messages.batch,
                outboxBytes: outboxBytes,
                sentBytes: lanes.sentBytes(lane),
                now: now
            )
            if let (wanted, first) = offered {
                lanes.send(run, wanted: wanted, numberedFrom: first, on: lane, of: tabs[place].connection.socket)
                if wanted == all { tabsWithAll += 1 } else { sent.add(messages, wanted: wanted) }
            }
            if messages.batch.hasStream { keepPace(of: place, lanes, now: now) }
        }
        sent.add(messages, toTabs: tabsWithAll)
    }

    /// After something of the stream class was offered.
    private func keepPace(of place: Int, _ lanes: OutboundLanes, now: Timestamp) {
        if tabs[place].session.hasPassedOver { tabs[place].connection.refresh() }
        let sentBytes = lanes.sentBytes(tabs[place].lane)
        guard let probe = tabs[place].session.nextProbe(sentBytes: sentBytes, now: now) else { return }
        tabs[place].connection.send(probe: probe)
    }

    private func outboxBytes(of place: Int, _ lanes: OutboundLanes) -> Int {
        lanes.isClear(tabs[place].lane) ? 0 : tabs[place].connection.socket.bufferedBytes
    }

    private func deliverToStreams(_ messages: LiveMessages, _ reach: Reach, now: Timestamp) {
        guard !streams.isEmpty else { return }
        var events: [Dialect?: [ServerSentEvent]] = [:]
        for stream in streams.values where reach == .everyTab || !stream.greeting.manner.batches {
            guard messages.batch.isFor(stream.greeting.user) else { continue }
            let dialect = stream.greeting.manner.dialect
            let told = events[dialect] ?? messages.said(in: dialect).map { ServerSentEvent($0, epoch: epoch) }
            events[dialect] = told
            sent.add(messages, wanted: stream.deliver(messages.batch, told, now: now))
        }
    }

    /// What was held back of a burst, to the tabs that batch.
    func release(_ held: HeldMessages, now: Timestamp) {
        eventLoop.assertInEventLoop()
        releaseToSockets(held, in: nil, now: now)
        for dialect in listeners.keys { releaseToSockets(held, in: dialect, now: now) }
        for stream in streams.values where stream.greeting.manner.batches {
            count(stream.release(held, now: now), of: held, in: stream.greeting.manner.dialect)
        }
    }

    private func releaseToSockets(_ held: HeldMessages, in dialect: Dialect?, now: Timestamp) {
        guard let lanes, !tabs.isEmpty else { return }
        let joined = held.joined(in: dialect)
        let together = BroadcastRun(joined.prepared)
        let apart = BroadcastRun(held.apart.prepared(in: dialect))
        for place in tabs.indices where tabs[place].manner.batches && tabs[place].manner.dialect == dialect {
            let outboxBytes = outboxBytes(of: place, lanes)
            let (lane, socket) = (tabs[place].lane, tabs[place].connection.socket)
            let offered = tabs[place].session.offer(
                held.batch,
                joinedInto: joined.count,
                outboxBytes: outboxBytes,
                sentBytes: lanes.sentBytes(lane),
                now: now
            )
            count(offered, of: held, in: dialect)
            switch offered {
            case .joined(let first): lanes.send(together, wanted: joined.all, numberedFrom: first, on: lane, of: socket)
            case .apart(let wanted, let first):
                lanes.send(apart, wanted: wanted, numberedFrom: first, on: lane, of: socket)
            case nil: break
            }
        }
    }

    private func count(_ offered: JoinedOffer?, of held: HeldMessages, in dialect: Dialect?) {
        switch offered {
        case .joined: for _ in 0..<held.joined(in: dialect).count { sent.add(MessageType.batchUpdate.index) }
        case .apart(let wanted, _): sent.add(held.apart, wanted: wanted)
        case nil: break
        }
    }

    // MARK: Acknowledging

    /// Sees to it that unacknowledged messages are looked at then.
    func retry(at time: Timestamp) {
        if let nextRetry {
            guard time < nextRetry.time else { return }
            nextRetry.task.cancel()
        }
        let delayMs = max(1, time.milliseconds - now().milliseconds)
        let task = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(delayMs)) { self.retryDue() }
        nextRetry = (time, task)
    }

    private func retryDue() {
        nextRetry = nil
        let now = now()
        var next: Timestamp?
        for place in tabs.indices {
            guard let time = tabs[place].session.nextRetry else { continue }
            if time <= now { tabs[place].connection.retry(now: now) }
            next = [next, tabs[place].session.nextRetry].compactMap(\.self).min()
        }
        for stream in streams.values where stream.session.nextRetry.map({ $0 <= now }) ?? false {
            stream.retry(now: now)
        }
        for time in streams.values.compactMap(\.session.nextRetry) { next = min(next ?? time, time) }
        if let next { retry(at: next) }
    }

    /// The stream with this id.
    func stream(_ connectionID: String) -> LiveStream? {
        streams.values.first { $0.greeting.connectionID == connectionID }
    }

    func checkAll(now: Timestamp) {
        for place in tabs.indices { tabs[place].connection.check(now: now) }
        for stream in streams.values { stream.check(now: now) }
    }

    /// Closes all tabs, for what comes before `position` cannot be offered to them.
    func startAnew(after position: Offset, reason: String) {
        head = max(head, position)
        for tab in tabs { tab.connection.close(.tooSlow, reason: reason) }
        for stream in streams.values { stream.close(.tooSlow, reason: reason) }
    }

    /// Sent to all tabs but not yet taken.
    var outboxBytes: Int {
        tabs.reduce(0) { $0 + $1.connection.outboxBytes } + streams.values.reduce(0) { $0 + $1.outboxBytes }
    }

    var summaries: [LiveConnectionSummary] { tabs.map(\.connection.summary) + streams.values.map(\.summary) }
}

@available(*, unavailable)
extension LiveShard: Sendable {}

extension Manner {
    fileprivate func isReached(by reach: LiveShard.Reach, in dialect: Dialect?) -> Bool {
        self.dialect == dialect && (reach == .everyTab || !batches)
    }
}
