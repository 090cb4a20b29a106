/// The limits of every connection of one server.
package struct WebSocketConfiguration: Sendable {
    /// How long a new connection may take to send its first request's head.
    package var handshakeTimeoutMs = 10_000
    /// How long an HTTP connection may stay without a request, or a request without its next part.
    package var httpIdleTimeoutMs = 60_000
    /// How long a shutdown waits for HTTP requests that have begun: one whose body never comes must not keep the server up.
    package var httpShutdownTimeoutMs = 5_000
    /// The largest message accepted, in bytes of payload and once more once decompressed.
    package var messageBytesMax = 65_536
    /// The most frames one message may be spread over.
    package var fragmentsMax = 1_024
    /// The most bytes waiting to be sent before the connection is cut off.
    package var outboundBytesMax = 64 << 20
    /// How often the peer is pinged; `nil` never. A peer silent for two intervals is dropped.
    package var pingIntervalMs: Int? = 30_000
    /// The close code for a peer dropped for its silence.
    package var silentPeerCloseCode = WebSocketCloseCode(rawValue: 4000)
    /// How long a peer may take to answer our close frame, or to take our last bytes.
    package var closeTimeoutMs = 5_000
    /// Whether connections may write to their sockets without the channel (see `DirectSocket`). Must be false when a
    /// handler in front of the connection's own changes the bytes, as TLS does.
    package var writesDirectly = true
    /// `nil` for no compression.
    package var deflate: DeflatePolicy? = DeflatePolicy()

    package init() {}
}
