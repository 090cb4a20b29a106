package import Domain

// Several messages as one (MSG-09, GAP-16).

extension EncodedMessage {
    /// A `batch_update` stays below this, as every message does (ENV-09).
    package static let batchBytesMax = 10_000

    /// The same messages in the same order, in as few as fit: each is a `batch_update`, or a message that found no other to
    /// go with.
    package static func joined(_ messages: [EncodedMessage], at now: Timestamp) -> [EncodedMessage] {
        var joined: [EncodedMessage] = []
        var parts: [BatchPart] = []
        var bytes = BatchPart.batchBytes
        for part in messages.map(BatchPart.init) {
            if bytes + part.bytes > batchBytesMax {
                joined += batch(of: parts, at: now)
                parts = []
                bytes = BatchPart.batchBytes
            }
            parts.append(part)
            bytes += part.bytes
        }
        return joined + batch(of: parts, at: now)
    }

    /// None, the one, or all of them as one.
    private static func batch(of parts: [BatchPart], at now: Timestamp) -> [EncodedMessage] {
        guard parts.count > 1 else { return parts.map(\.message) }
        let batch = EncodedMessage(.batchUpdate, at: now, position: parts.last?.message.offset) { json in
            json.integer("batch_size", parts.count)
            json.key("patterns_detected")
            json.array(parts.compactMap { $0.data(of: .patternDetected) }) { $0.value($1) }
            json.key("signals_generated")
            json.array(parts.compactMap { $0.data(of: .signalNew) }) { $0.value($1) }
            json.key("events")
            json.array(parts) { $0.encoded($1.object) }
        }
        return [batch]
    }
}

/// A message on its way into a `batch_update`.
private struct BatchPart {
    /// What a `batch_update` has besides its parts, its number and its time included.
    static let batchBytes = 256

    let message: EncodedMessage
    let object: [UInt8]
    private let data: JSONValue?

    init(_ message: EncodedMessage) {
        self.message = message
        object = message.object
        let isListed = message.type == .patternDetected || message.type == .signalNew
        data = isListed ? (try? JSONParser.parse(object))?["data"] : nil
    }

    /// Those that the documented arrays repeat count twice.
    var bytes: Int { (data == nil ? 1 : 2) * (object.count + 1) }

    func data(of type: MessageType) -> JSONValue? { message.type == type ? data : nil }
}
