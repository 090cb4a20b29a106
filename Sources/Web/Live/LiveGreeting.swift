import Domain
import Realtime
import Wire

/// Who opened a connection and where it wants to begin: what the handshake, or the request for a stream, said.
struct LiveGreeting: Sendable {
    /// A UUID of the server's making (MSG-01).
    let connectionID: String
    /// The `client_id` of the address, or `label=`: shown in lists, never an identity (C2).
    let label: String?
    let me: Me
    let manner: Manner
    let resume: (from: Offset, failure: ResumeFailure?)?
    let oldest: Offset
    /// Whether it said that it acknowledges critical messages.
    let acknowledges: Bool

    var user: UserName? { me.name }
}

/// A connection as lists show it.
struct LiveConnectionSummary: Sendable {
    let connectionID: String
    let label: String
    let transport: Transport
    let subscriptions: Subscriptions
    /// Sent but not yet taken by the kernel.
    let bufferedBytes: Int
}
