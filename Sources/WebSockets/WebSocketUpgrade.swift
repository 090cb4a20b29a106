package import HTTPTypes
package import NIOCore

/// The application's answer to a well-formed WebSocket handshake.
package enum WebSocketUpgrade: Sendable {
    /// Called on the connection's event loop, once the handshake has been answered.
    package typealias MakeHandler = @Sendable (WebSocketConnection) -> any WebSocketHandler
    /// Decides on a handshake; called on the channel's event loop.
    package typealias Decide = @Sendable (HTTPRequest, any Channel) -> EventLoopFuture<WebSocketUpgrade>

    /// - Parameter headers: more headers for the 101, such as a subprotocol.
    case accept(headers: HTTPFields, makeHandler: MakeHandler)
    /// The connection is closed after this answer.
    case refuse(status: HTTPResponse.Status, headers: HTTPFields, body: String)

    package static func accept(_ makeHandler: @escaping MakeHandler) -> Self {
        .accept(headers: [:], makeHandler: makeHandler)
    }

    package static func refuse(_ status: HTTPResponse.Status, body: String = "") -> Self {
        .refuse(status: status, headers: [:], body: body)
    }
}
