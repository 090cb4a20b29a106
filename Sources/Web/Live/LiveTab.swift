import Domain
import Logging
import NIOCore
import Realtime
import Storage
import Wire

/// A tab, whatever carries its messages: what its ``Session`` says is performed here, how bytes leave is its own business.
/// Event-loop-bound.
///
/// Broadcasts do not come this way: a shard offers them to each kind of tab as suits it.
protocol LiveTab: AnyObject {
    var hub: LiveHub { get }
    var greeting: LiveGreeting { get }
    var transport: Transport { get }
    var eventLoop: any EventLoop { get }
    var shard: LiveShard { get }
    /// Asked for only while the tab is open.
    var session: Session { get set }
    var isOpen: Bool { get }
    /// Whether its user is waited for because of it.
    var isReader: Bool { get set }
    /// Sent but not yet taken.
    var outboxBytes: Int { get }
    /// In the tab's life.
    var sentBytes: Int { get }

    func reply(_ message: EncodedMessage, number: Int)
    func send(_ message: LiveMessage, number: Int)
    /// Sends a question behind everything else, or begins to watch for what came before it; see ``Session/answered(_:now:)``.
    func send(probe number: UInt32)
    /// What was sent may leave now.
    func flush()
    func close(_ code: CloseCode, reason: String)
}

extension LiveTab {
    var summary: LiveConnectionSummary {
        LiveConnectionSummary(
            connectionID: greeting.connectionID,
            label: greeting.label ?? greeting.connectionID,
            transport: transport,
            subscriptions: session.subscriptions,
            bufferedBytes: outboxBytes
        )
    }

    /// - Parameter page: what the actions' page indices are about.
    func perform(_ actions: [Session.Action], page: [LiveMessage] = []) {
        for action in actions {
            switch action {
            case .reply(let message, let number):
                reply(message, number: number)
                shard.sent.add(message.type.index)
            case .send(let index, let number):
                send(page[index], number: number)
                shard.sent.add(page[index].typeIndex)
            case .read(let position, let limit): read(after: position, limit: limit)
            case .refresh: refresh()
            case .sendAgain(let offset): sendAgain(offset)
            case .acknowledged(let offset, let deliveries): acknowledged(upTo: offset, deliveries)
            case .undelivered(let offsets): undelivered(offsets)
            case .looking(let signal): looks(at: signal)
            case .tellPresence: hub.presence.wanted()
            case .close(let code, let reason): close(code, reason: reason)
            }
        }
        if isOpen { probeIfDue(now: hub.now()) }
        flush()
        if isOpen, let time = session.nextRetry { shard.retry(at: time) }
    }

    func probeIfDue(now: Timestamp) {
        if let probe = session.nextProbe(sentBytes: sentBytes, now: now) { send(probe: probe) }
    }

    /// Sends the newest of what was passed over, as far as there is room.
    func refresh() {
        while let subject = session.nextPassedOver(outboxBytes: outboxBytes, sentBytes: sentBytes) {
            guard let message = newest(of: subject), let number = session.refreshed(by: message.broadcast) else {
                continue
            }
            send(message, number: number)
            shard.sent.add(message.typeIndex)
        }
    }

    private func newest(of subject: StreamSubject) -> LiveMessage? {
        switch subject {
        case .price(let symbol): shard.newestPrices[symbol]
        case .receipts(let signal): hub.newestReceipts(of: signal)
        case .stopAcknowledgements: hub.newestAnswers()
        }
    }

    private func read(after position: Offset, limit: Int) {
        let page = hub.page(after: position, limit: limit, on: eventLoop)
        page.assumeIsolated().whenComplete { result in
            guard self.isOpen else { return }
            let now = self.hub.now()
            switch result {
            case .success(let page):
                let messages = page.map { $0.told(to: self.greeting.user) }
                let broadcasts = messages.map(\.broadcast)
                let actions = self.session.replayed(broadcasts, outboxBytes: self.outboxBytes, now: now)
                self.perform(actions, page: messages)
            case .failure(let error):
                self.log(.error, "replay failed", ["error": "\(error)"])
                self.perform(self.session.replayFailed())
            }
        }
    }

    // MARK: Acknowledging (DLV-01…09)

    /// The user is waited for from now on. To be followed by ``left()``.
    func joined() {
        guard let user = greeting.user, session.acknowledges, !isReader else { return }
        isReader = true
        let acknowledged = hub.receipts.joined(user, head: hub.extent.newest, at: hub.now())
        hub.rollCall.joined(user, tab: greeting.connectionID, acknowledged: acknowledged)
    }

    func left() {
        guard let user = greeting.user, isReader else { return }
        isReader = false
        hub.receipts.left(user, at: hub.now())
        hub.rollCall.left(greeting.connectionID)
    }

    private func sendAgain(_ offset: Offset) {
        let page = hub.page(after: Offset(offset.value - 1), limit: 1, on: eventLoop)
        page.assumeIsolated().whenComplete { result in
            guard self.isOpen else { return }
            switch result {
            case .success(let messages):
                guard let message = messages.first, message.broadcast.offset == offset else { return }
                self.hub.deliveries.sentAgain()
                self.perform(self.session.again(message.broadcast))
            case .failure(let error): self.log(.error, "critical message not read", ["error": "\(error)"])
            }
        }
    }

    private func acknowledged(upTo offset: Offset, _ deliveries: [Acknowledgements.Delivery]) {
        joined()
        for delivery in deliveries {
            hub.deliveries.delivered(delivery)
            log(
                delivery.attempt == 1 ? .debug : .info,
                "critical message delivered",
                [
                    "offset": "\(delivery.offset)", "attempt": "\(delivery.attempt)",
                    "latency_ms": "\(delivery.latencyMs)",
                ]
            )
        }
        guard let user = greeting.user else { return }
        hub.receipts.acknowledged(user, upTo: offset, deliveries, at: hub.now())
        hub.rollCall.acknowledged(user, tab: greeting.connectionID, upTo: offset)
    }

    private func undelivered(_ offsets: [Offset]) {
        for offset in offsets {
            hub.deliveries.failed()
            log(.notice, "critical message not acknowledged", ["offset": "\(offset)"])
        }
    }

    /// A logger with its metadata would be held by every tab, for the few times it is used.
    func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ metadata: @autoclosure () -> Logger.Metadata
    ) {
        guard let logger = hub.logger(for: greeting, at: level) else { return }
        logger.log(level: level, message, metadata: metadata())
    }
}
