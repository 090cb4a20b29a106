import Domain
import Foundation
import Testing

@testable import Wire

/// A client of document 2 or 3 finds in every message what its document shows (C1, MSG-16…MSG-24; the documents' own
/// examples are in `Tests/Fixtures/wire/dialects`), and all that the desk says besides.
struct DialectTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/wire/dialects")

    private static func example(_ name: String) throws -> JSONValue {
        try parsed(Array(Data(contentsOf: folder.appending(path: name + ".json"))))
    }

    /// The message that the desk says when a source has sent this, at the time of the document's example.
    private func message(
        of source: JSONValue,
        in dialect: Dialect?,
        change: (inout Proposal) -> Void = { _ in }
    ) throws -> JSONValue {
        var json = JSONWriter()
        json.value(source)
        let at = try moment(source["timestamp"])
        switch try #require(try SourceMessage.parseEvents(json.bytes, Example.context).first) {
        case .price(let price): return try parsed(EncodedMessage(price: price).said(in: dialect).frame(1))
        case .command(.observe(let observation)): return try said(.observed(observation), at: at, in: dialect)
        case .command(.receive(let id, var proposal)):
            change(&proposal)
            return try said(
                .signalReceived(Signal(id: id, proposal: proposal, receivedAt: at)),
                at: at,
                in: dialect
            )
        default: throw Mismatch("is nothing that the desk tells of")
        }
    }

    private func said(_ event: Event, at: Timestamp, in dialect: Dialect?) throws -> JSONValue {
        let recorded = RecordedEvent(offset: Offset(7), recordedAt: at, event: event)
        return try parsed(EncodedMessage(recorded: recorded).said(in: dialect).frame(1))
    }

    private func moment(_ value: JSONValue?) throws -> Timestamp {
        guard case .string(let text) = value else { return Example.now }
        return try #require(Timestamp(text))
    }

    @Test(arguments: [
        ("approvals-new_signal", Dialect.approvals), ("agents-price_update", .agents),
        ("agents-alert_triggered", .agents), ("agents-trading_signal", .agents), ("agents-notification", .agents),
    ])
    func `what a source sends as its document shows it goes out as its document shows it`(
        name: String,
        dialect: Dialect
    ) throws {
        let example = try Self.example(name)
        let message = try message(of: example, in: dialect)
        #expect(shows(message, example), "\(message)")
        #expect(message["sequence_number"] == 1)
        #expect(name == "agents-price_update" || message["offset"] == 7)
    }

    @Test(arguments: [
        ("approvals-approval_notification", Dialect.approvals, "approval_notification"),
        ("approvals-subscription_confirmed", .approvals, "subscription_confirmed"),
        ("approvals-pong", .approvals, "pong"), ("agents-pong", .agents, "pong"), ("agents-error", .agents, "error"),
    ])
    func `what the desk itself says is what the document shows`(
        name: String,
        dialect: Dialect,
        golden: String
    ) throws {
        let message = try parsed(try #require(GoldenMessages.all[golden]).said(in: dialect).frame(1))
        var example = try Self.example(name)
        // The golden pong is answered at the time of document 2's.
        if name == "agents-pong" { example = ["type": "pong", "timestamp": "2025-10-28T22:17:00Z"] }
        #expect(shows(message, example), "\(message)")
    }

    @Test func `every example of the documents is read by a test`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        #expect(names.count == 10)
    }

    @Test(arguments: Dialect.allCases)
    func `a signal in a dialect has all that the desk says of it, and the signal's id`(dialect: Dialect) throws {
        let own = try #require(GoldenMessages.all["signal-new"])
        let message = try parsed(own.said(in: dialect).frame(1))
        guard case .object(let signal) = try parsed(Example.signal.encoded) else { return }
        for member in signal.members { #expect(message["data"]?[member.key] == member.value, "\(member.key)") }
        #expect(message["data"]?["signal_id"] == .string(Example.id.description))
        #expect(message["offset"] == 4711)
        #expect(own.said(in: dialect).offset == own.offset && own.said(in: dialect).position == own.position)
        #expect(own.said(in: dialect).deliveryClass == own.deliveryClass)
    }

    @Test(arguments: Dialect.allCases)
    func `whatever a dialect does not name is said byte for byte as always`(dialect: Dialect) {
        for (name, message) in GoldenMessages.all where name != "signal-new" && name != "price_update" {
            #expect(message.said(in: dialect) == message, "\(name)")
        }
        #expect(GoldenMessages.all["price_update"]!.said(in: .approvals) == GoldenMessages.all["price_update"])
        #expect(GoldenMessages.all["signal-new"]!.said(in: nil) == GoldenMessages.all["signal-new"])
    }

    @Test(arguments: [
        ("0", "0.00"), ("100", "1.00"), ("92.5", "0.925"), ("7", "0.07"), ("0.000000000001", "0.00000000000001"),
    ])
    func `a confidence of 0 to 100 is one of 0 to 1, exactly`(score: String, confidence: String) throws {
        let message = try message(of: ["type": "new_signal", "symbol": "A"], in: .agents) {
            $0.confidenceScore = decimal(score)
        }
        #expect(message["data"]?["confidence"] == .number(confidence))
        #expect(message["data"]?["confidence_score"] == .number(score))
    }

    @Test(arguments: Side.allCases)
    func `an action is the side in small letters`(side: Side) throws {
        let message = try message(of: ["type": "new_signal", "symbol": "A"], in: .agents) { $0.side = side }
        #expect(message["data"]?["action"] == .string(side.rawValue.lowercased()))
        #expect(message["data"]?["side"] == .string(side.rawValue))
    }

    @Test func `what clients of the documents read unasked is there though the source did not say it`() throws {
        let silent: JSONValue = ["type": "signal:new", "symbol": "A", "timestamp": "2026-01-23T10:30:00.120Z"]
        let agents = try message(of: silent, in: .agents)
        #expect(agents["data"]?["action"] == "neutral" && agents["data"]?["side"] == .null)
        #expect(agents["data"]?["confidence"] == .null && agents["data"]?["reasoning"] == "")
        let approvals = try message(of: silent, in: .approvals) { $0.ts = nil }
        #expect(approvals["data"]?["ts"] == "2026-01-23T10:30:00.120Z")
        #expect(approvals["timestamp"] == approvals["data"]?["ts"])
        #expect(approvals["data"]?["recommendation"] == ["suggested": .null, "unslug": .null, "fear": .null])
        let engine: JSONValue = ["type": "signal:new", "symbol": "A", "side": "SELL", "fear_score": .number("0.650")]
        let derived = try message(of: engine, in: .approvals)["data"]?["recommendation"]
        #expect(derived == ["suggested": "SELL", "unslug": .null, "fear": .number("0.650")])
        let advised: JSONValue = ["type": "signal:new", "symbol": "A", "recommendation": ["suggested": "HOLD"]]
        #expect(try message(of: advised, in: .agents)["data"]?["action"] == "hold")
    }

    @Test func `prices keep their digits as numbers, and what is unknown stays so`() throws {
        let price: JSONValue = [
            "type": "price_update", "symbol": "A",
            "data": [
                "price": "007.50", "change": "-0.50", "change_pct": "12345678901234567890.123456789012", "volume": 1,
            ],
        ]
        let data = try message(of: price, in: .agents)["data"]
        #expect(data?["price"] == .number("7.50") && data?["change"] == .number("-0.50"))
        #expect(data?["change_pct"] == .number("12345678901234567890.123456789012"))
        #expect(data?["volume"] == 1 && data?["bid"] == .null)
    }

    @Test func `a trading_signal that went out comes in again as the same signal`() throws {
        let out = try #require(GoldenMessages.all["signal-new"]).said(in: .agents)
        #expect(
            try SourceMessage.parseSignal(out.object, Example.context)
                == .command(.receive(Example.id, Example.proposal))
        )
    }

    /// Whether all that `example` shows is in `message`: times by their moment, numbers by their value.
    private func shows(_ message: JSONValue?, _ example: JSONValue) -> Bool {
        switch (message, example) {
        case (.object(let message), .object(let example)):
            example.members.allSatisfy { shows(message[$0.key], $0.value) }
        case (.number(let one), .number(let other)): Quantity(one) == Quantity(other)
        case (.string(let one), .string(let other)):
            one == other || Timestamp(one) != nil && Timestamp(one) == Timestamp(other)
        default: message == example
        }
    }
}
