package import Domain

/// What a tab can subscribe to (C5).
package enum Channel: Hashable, Sendable {
    case signals, portfolio, alerts, notifications, sessions, prices
    /// Who is here and who looks at what.
    case presence
    /// What concerns one user.
    case user(UserName)
    /// The sessions of one user.
    case sessionsOf(UserName)
    case cityState

    /// What a connection hears that has said nothing (GAP-15).
    package static let initial: Set<Channel> = [.signals, .portfolio, .alerts, .notifications, .sessions]

    package init?(_ text: String) {
        switch text {
        case "signals": self = .signals
        case "portfolio": self = .portfolio
        case "alerts": self = .alerts
        case "notifications": self = .notifications
        case "sessions": self = .sessions
        case "prices": self = .prices
        case "presence": self = .presence
        case "city_state": self = .cityState
        default:
            guard let colon = text.firstIndex(of: ":"), let name = UserName(String(text[text.index(after: colon)...]))
            else {
                return nil
            }
            switch text[..<colon] {
            case "user": self = .user(name)
            case "sessions": self = .sessionsOf(name)
            default: return nil
            }
        }
    }

    /// As it stands on the wire.
    package var text: String {
        switch self {
        case .signals: "signals"
        case .portfolio: "portfolio"
        case .alerts: "alerts"
        case .notifications: "notifications"
        case .sessions: "sessions"
        case .prices: "prices"
        case .presence: "presence"
        case .user(let name): "user:\(name)"
        case .sessionsOf(let name): "sessions:\(name)"
        case .cityState: "city_state"
        }
    }
}

extension Channel: CustomStringConvertible {
    package var description: String { text }
}
