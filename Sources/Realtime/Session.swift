package import Domain
package import Wire

/// One tab's place in the stream of messages: its numbers, its subscriptions, how far it has come in the log.
///
/// A state machine without input or output: whoever drives it (one event loop per session) performs the actions. It has
/// two ways of being. *Live*: every broadcast goes out as it comes. *Behind*: nothing of the log goes out as it comes;
/// pages of the log are read from ``position`` until it has caught up. A resumed tab starts behind, and a tab too slow
/// for its outbox falls behind, so both are caught up by the same path, with no hole and no overlap, and without a
/// backlog in memory.
package struct Session: Sendable {
    package struct Limits: Hashable, Sendable {
        /// More waiting bytes than this, and the tab is caught up from the log later.
        package var outboxBytesMax = 1 << 20
        /// More waiting bytes than this, and prices are passed over until the newest can be sent.
        package var outboxBytesStreamMax = 64 << 10
        /// The log is read on only below this many waiting bytes.
        package var outboxBytesLow = 32 << 10
        /// A tab that has taken nothing for so long is closed.
        package var stalledMsMax = 60_000
        package var replayEventsMax = 10_000
        package var replayPageEvents = 256
        package var messagesPerMinuteMax = 100
        package init() {}
    }

    package enum Action: Sendable {
        /// Send a message to this tab alone.
        case reply(EncodedMessage, number: Int)
        /// Send the broadcast at this place of the page that was read, with the tab's number.
        case send(pageIndex: Int, number: Int)
        /// Read a page of the log and call ``replayed(_:outboxBytes:)``.
        case read(after: Offset, limit: Int)
        /// Send the newest prices of these symbols by ``offer(_:outboxBytes:now:)``.
        case refreshPrices(Set<Symbol>)
        case close(CloseCode, reason: String)
    }

    package let user: UserName?
    package let limits: Limits
    package private(set) var subscriptions = Subscriptions()

    private var nextNumber = 0
    private var mode = Mode.live
    /// The last offset this tab has been given, or that was not for it.
    private var position: Offset
    /// The last offset that was offered.
    private var head: Offset
    private var pricesPassedOver: Set<Symbol> = []
    private var inbound: RateLimit

    private enum Mode: Hashable, Sendable {
        case live
        case behind(Backlog)
    }

    private struct Backlog: Hashable, Sendable {
        var isReading = false
        var replayed = 0
        var since: Timestamp
    }

    /// - Parameter head: the last offset that was offered to the sessions of this loop.
    package init(user: UserName?, head: Offset, limits: Limits = Limits(), now: Timestamp) {
        self.user = user
        self.limits = limits
        self.head = head
        position = head
        inbound = RateLimit(perMinuteMax: limits.messagesPerMinuteMax, now: now)
    }

    // MARK: Opening

    /// - Parameters:
    ///   - greeting: `connected`, which gets number 0 (ENV-03, ENV-04).
    ///   - resume: where the client left, and what stands against starting there.
    package mutating func opened(
        _ greeting: EncodedMessage,
        resume: (from: Offset, failure: ResumeFailure?)?,
        now: Timestamp
    ) -> [Action] {
        var actions = [reply(greeting)]
        guard let resume else { return actions }
        if let failure = resume.failure {
            actions.append(reply(.notResumed(at: now, reason: failure, offset: position)))
            return actions
        }
        position = resume.from
        guard position < head else {
            actions.append(reply(.resumed(at: now, replayed: 0, offset: position)))
            return actions
        }
        mode = .behind(Backlog(isReading: true, since: now))
        actions.append(.read(after: position, limit: limits.replayPageEvents))
        return actions
    }

    // MARK: Broadcasts

    /// Which of the broadcasts go out now, bit by bit, and the number of the first; `nil` when none does.
    package mutating func offer(
        _ batch: BroadcastBatch,
        outboxBytes: Int,
        now: Timestamp
    ) -> (wanted: UInt64, firstNumber: Int)? {
        // Nearly every session nearly always: it hears all there is, and nothing holds it up.
        if mode == .live, batch.isForDesk, subscriptions.coverAllButPrices, outboxBytes <= limits.outboxBytesStreamMax,
            let first = batch.firstOffset, let last = batch.lastOffset, first > position,
            batch.prices == 0 || subscriptions.coverAllPrices
        {
            head = last
            position = last
            defer { nextNumber += batch.broadcasts.count }
            return (batch.logged | batch.prices, nextNumber)
        }
        var wanted: UInt64 = 0
        let firstNumber = nextNumber
        for (index, broadcast) in batch.broadcasts.enumerated()
        where offer(broadcast, outboxBytes: outboxBytes, now: now) != nil {
            wanted |= 1 << UInt64(index)
        }
        return wanted == 0 ? nil : (wanted, firstNumber)
    }

    /// The number to send the broadcast with, or `nil` when it does not go out now.
    package mutating func offer(_ broadcast: Broadcast, outboxBytes: Int, now: Timestamp) -> Int? {
        guard let offset = broadcast.offset else { return offerPrice(broadcast, outboxBytes: outboxBytes) }
        head = max(head, offset)
        guard mode == .live, offset > position else { return nil }
        guard outboxBytes <= limits.outboxBytesMax else {
            mode = .behind(Backlog(since: now))
            return nil
        }
        position = offset
        return wants(broadcast) ? takeNumber() : nil
    }

    private mutating func offerPrice(_ broadcast: Broadcast, outboxBytes: Int) -> Int? {
        guard let symbol = broadcast.symbol, wants(broadcast) else { return nil }
        guard mode == .live, outboxBytes <= limits.outboxBytesStreamMax else {
            pricesPassedOver.insert(symbol)
            return nil
        }
        return takeNumber()
    }

    // MARK: Catching up

    /// A page of the log that was asked for by ``Action/read(after:limit:)``.
    package mutating func replayed(_ page: [Broadcast], outboxBytes: Int, now: Timestamp) -> [Action] {
        guard case .behind(var backlog) = mode else { return [] }
        var actions: [Action] = []
        for (index, broadcast) in page.enumerated() {
            guard let offset = broadcast.offset, offset > position else { continue }
            position = offset
            guard wants(broadcast) else { continue }
            actions.append(.send(pageIndex: index, number: takeNumber()))
            backlog.replayed += 1
        }
        guard position < head else {
            mode = .live
            actions.append(reply(.resumed(at: now, replayed: backlog.replayed, offset: position)))
            return actions + refreshPrices()
        }
        if head.value - position.value > limits.replayEventsMax { return actions + giveUp(now: now) }
        backlog.isReading = !page.isEmpty && outboxBytes <= limits.outboxBytesLow
        backlog.since = now
        mode = .behind(backlog)
        if backlog.isReading { actions.append(.read(after: position, limit: limits.replayPageEvents)) }
        return actions
    }

    /// The log could not be read: the tab starts anew rather than miss something.
    package mutating func replayFailed() -> [Action] {
        [.close(.tooSlow, reason: "the log could not be read; reconnect")]
    }

    /// Bytes have left the outbox.
    package mutating func drained(outboxBytes: Int, now: Timestamp) -> [Action] {
        guard outboxBytes <= limits.outboxBytesLow else { return [] }
        guard case .behind(var backlog) = mode else { return refreshPrices() }
        guard !backlog.isReading else { return [] }
        if head.value - position.value > limits.replayEventsMax { return giveUp(now: now) }
        backlog.isReading = true
        mode = .behind(backlog)
        return [.read(after: position, limit: limits.replayPageEvents)]
    }

    /// Called now and then: a tab that stays behind is closed, so that it reconnects.
    package mutating func checked(outboxBytes: Int, now: Timestamp) -> [Action] {
        guard case .behind(let backlog) = mode else { return [] }
        if now.milliseconds - backlog.since.milliseconds > limits.stalledMsMax {
            return [.close(.tooSlow, reason: "this tab takes messages too slowly; reconnect")]
        }
        return drained(outboxBytes: outboxBytes, now: now)
    }

    private mutating func giveUp(now: Timestamp) -> [Action] {
        mode = .live
        position = head
        let advice = reply(.notResumed(at: now, reason: .tooMany, offset: position))
        return [advice] + refreshPrices()
    }

    private mutating func refreshPrices() -> [Action] {
        guard !pricesPassedOver.isEmpty else { return [] }
        defer { pricesPassedOver = [] }
        return [.refreshPrices(pricesPassedOver)]
    }

    // MARK: Messages from the client

    package mutating func received(_ message: Result<ClientMessage, ClientMessageFault>, now: Timestamp) -> [Action] {
        guard inbound.take(at: now) else {
            let text =
                "More than \(limits.messagesPerMinuteMax) messages in a minute. This connection is closed; send fewer."
            return [
                reply(.error(at: now, .rateLimited, text)),
                .close(.tooManyMessages, reason: "too many messages"),
            ]
        }
        switch message {
        case .failure(let fault): return [reply(.error(at: now, fault))]
        case .success(.ping): return [reply(.pong(at: now))]
        case .success(.subscribe(let channels, let symbols)):
            for channel in channels { subscriptions.subscribe(channel, symbols: symbols) }
            return [confirmation(now: now)]
        case .success(.unsubscribe(let channels)):
            for channel in channels { subscriptions.unsubscribe(channel) }
            return [confirmation(now: now)]
        case .success(.subscribeSymbol(let symbol)):
            subscriptions.subscribe(.prices, symbols: [symbol])
            return [confirmation(of: symbol, now: now)]
        case .success(.unsubscribeSymbol(let symbol)):
            subscriptions.unsubscribe(symbol)
            return [confirmation(of: symbol, now: now)]
        }
    }

    private mutating func confirmation(of symbol: Symbol? = nil, now: Timestamp) -> Action {
        reply(
            .subscriptionConfirmed(
                at: now,
                channels: subscriptions.channels,
                symbols: subscriptions.symbols,
                symbol: symbol
            )
        )
    }

    // MARK: Numbers

    private func wants(_ broadcast: Broadcast) -> Bool {
        broadcast.audience.includes(user) && subscriptions.wants(broadcast)
    }

    /// Numbers have no hole: one is taken only for a message that goes out (ENV-03).
    private mutating func takeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    private mutating func reply(_ message: EncodedMessage) -> Action { .reply(message, number: takeNumber()) }
}
