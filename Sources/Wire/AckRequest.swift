package import Domain

/// The body of `POST /api/v1/acks`: what `ack` says on a socket.
package struct AckRequest: Hashable, Sendable {
    /// Everything critical up to here has been applied.
    package let offset: Offset
    /// Of the event stream that brought it; `nil` for who polls.
    package let connectionID: String?

    package static func parse(_ bytes: some Sequence<UInt8>) throws(InvalidRequest) -> AckRequest {
        try RequestBody.parse(bytes, example: #"{"offset":4712,"connection_id":null}"#) { body in
            let connectionID = body.optional("connection_id", as: Read.line(charactersMax: 64))
            guard let offset = body.required("offset", as: Read.count) else { return nil }
            return AckRequest(offset: Offset(Int64(offset)), connectionID: connectionID)
        }
    }
}
