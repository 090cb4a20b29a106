package import Domain

/// The body of `POST /api/v1/presence`: what `looking` says on a socket.
package struct LookRequest: Hashable, Sendable {
    /// `nil`: here, and looking at no signal.
    package let signal: SignalID?
    /// Of the connection that the tab listens on; `nil` for who polls.
    package let connectionID: String?

    package static func parse(_ bytes: some Sequence<UInt8>) throws(InvalidRequest) -> LookRequest {
        try RequestBody.parse(bytes, example: #"{"signal_id":null,"connection_id":null}"#) { body in
            LookRequest(
                signal: body.optional("signal_id", as: Read.signalID),
                connectionID: body.optional("connection_id", as: Read.line(charactersMax: 64))
            )
        }
    }
}
