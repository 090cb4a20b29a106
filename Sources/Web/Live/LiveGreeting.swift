import Domain
import Realtime
import Wire

/// Who opened a connection and where it wants to begin: what the handshake said.
struct LiveGreeting: Sendable {
    /// A UUID of the server's making (MSG-01).
    let connectionID: String
    /// The `client_id` of the address: shown in lists, never an identity (C2).
    let label: String?
    let me: Me
    let resume: (from: Offset, failure: ResumeFailure?)?
    let oldest: Offset

    var user: UserName? { me.name }
}

/// A connection as lists show it.
struct LiveConnectionSummary: Sendable {
    let connectionID: String
    let label: String
    let subscriptions: Subscriptions
    /// Sent but not yet taken by the kernel.
    let bufferedBytes: Int
}
