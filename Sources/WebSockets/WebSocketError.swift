/// Why a connection must be failed (RFC 6455 §7.1.7): what the peer did, and the code that tells it so.
package struct WebSocketError: Error, Hashable, Sendable {
    package let closeCode: WebSocketCloseCode
    /// One constant sentence; it is the reason of our close frame, so at most 123 bytes (RFC 6455 §5.5.1).
    package let message: String

    package init(_ closeCode: WebSocketCloseCode, _ message: String) {
        self.closeCode = closeCode
        self.message = message
    }
}
