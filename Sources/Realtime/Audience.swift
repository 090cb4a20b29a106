package import Domain

/// Who may see a message (C6, SEC-14).
package enum Audience: Hashable, Sendable {
    case desk
    case users(Set<UserName>)
    /// Everybody but these, also who has no name.
    case others(Set<UserName>)

    /// Who may see an event (CON-18): a release is for those whom the signal names.
    package init(of event: Event) {
        if case .signalReleased(let signal) = event, let recipients = signal.proposal.recipients {
            self = .users(Set(recipients))
        } else {
            self = .desk
        }
    }

    package func includes(_ user: UserName?) -> Bool {
        switch self {
        case .desk: true
        case .users(let users): user.map(users.contains) ?? false
        case .others(let users): !(user.map(users.contains) ?? false)
        }
    }
}
