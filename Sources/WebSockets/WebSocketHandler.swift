package import NIOCore

/// What the application does with one connection.
///
/// Guarantees: every method is called on the connection's event loop; `opened` first, `closed` last, each exactly once;
/// nothing is received after `closed`, nor after the connection began to close. Duties: return quickly, for the loop has
/// other connections; let go of the connection in `closed`.
package protocol WebSocketHandler: AnyObject {
    func opened(_ connection: WebSocketConnection)
    /// - Parameter text: a whole message, valid UTF-8.
    func received(text: ByteBuffer, on connection: WebSocketConnection)
    func received(binary: ByteBuffer, on connection: WebSocketConnection)
    /// The peer answered a ping, ours or the heartbeat's, or says that it did.
    ///
    /// - Parameter payload: that of the ping, which is empty for the heartbeat's; the peer has all that was sent before it.
    func receivedPong(_ payload: ByteBuffer, on connection: WebSocketConnection)
    /// More bytes wait to be sent than the kernel takes (`false`), or it has caught up (`true`).
    func writabilityChanged(isWritable: Bool, on connection: WebSocketConnection)
    func closed(_ close: WebSocketClose, on connection: WebSocketConnection)
}

extension WebSocketHandler {
    package func receivedPong(_ payload: ByteBuffer, on connection: WebSocketConnection) {}
    package func writabilityChanged(isWritable: Bool, on connection: WebSocketConnection) {}
}
