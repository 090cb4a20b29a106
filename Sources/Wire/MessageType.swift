/// Every message type the desk knows (C1). A raw value is forever.
package enum MessageType: String, CaseIterable, Sendable {
    case connected
    case subscriptionConfirmed = "subscription_confirmed"
    case resumed
    case pong
    case error
    case batchUpdate = "batch_update"

    case signalNew = "signal:new"
    case signalSignedOff = "signal:signed_off"
    case signalRejected = "signal:rejected"
    case signalExecuted = "signal:executed"
    case signalFailed = "signal:failed"
    case signalExpired = "signal:expired"
    case signalWithdrawn = "signal:withdrawn"
    case signalUndone = "signal:undone"
    case signalExtended = "signal:extended"
    case signalAmended = "signal:amended"
    case signalPostponed = "signal:postponed"
    case signalMeasured = "signal:measured"
    case approvalNotification = "approval_notification"
    case signalApproved = "signal_approved"
    case signalReleased = "signal:released"
    case patternDetected = "pattern_detected"

    case portfolioUpdated = "portfolio:updated"
    case campaignUpdated = "campaign:updated"
    case priceUpdate = "price_update"
    case alertTriggered = "alert_triggered"
    case notification
    case sessionStatus = "session_status"
    case algorithmDecision = "algorithm_decision"
    case riskAlert = "risk_alert"
    case receiptsUpdated = "receipts:updated"
    case presenceUpdated = "presence:updated"

    case deskStopped = "desk:stopped"
    case deskResumeSignedOff = "desk:resume_signed_off"
    case deskResumed = "desk:resumed"
    case deskAcknowledged = "desk:acknowledged"

    /// Accepts also the names other documents use for `signal:new`.
    package init?(spoken text: String) {
        switch text {
        case "new_signal", "trading_signal": self = .signalNew
        default: self.init(rawValue: text)
        }
    }

    /// The channel a tab leaves to stop hearing such messages; `nil` for messages about the connection itself, and about the
    /// whole desk, which nobody leaves.
    package var channel: Channel? {
        switch self {
        case .connected, .subscriptionConfirmed, .resumed, .pong, .error, .batchUpdate: nil
        case .deskStopped, .deskResumeSignedOff, .deskResumed, .deskAcknowledged: nil
        case .signalNew, .signalRejected, .signalExecuted, .signalFailed, .signalExpired, .signalWithdrawn,
            .signalUndone, .signalExtended, .signalAmended, .signalPostponed, .signalMeasured, .approvalNotification,
            .signalApproved,
            .signalReleased, .patternDetected, .receiptsUpdated, .signalSignedOff:
            .signals
        case .portfolioUpdated, .campaignUpdated: .portfolio
        case .priceUpdate: .prices
        case .presenceUpdated: .presence
        case .alertTriggered, .riskAlert: .alerts
        case .notification: .notifications
        case .sessionStatus, .algorithmDecision: .sessions
        }
    }
}
