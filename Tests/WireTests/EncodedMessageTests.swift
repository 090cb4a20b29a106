import Domain
import Testing

@testable import Wire

struct EncodedMessageTests {
    private func recorded(_ event: Event) -> EncodedMessage {
        EncodedMessage(recorded: RecordedEvent(offset: Offset(4711), recordedAt: Example.now, event: event))
    }

    @Test func `a frame is the head, the number and one shared tail`() throws {
        let message = recorded(.signalReceived(Example.signal))
        let frame = String(decoding: message.frame(7), as: UTF8.self)
        #expect(
            frame.hasPrefix(
                #"{"sequence_number":7,"type":"signal:new","timestamp":"2026-01-23T10:30:00.120Z","offset":4711,"data":{"#
            )
        )
        #expect(message.frame(7) == EncodedMessage.head + bytes("7") + message.tail)
        #expect(message.tail.starts(with: bytes(#","type":"signal:new""#)))
    }

    @Test func `the object for REST is the frame without its number`() throws {
        let message = recorded(.signalReceived(Example.signal))
        guard case .object(let frame) = try parsed(message.frame(7)),
            case .object(let object) = try parsed(message.object)
        else {
            Issue.record("not objects")
            return
        }
        #expect(Array(frame.members.dropFirst()) == object.members)
    }

    @Test func `the golden case is written with its grade and its multiple`() throws {
        let signal = try parsed(Example.signal.encoded)
        #expect(signal["confidence_grade"] == "A+")
        #expect(signal["r_multiple"] == "3.33")
        #expect(signal["confidence_score"] == .number("92.5"))
        #expect(signal["stop_loss"] == "149.50")
        #expect(signal["combined_trust"] == .number("0.70"))
    }

    @Test func `a signal that says nothing still has every key`() throws {
        let bare = Signal(
            id: Example.id,
            proposal: Proposal(symbol: Symbol("X")!, source: "s"),
            receivedAt: Example.now
        )
        guard case .object(let one) = try parsed(bare.encoded),
            case .object(let other) = try parsed(Example.signal.encoded)
        else {
            Issue.record("not objects")
            return
        }
        #expect(one.members.map(\.key) == other.members.map(\.key))
    }

    @Test func `an approval without a note says null`() throws {
        let decision = Decision(
            id: DecisionID("d"),
            outcome: .approved(as: .hold),
            decidedBy: UserName("bob")!,
            decidedAt: Example.now,
            note: nil
        )
        let signal = Example.signal(.approved(.hold), version: 2, at: "2026-01-23T10:30:00Z", decision: decision)
        let data = try parsed(recorded(.signalApproved(signal)).object)["data"]
        #expect(data?["note"] == .null)
        #expect(data?["approved_status"] == "HOLD")
        #expect(data?["status"] == "APPROVED_HOLD")
    }

    @Test(arguments: [
        (RiskAlert.Level.warning, DeliveryClass.state), (.critical, .critical), (.emergency, .critical),
    ])
    func `the level of a risk alert decides its class`(level: RiskAlert.Level, expected: DeliveryClass) {
        let alert = RiskAlert(
            sessionID: nil,
            level: level,
            cause: .volatility,
            message: "m",
            currentValue: decimal("1"),
            threshold: decimal("2")
        )
        #expect(recorded(.observed(.risk(alert))).deliveryClass == expected)
    }

    @Test func `every type has a class, and a channel unless it is about the connection or the whole desk`() {
        let ofTheDesk: Set<MessageType> = [.deskStopped, .deskResumeSignedOff, .deskResumed, .deskAcknowledged]
        for type in MessageType.allCases where type != .batchUpdate {
            let isForAll = type.deliveryClass == .control || ofTheDesk.contains(type)
            #expect((type.channel == nil) == isForAll, "\(type)")
        }
        #expect(MessageType.approvalNotification.deliveryClass == .critical)
        #expect(MessageType.priceUpdate.deliveryClass == .stream)
        #expect(MessageType.signalNew.deliveryClass == .state)
        #expect(MessageType(spoken: "new_signal") == .signalNew)
        #expect(MessageType(spoken: "trading_signal") == .signalNew)
    }

    @Test func `a pattern's address survives any id`() throws {
        var pattern = GoldenMessages.pattern
        pattern.id = "a/b?c é"
        let message = try parsed(recorded(.observed(.pattern(pattern))).object)
        #expect(message["full_details_url"] == "/api/v1/patterns/a%2Fb%3Fc%20%C3%A9")
    }

    /// ENV-09. Everything as long as ingestion and the decision requests let it be.
    @Test func `the largest message about a signal stays below 10 KB`() throws {
        let digits = String(repeating: "9", count: 20) + "." + String(repeating: "9", count: 12)
        let plan = [
            "entry_price", "quantity", "risk_amount", "risk_percentage", "unslug_score", "fear_score", "combined_trust",
        ]
        .map { "\"\($0)\":\"\(digits)\"" }.joined(separator: ",")
        func body(reasoning: Int) -> [UInt8] {
            bytes(
                #"{"symbol":"\#(String(repeating: "W", count: 32))","source":"\#(String(repeating: "é", count: 64))",\#(plan),"#
                    + #""reasoning":"\#(String(repeating: "€", count: reasoning))"}"#
            )
        }
        #expect(throws: InvalidRequest.self) { try SourceMessage.parseSignal(body(reasoning: 4000), Example.context) }
        let longest = (1...1600).last { (try? SourceMessage.parseSignal(body(reasoning: $0), Example.context)) != nil }
        guard
            case .command(.receive(let id, let proposal)) = try SourceMessage.parseSignal(
                body(reasoning: try #require(longest)),
                Example.context
            )
        else {
            Issue.record("something else")
            return
        }
        var signal = Signal(id: id, proposal: proposal, receivedAt: Example.now)
        #expect(signal.encoded.count > 4800)
        let text = String(repeating: "€", count: 500)
        let longName = UserName(String(repeating: "👨‍👩", count: 23))!
        let request = try RejectRequest.parse(bytes(#"{"reason":"\#(text)","note":"\#(text)"}"#))
        signal.status = .rejected
        signal.decision = Decision(
            id: DecisionID(String(repeating: "k", count: 128)),
            outcome: .rejected(reason: request.reason),
            decidedBy: longName,
            decidedAt: Example.now,
            note: request.note
        )
        signal.undone = Undoing(
            id: DecisionID(String(repeating: "u", count: 128)),
            undoneBy: longName,
            undoneAt: Example.now,
            approvedAs: .neutral,
            approvedBy: longName,
            approvedAt: Example.now
        )
        signal.extended = ExpiryExtension(extendedBy: longName, extendedAt: Example.now, times: 3, minutes: 30)
        #expect(recorded(.signalRejected(signal)).frame(UInt64.max).count < 10_000)

        // Under a policy: four have signed off before, each with a note.
        signal.signOffs = (0..<5).map { number in
            SignOff(
                id: DecisionID(String(repeating: "s", count: 128)),
                user: longName,
                role: .trader,
                side: .neutral,
                at: Example.now,
                note: "\(number)" + text.dropFirst(),
                needed: 5,
                version: number + 2,
                policy: Policy.Stamp(version: "v", hash: "h")
            )
        }
        let rejected = try parsed(recorded(.signalRejected(signal)).object)
        #expect(recorded(.signalRejected(signal)).frame(UInt64.max).count < 10_000)
        #expect(rejected["data"]?["decision"]?["reason"] != nil)
        let approved = recorded(.signalApproved(signal))
        #expect(approved.frame(UInt64.max).count < 10_000)
        #expect(try parsed(approved.object)["data"]?["sign_offs"]?.elements.count == 5)

        signal.status = .pendingReview
        signal.decision = nil
        signal.signOffs?.removeLast()
        let waiting = recorded(.signalSignedOff(signal))
        #expect(waiting.frame(UInt64.max).count < 10_000)
        let signOffs = try parsed(waiting.object)["data"]?["sign_offs"]
        #expect(signOffs?.elements.count == 4, "those of a signal that waits are all there")
        signal.proposal.reasoning = nil
        let roomy = try parsed(recorded(.signalSignedOff(signal)).object)["data"]?["sign_offs"]
        // Where not all fit, the newest is read first.
        #expect(roomy?.elements.last?["note"] != .null)
    }
}

extension JSONValue {
    fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
