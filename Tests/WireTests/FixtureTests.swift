import Domain
import Foundation
import Testing

@testable import Wire

/// Every message is what the golden file of its type says (`Tests/Fixtures/wire`), which the browser reads too.
struct FixtureTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/wire")

    private static func fixture(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: folder.appending(path: name + ".json")))
    }

    @Test(arguments: [
        "alert_triggered", "algorithm_decision", "approval_notification", "batch_update", "campaign-updated",
        "connected", "desk-acknowledged", "desk-resume_signed_off", "desk-resumed", "desk-stopped", "error",
        "notification", "pattern_detected", "pong", "portfolio-updated", "price_update",
        "presence-updated", "receipts-updated", "resumed",
        "resumed-not-recovered", "risk_alert", "session_status", "signal-amended", "signal-executed", "signal-expired",
        "signal-extended", "signal-failed", "signal-measured", "signal-new", "signal-postponed", "signal-rejected",
        "signal-released",
        "signal-signed_off", "signal-undone", "signal-withdrawn", "signal_approved", "subscription_confirmed",
    ])
    func `a message is encoded as its golden file says`(name: String) throws {
        let golden = try JSONParser.parse(try Self.fixture(name))
        guard case .number(let text) = golden["sequence_number"], let number = Int(text) else {
            Issue.record("no sequence number")
            return
        }
        let frame = try JSONParser.parse(try #require(GoldenMessages.all[name]).frame(number))
        #expect(isSame(frame, golden), "\(String(decoding: GoldenMessages.all[name]!.frame(number), as: UTF8.self))")
        guard case .object(let object) = frame else {
            Issue.record("something else")
            return
        }
        #expect(object.members.map(\.key).prefix(3) == ["sequence_number", "type", "timestamp"])
    }

    @Test func `every golden file is read by a test`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
            .filter { $0.hasSuffix(".json") && !$0.hasPrefix("client-") }.map { String($0.dropLast(5)) }
        #expect(Set(names).subtracting(GoldenMessages.all.keys).isEmpty)
    }

    @Test(arguments: [
        ("client-ping", ClientMessage.ping),
        ("client-ack", .acknowledge(Offset(4712))),
        ("client-looking", .looking(SignalID("550e8400-e29b-41d4-a716-446655440000"))),
        ("client-subscribe", .subscribe([.prices], symbols: [Symbol("AAPL")!, Symbol("MSFT")!])),
        (
            "client-subscribe-channels",
            .subscribe([.user(UserName("alice")!), .sessionsOf(UserName("alice")!)], symbols: nil)
        ),
        ("client-subscribe_symbol", .subscribeSymbol(Symbol("AAPL")!)),
        ("client-unsubscribe_symbol", .unsubscribeSymbol(Symbol("AAPL")!)),
        ("client-unsubscribe", .unsubscribe([.prices])),
    ])
    func `a client message is understood as its golden file says`(name: String, expected: ClientMessage) throws {
        #expect(try ClientMessage.parse(try Self.fixture(name)) == expected)
    }

    /// The same JSON value: members in any order, numbers by their value.
    private func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        switch (one, other) {
        case (.object(let one), .object(let other)):
            one.members.count == other.members.count
                && one.members.allSatisfy { member in other[member.key].map { isSame(member.value, $0) } ?? false }
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { isSame($0, $1) }
        case (.number(let one), .number(let other)): Quantity(one) == Quantity(other)
        default: one == other
        }
    }
}
