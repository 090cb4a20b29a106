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
        /// More waiting bytes than this, and prices and receipts are passed over until the newest can be sent.
        package var outboxBytesStreamMax = 64 << 10
        /// The log is read on only below this many waiting bytes.
        package var outboxBytesLow = 32 << 10
        /// A tab that has taken nothing for so long is closed.
        package var stalledMsMax = 60_000
        package var replayEventsMax = 10_000
        package var replayPageEvents = 256
        package var messagesPerMinuteMax = 100
        package var acknowledgements = Acknowledgements.Limits()
        /// Of prices on their way to a tab that listens to them.
        package var pace = StreamPace.Limits()
        package init() {}
    }

    package enum Action: Sendable {
        /// Send a message to this tab alone.
        case reply(EncodedMessage, number: Int)
        /// Send the broadcast at this place of the page that was read, with the tab's number.
        case send(pageIndex: Int, number: Int)
        /// Read a page of the log and call ``replayed(_:outboxBytes:)``.
        case read(after: Offset, limit: Int)
        /// Send what ``nextPassedOver(outboxBytes:sentBytes:)`` names, in its newest form, as long as it names something.
        case refresh
        /// Look the message up in the log and call ``again(_:)``.
        case sendAgain(Offset)
        /// Note down that the tab has everything up to here, and which critical messages it told of by that.
        case acknowledged(upTo: Offset, [Acknowledgements.Delivery])
        /// Note down that these were not acknowledged, however often they were sent.
        case undelivered([Offset])
        /// Note down what the tab looks at.
        case looking(SignalID?)
        /// The tab now listens to who is here, and knows nothing yet.
        case tellPresence
        case close(CloseCode, reason: String)
    }

    package let user: UserName?
    package let limits: Limits
    package private(set) var subscriptions = Subscriptions()
    package var acknowledges: Bool { acknowledgements != nil }

    private var nextNumber = 0
    private var mode = Mode.live
    /// The last offset this tab has been given, or that was not for it.
    private var position: Offset
    /// The last offset that was offered.
    private var head: Offset
    private var passedOver = PassedOver()
    /// `nil` until the tab listens to prices.
    private var pace: StreamPace?
    private var inbound: RateLimit
    /// `nil` until the tab says that it acknowledges: one that does not is not sent anything again.
    private var acknowledgements: Acknowledgements?

    private enum Mode: Hashable, Sendable {
        case live
        case behind(Backlog)
    }

    private struct Backlog: Hashable, Sendable {
        var isReading = false
        var replayed = 0
        var since: Timestamp
    }

    /// - Parameters:
    ///   - head: the last offset that was offered to the sessions of this loop.
    ///   - acknowledges: whether the tab has said that it will; it may also just begin to.
    package init(
        user: UserName?,
        head: Offset,
        acknowledges: Bool = false,
        limits: Limits = Limits(),
        now: Timestamp
    ) {
        self.user = user
        acknowledgements = acknowledges ? Acknowledgements(limits: limits.acknowledgements) : nil
        self.limits = limits
        self.head = head
        position = head
        inbound = RateLimit(perMinuteMax: limits.messagesPerMinuteMax, now: now)
    }

    // MARK: Opening

    /// - Parameters:
    ///   - greeting: `connected`, which gets number 0 (ENV-03, ENV-04).
    ///   - resume: where the client left, and what stands against starting there.
    ///   - queued: critical messages that wait for this user, for a tab that acknowledges and does not resume (DLV-01).
    package mutating func opened(
        _ greeting: EncodedMessage,
        resume: (from: Offset, failure: ResumeFailure?)?,
        queued: [QueuedMessage] = [],
        now: Timestamp
    ) -> [Action] {
        var actions = [reply(greeting)]
        guard let resume else {
            for message in queued {
                acknowledgements?.sent(message.offset, happenedAt: message.happenedAt, at: now)
                actions.append(.sendAgain(message.offset))
            }
            return actions
        }
        // Who comes back from a place has what is before it.
        if acknowledgements != nil, resume.failure == nil { actions.append(.acknowledged(upTo: resume.from, [])) }
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
    ///
    /// - Parameter sentBytes: how many bytes the tab was sent in its life, for its ``StreamPace``.
    package mutating func offer(
        _ batch: BroadcastBatch,
        outboxBytes: Int,
        sentBytes: Int = 0,
        now: Timestamp
    ) -> (wanted: UInt64, firstNumber: Int)? {
        // Nearly every session nearly always: it hears all there is, and nothing holds it up.
        if mode == .live, batch.isForDesk, subscriptions.coverAllButPrices, outboxBytes <= limits.outboxBytesStreamMax,
            let first = batch.firstOffset, let last = batch.lastOffset, first > position, batch.prices == 0,
            batch.critical == 0 || acknowledgements == nil
        {
            head = last
            position = last
            defer { nextNumber += batch.broadcasts.count }
            return (batch.logged, nextNumber)
        }
        if batch.hasStream, batch.logged == 0,
            takesWholeStream(batch, outboxBytes: outboxBytes, sentBytes: sentBytes)
        {
            defer { nextNumber += batch.broadcasts.count }
            return (batch.prices, nextNumber)
        }
        var wanted: UInt64 = 0
        let firstNumber = nextNumber
        var sentBytes = sentBytes
        for (index, broadcast) in batch.broadcasts.enumerated()
        where offer(broadcast, outboxBytes: outboxBytes, sentBytes: sentBytes, now: now) != nil {
            wanted |= 1 << UInt64(index)
            sentBytes += broadcast.bytesMax
        }
        return wanted == 0 ? nil : (wanted, firstNumber)
    }

    /// A tab that listens to all prices and keeps up.
    private mutating func takesWholeStream(_ batch: BroadcastBatch, outboxBytes: Int, sentBytes: Int) -> Bool {
        mode == .live && batch.isForDesk && subscriptions.coverAllButPrices && subscriptions.coverAllPrices
            && passedOver.isEmpty && outboxBytes <= limits.outboxBytesStreamMax
            && pace?.hasRoom(for: batch.bytesMax, sentBytes: sentBytes) ?? true
    }

    /// Like ``offer(_:outboxBytes:now:)``, for broadcasts that have also been joined into fewer messages, which have no
    /// numbers of their own: a tab gets all of them joined, or one by one what it wants.
    package mutating func offer(
        _ batch: BroadcastBatch,
        joinedInto messagesCount: Int,
        outboxBytes: Int,
        sentBytes: Int = 0,
        now: Timestamp
    ) -> JoinedOffer? {
        guard mode == .live, batch.isForDesk, subscriptions.coverAllButPrices, outboxBytes <= limits.outboxBytesMax,
            let first = batch.firstOffset, let last = batch.lastOffset, first > position, batch.prices == 0
        else {
            return offer(batch, outboxBytes: outboxBytes, sentBytes: sentBytes, now: now).map {
                .apart(wanted: $0.wanted, firstNumber: $0.firstNumber)
            }
        }
        head = last
        position = last
        defer { nextNumber += messagesCount }
        return .joined(firstNumber: nextNumber)
    }

    /// The number to send the broadcast with, or `nil` when it does not go out now.
    package mutating func offer(
        _ broadcast: Broadcast,
        outboxBytes: Int,
        sentBytes: Int = 0,
        now: Timestamp
    ) -> Int? {
        guard let offset = broadcast.offset else {
            return offerPassing(broadcast, outboxBytes: outboxBytes, sentBytes: sentBytes)
        }
        head = max(head, offset)
        guard mode == .live, offset > position else { return nil }
        guard outboxBytes <= limits.outboxBytesMax else {
            mode = .behind(Backlog(since: now))
            return nil
        }
        position = offset
        guard wants(broadcast) else { return nil }
        expectAcknowledgement(of: broadcast, now: now)
        return takeNumber()
    }

    /// What is not in the log: the newest counts, and whoever cannot take it now gets that later.
    private mutating func offerPassing(_ broadcast: Broadcast, outboxBytes: Int, sentBytes: Int) -> Int? {
        guard wants(broadcast) else { return nil }
        guard mode == .live, outboxBytes <= limits.outboxBytesStreamMax, passedOver.isEmpty || broadcast.subject == nil,
            hasRoom(for: broadcast.bytesMax, sentBytes: sentBytes)
        else {
            if let subject = broadcast.subject { passedOver.insert(subject) }
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
            expectAcknowledgement(of: broadcast, now: now)
            actions.append(.send(pageIndex: index, number: takeNumber()))
            backlog.replayed += 1
        }
        guard position < head else {
            mode = .live
            actions.append(reply(.resumed(at: now, replayed: backlog.replayed, offset: position)))
            return actions + refresh()
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
        guard case .behind(var backlog) = mode else { return refresh() }
        guard !backlog.isReading else { return [] }
        if head.value - position.value > limits.replayEventsMax { return giveUp(now: now) }
        backlog.isReading = true
        mode = .behind(backlog)
        return [.read(after: position, limit: limits.replayPageEvents)]
    }

    /// Called now and then: a tab that stays behind is closed, so that it reconnects.
    package mutating func checked(outboxBytes: Int, now: Timestamp) -> [Action] {
        if case .behind(let backlog) = mode, now.milliseconds - backlog.since.milliseconds > limits.stalledMsMax {
            return [.close(.tooSlow, reason: "this tab takes messages too slowly; reconnect")]
        }
        return drained(outboxBytes: outboxBytes, now: now)
    }

    private mutating func giveUp(now: Timestamp) -> [Action] {
        mode = .live
        position = head
        let advice = reply(.notResumed(at: now, reason: .tooMany, offset: position))
        return [advice] + refresh()
    }

    // MARK: Streams

    private func refresh() -> [Action] { passedOver.isEmpty ? [] : [.refresh] }

    /// Whether something was passed over that may have room now.
    package var hasPassedOver: Bool { !passedOver.isEmpty }

    /// What was passed over longest ago, to be sent in its newest form by ``refreshed(by:)``; `nil` when there is nothing, or
    /// no room.
    package mutating func nextPassedOver(outboxBytes: Int, sentBytes: Int) -> StreamSubject? {
        guard mode == .live, !passedOver.isEmpty, outboxBytes <= limits.outboxBytesStreamMax,
            hasRoom(for: 0, sentBytes: sentBytes)
        else { return nil }
        return passedOver.removeFirst()
    }

    /// For one message, however long: a window may be shorter than a message.
    private mutating func hasRoom(for bytes: Int, sentBytes: Int) -> Bool {
        guard let isIdle = pace?.isIdle(sentBytes: sentBytes), !isIdle else { return true }
        return pace?.hasRoom(for: bytes, sentBytes: sentBytes) ?? true
    }

    /// The number to send the newest of a subject with, or `nil` when the tab no longer wants it.
    package mutating func refreshed(by broadcast: Broadcast) -> Int? { wants(broadcast) ? takeNumber() : nil }

    /// The number of a probe that is to be sent now, behind everything else; `nil` when none is due. Answered by
    /// ``answered(_:now:)`` when the tab has everything before it.
    package mutating func nextProbe(sentBytes: Int, now: Timestamp) -> UInt32? {
        pace?.nextProbe(sentBytes: sentBytes, now: now)
    }

    package mutating func answered(_ probe: UInt32, now: Timestamp) -> [Action] {
        guard pace?.answered(probe, now: now) == true, mode == .live else { return [] }
        return refresh()
    }

    /// The probe that is not answered, and what was sent before it.
    package var awaited: (probe: UInt32, bytes: Int)? { pace?.awaited }

    private mutating func keepPace() {
        if pace == nil, subscriptions.channels.contains(.prices) { pace = StreamPace(limits: limits.pace) }
    }

    // MARK: Messages from the client

    package mutating func received(_ message: Result<ClientMessage, ClientMessageFault>, now: Timestamp) -> [Action] {
        if case .success(.acknowledge(let offset)) = message, let actions = acknowledged(upTo: offset, now: now) {
            return actions
        }
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
        case .success(.acknowledge): return []
        case .success(.subscribe(let channels, let symbols)):
            for channel in channels { subscriptions.subscribe(channel, symbols: symbols) }
            keepPace()
            let confirmation = confirmation(now: now)
            return channels.contains(.presence) ? [confirmation, .tellPresence] : [confirmation]
        case .success(.looking(let signal)): return [.looking(signal)]
        case .success(.unsubscribe(let channels)):
            for channel in channels { subscriptions.unsubscribe(channel) }
            return [confirmation(now: now)]
        case .success(.subscribeSymbol(let symbol)):
            subscriptions.subscribe(.prices, symbols: [symbol])
            keepPace()
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

    // MARK: Acknowledging

    /// When ``retried(outboxBytes:now:)`` is to be called next.
    package var nextRetry: Timestamp? { acknowledgements?.nextDue }

    /// What the tab has not acknowledged in time is sent again (DLV-02).
    package mutating func retried(outboxBytes: Int, now: Timestamp) -> [Action] {
        let pace = pace
        let due = acknowledgements?.due(at: now) { outboxBytes > 0 || pace?.isOnTheWay(sentAt: $0) == true }
        guard let due else { return [] }
        let again = due.again.map { Action.sendAgain($0) }
        return due.undelivered.isEmpty ? again : again + [.undelivered(due.undelivered)]
    }

    /// A message that was asked for by ``Action/sendAgain(_:)``; for this tab alone, so that it does not leave the shared
    /// window.
    package mutating func again(_ broadcast: Broadcast) -> [Action] {
        guard let offset = broadcast.offset, wants(broadcast), acknowledgements?.awaits(offset) == true else {
            return []
        }
        return [reply(broadcast.message)]
    }

    /// The tab has all critical messages up to here. What was offered only after it was read elsewhere (a snapshot) comes
    /// still, and is acknowledged then.
    ///
    /// - Returns: `nil` when it says nothing new: that counts as a message, and has its limit.
    private mutating func acknowledged(upTo offset: Offset, now: Timestamp) -> [Action]? {
        let isFirst = acknowledgements == nil
        let upTo = min(offset, head)
        var state = acknowledgements ?? Acknowledgements(limits: limits.acknowledgements)
        let deliveries = state.acknowledge(upTo: upTo, at: now)
        acknowledgements = state
        guard isFirst || !deliveries.isEmpty else { return nil }
        return [.acknowledged(upTo: upTo, deliveries)]
    }

    private mutating func expectAcknowledgement(of broadcast: Broadcast, now: Timestamp) {
        guard acknowledgements != nil, broadcast.deliveryClass == .critical, let offset = broadcast.offset,
            let happenedAt = broadcast.happenedAt
        else { return }
        acknowledgements?.sent(offset, happenedAt: happenedAt, at: now)
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
