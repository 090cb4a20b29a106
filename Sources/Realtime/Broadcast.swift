package import Domain
package import Wire

/// One message for many tabs, encoded once.
package struct Broadcast: Sendable {
    package let message: EncodedMessage
    package let deliveryClass: DeliveryClass
    /// `nil` is heard by every tab.
    package let channel: Channel?
    package let audience: Audience
    /// How those hear of it whom it is not for, at the same place in the log; `nil` when it is for the whole desk.
    private let messageToOthers: EncodedMessage?
    /// Where it stands in the log; `nil` for the stream class.
    package let offset: Offset?
    /// When what it tells of happened; `nil` for the stream class.
    package let happenedAt: Timestamp?
    /// What it is about; `nil` when that is no signal.
    package let signal: SignalID?
    /// Whose price it is; `nil` for everything but prices.
    package let symbol: Symbol?
    /// Decisions and what is critical reach every tab, whatever it unsubscribed from (C6).
    package let isForEveryTab: Bool
    /// Whether it may wait a moment in order to go out with others of a burst (C10).
    package let mayWait: Bool

    package init(_ recorded: RecordedEvent) {
        message = EncodedMessage(recorded: recorded)
        deliveryClass = message.deliveryClass
        channel = message.type.channel
        audience = Audience(of: recorded.event)
        messageToOthers = EncodedMessage(toOthers: recorded)
        offset = recorded.offset
        happenedAt = recorded.recordedAt
        signal = recorded.event.signal?.id
        symbol = nil
        isForEveryTab = deliveryClass == .critical || recorded.event.isDecision
        mayWait = deliveryClass == .state && !isForEveryTab && recorded.event.mayWait
    }

    package init(_ receipts: SignalReceipts, at now: Timestamp) {
        message = .receiptsUpdated(at: now, Receipts(receipts))
        deliveryClass = .stream
        channel = message.type.channel
        audience = .desk
        messageToOthers = nil
        offset = nil
        happenedAt = nil
        signal = receipts.signal
        symbol = nil
        isForEveryTab = false
        mayWait = false
    }

    package init(_ presence: Presence, at now: Timestamp) {
        message = .presenceUpdated(at: now, presence)
        deliveryClass = .stream
        channel = .presence
        audience = .desk
        messageToOthers = nil
        offset = nil
        happenedAt = nil
        signal = nil
        symbol = nil
        isForEveryTab = false
        mayWait = false
    }

    package init(_ answers: StopAcknowledgements, at now: Timestamp) {
        message = .deskAcknowledged(at: now, answers)
        deliveryClass = .stream
        channel = nil
        audience = .desk
        messageToOthers = nil
        offset = nil
        happenedAt = nil
        signal = nil
        symbol = nil
        isForEveryTab = true
        mayWait = false
    }

    package init(_ price: Price) {
        message = EncodedMessage(price: price)
        deliveryClass = .stream
        channel = .prices
        audience = .desk
        messageToOthers = nil
        offset = nil
        happenedAt = nil
        signal = nil
        symbol = price.symbol
        isForEveryTab = false
        mayWait = false
    }
}

extension Broadcast {
    /// What the newest of it replaces; `nil` when there is nothing to replace it by.
    var subject: StreamSubject? {
        if let symbol { return .price(symbol) }
        if message.type == .deskAcknowledged { return .stopAcknowledgements }
        guard offset == nil, message.type == .receiptsUpdated, let signal else { return nil }
        return .receipts(signal)
    }

    /// About how long it is on its way to a tab, at most; most frames are compressed.
    package var bytesMax: Int { EncodedMessage.head.count + message.tail.count + 18 }

    /// The same event for those whom the broadcast is not for. Each session is to be offered one of the two, so that every
    /// place of the log is heard by everybody.
    package var toOthers: Broadcast? {
        guard let messageToOthers, case .users(let users) = audience else { return nil }
        return Broadcast(self, messageToOthers, to: .others(users))
    }

    private init(_ broadcast: Broadcast, _ message: EncodedMessage, to audience: Audience) {
        self.message = message
        deliveryClass = message.deliveryClass
        channel = message.type.channel
        self.audience = audience
        messageToOthers = nil
        offset = broadcast.offset
        happenedAt = broadcast.happenedAt
        signal = broadcast.signal
        symbol = broadcast.symbol
        isForEveryTab = false
        mayWait = false
    }

    /// As this user hears it.
    package func told(to user: UserName?) -> Broadcast {
        guard !audience.includes(user), let toOthers else { return self }
        return toOthers
    }
}

extension Event {
    fileprivate var isDecision: Bool {
        switch self {
        case .signalApproved, .signalRejected: true
        default: false
        }
    }

    /// Whether half a second more or less is nothing to a trader. What is not named here goes out at once.
    fileprivate var mayWait: Bool {
        switch self {
        case .signalReceived, .signalExpired, .signalExecuted, .signalPostponed, .signalMeasured: true
        case .observed(.alert(let alert)): alert.severity != .critical
        case .observed(.session(let status)): status.state != .emergencyStopped
        case .observed(.risk): false
        case .observed(.pattern), .observed(.portfolio), .observed(.campaign), .observed(.algorithm),
            .observed(.notice):
            true
        default: false
        }
    }
}
