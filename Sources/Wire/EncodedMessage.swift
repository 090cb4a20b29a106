package import Domain

/// A server message, encoded once for everybody who hears it.
///
/// The text frame of a connection is ``head``, its sequence number in decimal, ``tail``: only the number differs
/// between tabs, so it comes first and the rest is one shared buffer.
package struct EncodedMessage: Hashable, Sendable {
    /// What every frame begins with.
    package static let head = Array(#"{"sequence_number":"#.utf8)

    package let type: MessageType
    package let deliveryClass: DeliveryClass
    /// Where the message stands in the log; `nil` for messages that are not in it.
    package let offset: Offset?
    /// How far whoever has this message has come in the log: up to its own offset, or to the one that `connected` and
    /// `resumed` state; `nil` for messages that say nothing of it.
    package let position: Offset?
    /// Begins with `,"type":` and ends with the closing brace.
    package let tail: [UInt8]

    /// - Parameters:
    ///   - position: That of the offset when absent.
    ///   - deliveryClass: That of the type when absent.
    ///   - members: Writes what follows `type`, `timestamp` and `offset`.
    init(
        _ type: MessageType,
        at timestamp: Timestamp,
        offset: Offset? = nil,
        position: Offset? = nil,
        deliveryClass: DeliveryClass? = nil,
        members: (inout JSONWriter) -> Void
    ) {
        self.type = type
        self.deliveryClass = deliveryClass ?? type.deliveryClass
        self.offset = offset
        self.position = position ?? offset
        var json = JSONWriter(bytesReserved: 1280, continuing: true)
        json.text("type", type.rawValue)
        json.time("timestamp", timestamp)
        if let offset { json.integer("offset", offset.value) }
        members(&json)
        json.endObject()
        tail = json.bytes
    }

    /// The same message, worded otherwise.
    init(_ message: EncodedMessage, tail: [UInt8]) {
        type = message.type
        deliveryClass = message.deliveryClass
        offset = message.offset
        position = message.position
        self.tail = tail
    }

    /// The message without a sequence number, as REST serves it.
    package var object: [UInt8] { [UInt8(ascii: "{")] + tail.dropFirst() }

    /// The whole text frame for the connection whose next number is `sequenceNumber`.
    package func frame(_ sequenceNumber: some BinaryInteger) -> [UInt8] {
        Self.head + Array(String(sequenceNumber).utf8) + tail
    }
}
