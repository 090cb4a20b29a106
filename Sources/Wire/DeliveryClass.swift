package import Domain

/// What happens to a message when a tab is too slow for it (docs/Protocol.md, "Delivery classes").
package enum DeliveryClass: String, CaseIterable, Sendable {
    /// Never dropped, whatever the tab unsubscribed from.
    case critical
    /// In the log: a slow tab is caught up from there.
    case state
    /// The newest per symbol wins.
    case stream
    /// About one connection; never broadcast.
    case control
}

extension MessageType {
    /// The class of messages of this type. Of a risk alert and of a session it depends on what they say: see ``Event/deliveryClass``.
    package var deliveryClass: DeliveryClass {
        switch self {
        case .approvalNotification, .signalApproved, .signalUndone, .deskStopped, .deskResumed: .critical
        case .priceUpdate, .receiptsUpdated, .presenceUpdated, .deskAcknowledged: .stream
        case .connected, .subscriptionConfirmed, .resumed, .pong, .error: .control
        default: .state
        }
    }

    /// The message that tells of `event`.
    package init(_ event: Event) {
        switch event {
        case .signalReceived: self = .signalNew
        case .signalSignedOff: self = .signalSignedOff
        case .signalApproved: self = .approvalNotification
        case .signalRejected: self = .signalRejected
        case .signalExpired: self = .signalExpired
        case .signalExecuted: self = .signalExecuted
        case .signalReleased: self = .signalApproved
        case .signalUndone: self = .signalUndone
        case .signalExtended: self = .signalExtended
        case .signalWithdrawn: self = .signalWithdrawn
        case .signalFailed: self = .signalFailed
        case .signalAmended: self = .signalAmended
        case .signalPostponed: self = .signalPostponed
        case .deskStopped: self = .deskStopped
        case .deskResumeSignedOff: self = .deskResumeSignedOff
        case .deskResumed: self = .deskResumed
        case .sessionControlled: self = .sessionStatus
        case .signalMeasured: self = .signalMeasured
        case .observed(.pattern): self = .patternDetected
        case .observed(.portfolio): self = .portfolioUpdated
        case .observed(.campaign): self = .campaignUpdated
        case .observed(.session): self = .sessionStatus
        case .observed(.algorithm): self = .algorithmDecision
        case .observed(.alert): self = .alertTriggered
        case .observed(.notice): self = .notification
        case .observed(.risk): self = .riskAlert
        }
    }
}

extension Event {
    package var deliveryClass: DeliveryClass {
        if case .observed(.risk(let alert)) = self, alert.level != .warning { return .critical }
        // Once, when it stops: what its source goes on to report of it is no more news than of others.
        if let session, session.state == .emergencyStopped, session.previousState != nil { return .critical }
        return MessageType(self).deliveryClass
    }
}
