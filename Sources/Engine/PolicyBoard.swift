package import Domain
import Synchronization

/// The policy in force, for everybody who asks: the writer once per batch, routes once per request.
///
/// A mutex, because it is read from everywhere and only ever replaced as a whole.
package final class PolicyBoard: Sendable {
    package struct Status: Sendable {
        /// `nil`: one person is enough.
        package var inForce: Policy?
        package var loadedAt: Timestamp?
        /// Why the file as it is now is not in force; the policy before it still is.
        package var fault: String?
    }

    private let state: Mutex<Status>

    package init(_ policy: Policy? = nil, loadedAt: Timestamp? = nil) {
        state = Mutex(Status(inForce: policy, loadedAt: loadedAt))
    }

    package var inForce: Policy? { state.withLock(\.inForce) }

    package var status: Status { state.withLock { $0 } }

    package func adopt(_ policy: Policy, at now: Timestamp) {
        state.withLock { $0 = Status(inForce: policy, loadedAt: now) }
    }

    /// The file is broken or gone: what was in force stays.
    package func note(fault: String) { state.withLock { $0.fault = fault } }
}

extension PolicyBoard {
    /// What somebody is on this desk.
    package func role(of user: UserName?) -> Role {
        guard let policy = inForce else { return .trader }
        return user.map { policy.role(of: $0) } ?? .viewer
    }

    /// All that somebody is: without a policy everybody who says a name is a trader.
    package func roles(of user: UserName?) -> Set<Role> {
        guard let user else { return [.viewer] }
        return inForce?.person(user).roles ?? [.trader]
    }
}
