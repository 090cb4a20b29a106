import Domain
import Testing

@testable import Wire

/// Several messages as one (MSG-09, GAP-16).
struct JoinedMessageTests {
    private let now = time("2026-01-23T10:30:01Z")

    private func notices(_ range: Range<Int64>, text: String = "m") -> [EncodedMessage] {
        range.map { offset in
            let notice = Notice(id: "n\(offset)", message: text, kind: .info)
            return EncodedMessage(
                recorded: RecordedEvent(
                    offset: Offset(offset),
                    recordedAt: Example.now,
                    event: .observed(.notice(notice))
                )
            )
        }
    }

    private func signal(_ offset: Int64, reasoning: String? = nil) -> EncodedMessage {
        var proposal = Example.proposal
        if let reasoning { proposal.reasoning = reasoning }
        let signal = Signal(id: Example.id, proposal: proposal, receivedAt: Example.now)
        return EncodedMessage(
            recorded: RecordedEvent(offset: Offset(offset), recordedAt: Example.now, event: .signalReceived(signal))
        )
    }

    /// The messages that a client finds, in their order.
    private func unpacked(_ messages: [EncodedMessage]) throws -> [JSONValue] {
        try messages.flatMap { message in
            let value = try parsed(message.object)
            guard message.type == .batchUpdate else { return [value] }
            guard case .array(let events) = value["events"] else { throw Mismatch("has no events") }
            #expect(value["batch_size"] == .number(String(events.count)))
            return events
        }
    }

    @Test func `each message is in there as it would have come, and the arrays say theirs again`() throws {
        let pattern = try #require(GoldenMessages.all["pattern_detected"])
        let messages = [signal(1), pattern, signal(3)] + notices(4..<7)
        let joined = EncodedMessage.joined(messages, at: now)
        #expect(joined.map(\.type) == [.batchUpdate])
        #expect(try unpacked(joined) == messages.map { try parsed($0.object) })
        let batch = try parsed(joined[0].frame(9))
        #expect(batch["sequence_number"] == 9 && batch["timestamp"] == "2026-01-23T10:30:01.000Z")
        #expect(batch["offset"] == nil, "it is not itself in the log")
        let data = try [pattern, signal(1), signal(3)].map { try #require(parsed($0.object)["data"]) }
        #expect(batch["patterns_detected"] == .array([data[0]]))
        #expect(batch["signals_generated"] == .array([data[1], data[2]]))
        #expect(joined[0].position == Offset(6), "who has it has come to its last event")
        #expect(joined[0].deliveryClass == .state)
    }

    @Test func `one alone stays as it is, and none is none`() {
        #expect(EncodedMessage.joined([signal(1)], at: now) == [signal(1)])
        #expect(EncodedMessage.joined([], at: now).isEmpty)
    }

    @Test func `ENV-09: no batch reaches 10 KB, and none is smaller than it must be`() throws {
        let messages = (1...30).map { signal($0) } + notices(31..<65) + (65...70).map { signal($0) }
        let joined = EncodedMessage.joined(messages, at: now)
        #expect(try unpacked(joined) == messages.map { try parsed($0.object) })
        #expect(joined.allSatisfy { $0.frame(99_999_999).count < EncodedMessage.batchBytesMax })
        // A signal in a batch takes about 2 KB, so less room than this never stays.
        #expect(joined.dropLast().allSatisfy { $0.frame(1).count > EncodedMessage.batchBytesMax - 2_500 })
        #expect(joined.last?.position == Offset(70))
    }

    @Test func `what is too large to share a message goes alone, in its place`() throws {
        let large = signal(2, reasoning: String(repeating: "r", count: 3_900))
        let messages = [signal(1), large, signal(3), signal(4)]
        let joined = EncodedMessage.joined(messages, at: now)
        #expect(joined.map(\.type) == [.signalNew, .signalNew, .batchUpdate])
        #expect(try unpacked(joined) == messages.map { try parsed($0.object) })
    }

    @Test func `in a dialect its own words are joined`() throws {
        let messages = [signal(1), signal(2)].map { $0.said(in: .agents) }
        let batch = try parsed(try #require(EncodedMessage.joined(messages, at: now).first).object)
        guard case .array(let signals) = batch["signals_generated"], case .array(let events) = batch["events"] else {
            Issue.record("no batch")
            return
        }
        #expect(signals.map { $0["action"] } == ["buy", "buy"])
        #expect(events.map { $0["type"] } == ["trading_signal", "trading_signal"])
    }
}
