import Crypto
import Foundation

/// The opening handshake (RFC 6455, section 4) as both ends need it.
enum Handshake {
    /// What a server must answer to this key.
    static func accept(for key: String) -> String {
        let digest = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(digest).base64EncodedString()
    }

    static func request(path: String, port: UInt16, key: String, offersDeflate: Bool) -> String {
        """
        GET \(path) HTTP/1.1\r
        Host: 127.0.0.1:\(port)\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: \(key)\r
        Sec-WebSocket-Version: 13\r
        \(offersDeflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "")\r

        """
    }

    /// The floor's answer: it deflates each message on its own.
    static func answer(accept: String, deflates: Bool) -> String {
        let agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        return """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: \(accept)\r
            \(deflates ? "Sec-WebSocket-Extensions: \(agreed)\r\n" : "")\r

            """
    }
}
