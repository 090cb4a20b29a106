package import NIOCore

/// The body of a close frame (RFC 6455 §5.5.1).
package struct ClosePayload: Hashable, Sendable {
    /// A control frame carries 125 bytes, two of which are the code.
    package static let reasonBytesMax = 123

    /// Absent when the frame has no body.
    package let code: WebSocketCloseCode?
    package let reason: String

    package init(code: WebSocketCloseCode?, reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// Reads the body of a close frame received from a peer.
    package init(parsing bytes: ByteBuffer) throws(WebSocketError) {
        var bytes = bytes
        guard bytes.readableBytes > 0 else {
            self.init(code: nil)
            return
        }
        guard let number = bytes.readInteger(as: UInt16.self) else {
            throw WebSocketError(.protocolError, "a close frame has no body or at least two bytes")
        }
        let code = WebSocketCloseCode(rawValue: number)
        guard code.isSendable else {
            throw WebSocketError(.protocolError, "this close code must not be sent")
        }
        var validator = UTF8Validator()
        guard bytes.withUnsafeReadableBytes({ validator.accept($0) }), validator.isAtBoundary else {
            throw WebSocketError(.invalidPayload, "the close reason is not UTF-8")
        }
        self.init(code: code, reason: String(buffer: bytes))
    }

    /// Writes the body; a reason too long is cut at a character.
    package func write(into buffer: inout ByteBuffer) {
        guard let code else { return }
        buffer.writeInteger(code.rawValue)
        var room = Self.reasonBytesMax
        for character in reason {
            let bytes = character.utf8.count
            guard bytes <= room else { break }
            room -= bytes
            buffer.writeString(String(character))
        }
    }
}
