package import Domain

/// A message as one event of an event stream (HTML Living Standard, "Server-sent events").
///
/// The event of a connection is ``head``, its sequence number in decimal, ``tail``, ``end``: only the number differs
/// between streams.
package struct ServerSentEvent: Hashable, Sendable {
    /// A comment: a stream on which nothing happens is kept open by it.
    package static let heartbeat: StaticString = ":\n\n"
    /// The blank line that dispatches the event.
    package static let end: StaticString = "\n\n"

    package let head: [UInt8]
    /// JSON on one line: `JSONWriter` escapes every control character, so that no break can end the event within it.
    package let tail: [UInt8]

    /// - Parameter epoch: that of the log the message is in, or speaks of.
    package init(_ message: EncodedMessage, epoch: Epoch) {
        self.init(message, id: message.position.map { Cursor(epoch: epoch, offset: $0) })
    }

    /// - Parameter id: where a client that has this event has come in the log; it says so when it reconnects. `nil` leaves
    ///   it where it was.
    package init(_ message: EncodedMessage, id: Cursor?) {
        assert(!message.tail.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        head = (id.map { Array("id: \($0)\n".utf8) } ?? []) + Self.data
        tail = message.tail
    }

    private static let data = Array("data: ".utf8) + EncodedMessage.head

    /// For how long a client is to wait before it reconnects. It ends no event: that would dispatch an empty one, which
    /// makes a client forget where it was.
    package static func retry(afterMs time: Int) -> String { "retry: \(time)\n" }
}
