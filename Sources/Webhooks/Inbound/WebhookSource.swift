import Domain
package import Foundation
package import Wire

/// A program that sends signals by webhook, as the settings describe it.
package struct WebhookSource: Sendable {
    /// What its bodies are.
    package enum Format: Sendable {
        /// What `POST /api/v1/events` takes.
        case messages
        /// What `POST /api/v1/signals` takes.
        case signal
        /// Its own JSON.
        case mapped(SignalMapping)
    }

    package let name: String
    let verification: Verification
    let format: Format
    /// What makes a request the same when it comes again; empty for what the verification says.
    let keyPointers: [JSONPointer]
    /// Where no signature says it. Without it, what somebody has overheard could be sent again when its key is forgotten.
    let sentAt: SignalMapping.SentAt?
    package let requestsPerMinuteMax: Int

    package static let bodyBytesMax = 65_536
    package static let requestsPerMinuteDefault = 120

    /// Whether the request is the source's own.
    ///
    /// - Returns: what makes it the same when it comes again.
    package func verify(_ request: Verification.Request) throws(Verification.Fault) -> String {
        try verification.verify(request)
    }

    /// The key of a request that was verified; 1 to 128 characters.
    package func key(of request: Verification.Request, verified: String) throws(InvalidRequest) -> String {
        guard !keyPointers.isEmpty else { return verified }
        let document = try Self.document(request.body)
        var text = ""
        var faults: [InvalidRequest.Fault] = []
        for pointer in keyPointers {
            switch pointer.value(in: document) {
            case .string(let part), .number(let part): text += "\(part.utf8.count):\(part)"
            default:
                faults.append(
                    InvalidRequest.Fault(pointer.description, "must be a text or a number: it names the request")
                )
            }
        }
        guard faults.isEmpty else { throw InvalidRequest(faults: faults) }
        return Verification.digest(text.utf8)
    }

    /// What the request says; nothing but what a source may say.
    ///
    /// - Parameter isRepeated: it was taken before, so its times were good then.
    package func messages(
        in request: Verification.Request,
        isRepeated: Bool = false,
        makeID: @escaping @Sendable () -> UUID
    ) throws(InvalidRequest) -> [SourceMessage] {
        let now = isRepeated ? Timestamp(milliseconds: 0) : request.arrivedAt
        let context = SourceMessage.Context(now: now, source: name, makeID: makeID)
        if let sentAt, !isRepeated { try Self.checkFresh(Self.document(request.body), sentAt, at: now) }
        let messages: [SourceMessage]
        switch format {
        case .messages: messages = try SourceMessage.parseEvents(request.body, context)
        case .signal: messages = [try SourceMessage.parseSignal(request.body, context)]
        case .mapped(let mapping):
            messages = [try mapping.signal(in: try Self.document(request.body), context)]
        }
        try checkSources(messages)
        return messages
    }

    /// Nobody speaks for another source.
    private func checkSources(_ messages: [SourceMessage]) throws(InvalidRequest) {
        let faults = messages.enumerated().compactMap { index, message -> InvalidRequest.Fault? in
            guard let source = message.speaker, source != name else { return nil }
            let pointer = messages.count == 1 ? "/source" : "/\(index)/source"
            return InvalidRequest.Fault(pointer, "must be \(name) or absent: a webhook speaks for itself alone")
        }
        guard faults.isEmpty else { throw InvalidRequest(faults: Array(faults.prefix(InvalidRequest.faultsMax))) }
    }

    private static func checkFresh(
        _ document: JSONValue,
        _ sentAt: SignalMapping.SentAt,
        at now: Timestamp
    ) throws(InvalidRequest) {
        let pointer = sentAt.pointer
        guard let value = pointer.value(in: document), let time = sentAt.time.time(value) else {
            let detail = "must be when it was sent, a time \(sentAt.time.words)"
            throw InvalidRequest(faults: [.init(pointer.description, detail)])
        }
        guard abs(now.milliseconds - time.milliseconds) <= Verification.toleranceMs else {
            let minutes = Verification.toleranceMs / 60_000
            let detail = "is more than \(minutes) minutes from the desk's clock, which says \(now)"
            throw InvalidRequest(faults: [.init(pointer.description, detail)])
        }
    }

    private static func document(_ bytes: [UInt8]) throws(InvalidRequest) -> JSONValue {
        do throws(JSONFault) { return try JSONParser.parse(bytes) } catch { throw InvalidRequest(error) }
    }
}
