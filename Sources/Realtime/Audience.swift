package import Domain

/// Who may see a message (C6, SEC-14).
package enum Audience: Hashable, Sendable {
    case desk
    case users(Set<UserName>)

    package func includes(_ user: UserName?) -> Bool {
        switch self {
        case .desk: true
        case .users(let users): user.map(users.contains) ?? false
        }
    }
}
