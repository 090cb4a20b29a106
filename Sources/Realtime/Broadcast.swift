package import Domain
package import Wire

/// One message for many tabs, encoded once.
package struct Broadcast: Sendable {
    package let message: EncodedMessage
    package let deliveryClass: DeliveryClass
    /// `nil` is heard by every tab.
    package let channel: Channel?
    package let audience: Audience
    /// Where it stands in the log; `nil` for the stream class.
    package let offset: Offset?
    /// Whose price it is; `nil` for everything but prices.
    package let symbol: Symbol?
    /// Decisions and what is critical reach every tab, whatever it unsubscribed from (C6).
    package let isForEveryTab: Bool

    package init(_ recorded: RecordedEvent) {
        message = EncodedMessage(recorded: recorded)
        deliveryClass = message.deliveryClass
        channel = message.type.channel
        audience = .desk
        offset = recorded.offset
        symbol = nil
        isForEveryTab = deliveryClass == .critical || recorded.event.isDecision
    }

    package init(_ price: Price) {
        message = EncodedMessage(price: price)
        deliveryClass = .stream
        channel = .prices
        audience = .desk
        offset = nil
        symbol = price.symbol
        isForEveryTab = false
    }
}

extension Event {
    fileprivate var isDecision: Bool {
        switch self {
        case .signalApproved, .signalRejected: true
        default: false
        }
    }
}
