package import Domain
package import Foundation

/// What a source sends in: something for the engine to decide about, or a price, which is no history (GAP-08).
package enum SourceMessage: Hashable, Sendable {
    case command(Command)
    case price(Price)

    package static let messagesMax = 1000
    package static let messageBytesMax = 65_536

    /// What a message does not say itself.
    package struct Context: Sendable {
        /// When the request arrived.
        package let now: Timestamp
        /// Who a signal is from when it does not say so; valid as a source.
        package let source: String
        /// Under whose name it came; `nil` without one.
        package let proposedBy: UserName?
        /// Names what came without an id.
        package let makeID: @Sendable () -> UUID

        package init(
            now: Timestamp,
            source: String,
            proposedBy: UserName? = nil,
            makeID: @escaping @Sendable () -> UUID
        ) {
            self.now = now
            self.source = source
            self.proposedBy = proposedBy
            self.makeID = makeID
        }

        var freshText: String { makeID().hyphenated() }
    }

    /// The id of what the message brings, for the answer to the source.
    package var id: String? {
        switch self {
        case .command(.receive(let id, _)), .command(.reportExecuted(let id, _)), .command(.reportFailed(let id, _)),
            .command(.withdraw(let id, _)), .command(.amend(let id, _, _)):
            id.description
        case .command(.observe(.pattern(let pattern))): pattern.id
        case .command(.observe(.alert(let alert))): alert.id
        case .command(.observe(.notice(let notice))): notice.id
        default: nil
        }
    }
}

extension SourceMessage {
    /// The body of `POST /api/v1/signals`: one signal, in any documented shape.
    package static func parseSignal(
        _ bytes: some Sequence<UInt8>,
        _ context: Context
    ) throws(InvalidRequest) -> SourceMessage {
        try one(bytes) { message in
            guard let type = message.optional("type", as: Read.text) else { return message.signal(context) }
            // Document 4 calls a machine-validated signal approved; here it waits for people like every other (C21).
            guard MessageType(spoken: type) == .signalNew || type == MessageType.signalApproved.rawValue else {
                message.fault("type", "must be a signal:new here; other messages go to /api/v1/events")
                return nil
            }
            return message.signal(context)
        }
    }

    /// The body of `POST /api/v1/events`: one message, a list of them, or one per line. All or nothing.
    package static func parseEvents(
        _ bytes: some Sequence<UInt8>,
        _ context: Context
    ) throws(InvalidRequest) -> [SourceMessage] {
        let documents: JSONDocuments
        do throws(JSONFault) { documents = try JSONDocuments.parse(bytes) } catch { throw InvalidRequest(error) }
        guard (1...messagesMax).contains(documents.elements.count) else {
            let found = documents.elements.count
            throw InvalidRequest(faults: [.init("", "must hold 1 to \(messagesMax) messages, not \(found)")])
        }
        let faults = FaultList()
        var messages: [SourceMessage] = []
        for (index, element) in documents.elements.enumerated() {
            let pointer = documents.isList ? "/\(index)" : ""
            guard element.byteCount <= messageBytesMax else {
                faults.add(pointer, "must be at most \(messageBytesMax) bytes, not \(element.byteCount)")
                continue
            }
            guard case .object(let object) = element.value else {
                faults.add(pointer, "must be an object, not \(element.value.kind)")
                continue
            }
            let fields = Fields(object: object, pointer: pointer, faults: faults)
            let faultsBefore = faults.count
            if let message = fields.sourceMessage(context) {
                messages.append(message)
            } else if faults.count == faultsBefore {
                faults.add(pointer, "is not a message this desk can use")
            }
        }
        try faults.throwIfAny()
        return messages
    }

    private static func one<Value>(
        _ bytes: some Sequence<UInt8>,
        _ read: (Fields) -> Value?
    ) throws(InvalidRequest) -> Value {
        try RequestBody.parse(bytes, example: #"{"symbol":"AAPL","side":"BUY"}"#, read)
    }
}

extension Fields {
    /// The one table of what a source may say.
    fileprivate func sourceMessage(_ context: SourceMessage.Context) -> SourceMessage? {
        guard let text = required("type", as: Read.text) else { return nil }
        guard let type = MessageType(spoken: text) else {
            fault("type", "is not a message of this desk")
            return nil
        }
        switch type {
        case .signalNew: return signal(context)
        case .signalExecuted: return executed(context)
        case .signalFailed: return failed(context)
        case .signalWithdrawn: return withdrawn(context)
        case .signalAmended: return amended(context)
        case .priceUpdate: return price(context)
        case .patternDetected: return observed(pattern(context).map(Observation.pattern))
        case .portfolioUpdated: return observed(portfolio(context).map(Observation.portfolio))
        case .campaignUpdated: return observed(campaign().map(Observation.campaign))
        case .sessionStatus: return observed(session().map(Observation.session))
        case .algorithmDecision: return observed(algorithmDecision().map(Observation.algorithm))
        case .alertTriggered: return observed(alert(context).map(Observation.alert))
        case .notification: return observed(notice(context).map(Observation.notice))
        case .riskAlert: return observed(riskAlert().map(Observation.risk))
        case .approvalNotification, .signalApproved, .signalReleased, .signalRejected, .signalUndone, .signalExtended,
            .signalSignedOff, .deskStopped, .deskResumeSignedOff, .deskResumed:
            fault("type", "is said by the desk alone: only people decide. A source sends signal:new")
        case .signalExpired: fault("type", "is said by the desk alone: expires_at in signal:new decides it")
        case .connected, .subscriptionConfirmed, .resumed, .pong, .error, .batchUpdate, .receiptsUpdated,
            .presenceUpdated, .deskAcknowledged, .signalPostponed, .signalMeasured:
            fault("type", "is said by the desk alone")
        }
        return nil
    }

    private func observed(_ observation: Observation?) -> SourceMessage? {
        observation.map { .command(.observe($0)) }
    }

    /// The members under `data` or, in a flat message, those beside `type`; `nil` when `data` is no object.
    var payload: Fields? { has("data") ? nested("data") : self }
}
