package import Domain
import Wire

/// A program that is told what happens on the desk, as the settings describe it.
package struct WebhookEndpoint: Sendable {
    package let name: String
    let url: String
    let secret: Secret
    let events: Set<MessageType>
    let schedule: DeliverySchedule

    /// What is in the log and so can be delivered.
    static let deliverable = Set(
        MessageType.allCases.filter { $0.channel != nil && $0 != .priceUpdate && $0 != .receiptsUpdated }
    )

    func wants(_ message: EncodedMessage) -> Bool { events.contains(message.type) }
}

/// A logged event on its way to an endpoint: the message that every tab gets, without a sequence number.
struct WebhookMessage: Sendable {
    /// The same at every attempt, before and after a restart: who has it drops the rest.
    let id: String
    let type: MessageType
    let offset: Offset
    let recordedAt: Timestamp
    let signal: SignalID?
    let body: [UInt8]

    init(_ recorded: RecordedEvent, _ message: EncodedMessage, epoch: Epoch) {
        id = Self.id(Cursor(epoch: epoch, offset: recorded.offset), type: message.type.rawValue)
        type = message.type
        offset = recorded.offset
        recordedAt = recorded.recordedAt
        signal = recorded.event.signal?.id
        body = message.object
    }

    /// A dot would end the id within the signed text (Standard Webhooks); an epoch of ours has none.
    static func id(_ cursor: Cursor, type: String) -> String { "\(cursor):\(type)" }

    /// The fields of one attempt.
    func fields(at now: Timestamp, for endpoint: WebhookEndpoint) -> [(name: String, value: String)] {
        let seconds = now.milliseconds / 1000
        return [
            ("content-type", "application/json"),
            (StandardWebhook.idField, id),
            (StandardWebhook.timestampField, String(seconds)),
            (
                StandardWebhook.signatureField,
                StandardWebhook.signature(id: id, timestamp: seconds, body: body, with: endpoint.secret)
            ),
        ]
    }
}

extension DeadLetter {
    /// The id that the endpoint will know the event by.
    package func eventID(epoch: Epoch) -> String {
        WebhookMessage.id(Cursor(epoch: epoch, offset: content.offset), type: content.type)
    }
}
