import Domain
import Wire

/// A program that is told what happens on the desk, as the settings describe it.
package struct WebhookEndpoint: Sendable {
    package let name: String
    let url: String
    let secret: Secret
    let events: Set<MessageType>
    let schedule: DeliverySchedule

    /// What is in the log and so can be delivered.
    static let deliverable = Set(MessageType.allCases.filter { $0.channel != nil && !passing.contains($0) })
    /// Of the moment, or another wording of what is in the log.
    private static let passing: Set<MessageType> = [.priceUpdate, .receiptsUpdated, .presenceUpdated, .signalReleased]

    func wants(_ event: Event) -> Bool { events.contains(MessageType(event)) }
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

    init(_ recorded: RecordedEvent, epoch: Epoch) {
        let message = EncodedMessage(recorded: recorded)
        // Offsets begin again behind the end of a backup that was restored; the time does not, so no receiver takes a new
        // event for one that it has. A dot would end the id within the signed text (Standard Webhooks); an epoch has none.
        id = "\(Cursor(epoch: epoch, offset: recorded.offset)):\(recorded.recordedAt.milliseconds)"
        type = message.type
        offset = recorded.offset
        recordedAt = recorded.recordedAt
        signal = recorded.event.signal?.id
        body = message.object
    }

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
