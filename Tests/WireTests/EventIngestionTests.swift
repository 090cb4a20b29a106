import Domain
import Foundation
import Testing

@testable import Wire

struct EventIngestionTests {
    private func parse(_ body: String) throws(InvalidRequest) -> [SourceMessage] {
        try SourceMessage.parseEvents(bytes(body), Example.context)
    }

    private func invalid(_ body: String) -> InvalidRequest? {
        do throws(InvalidRequest) {
            _ = try parse(body)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        "alert_triggered", "algorithm_decision", "campaign-updated", "notification", "pattern_detected",
        "portfolio-updated", "risk_alert", "session_status",
    ])
    func `an observation that went out comes in again`(name: String) throws {
        let message = try #require(GoldenMessages.all[name])
        guard
            case .command(.observe(let observation)) = try SourceMessage.parseEvents(message.object, Example.context)
                .first
        else {
            Issue.record("not an observation")
            return
        }
        let again = EncodedMessage(
            recorded: RecordedEvent(
                offset: try #require(message.offset),
                recordedAt: try moment(message),
                event: .observed(observation)
            )
        )
        #expect(String(decoding: again.tail, as: UTF8.self) == String(decoding: message.tail, as: UTF8.self))
    }

    private func moment(_ message: EncodedMessage) throws -> Timestamp {
        guard case .string(let text) = try parsed(message.object)["timestamp"] else { return Example.now }
        return time(text)
    }

    @Test func `a price goes past the log, with its symbol at the top or under data`() throws {
        let golden = try #require(GoldenMessages.all["price_update"])
        #expect(try SourceMessage.parseEvents(golden.object, Example.context) == [.price(GoldenMessages.price)])
        let flat = #"{"type":"price_update","symbol":"A","price":1,"change":-0.5,"change_pct":-33.3,"volume":0}"#
        let nested =
            #"{"type":"price_update","data":{"symbol":"A","price":"1","change":"-0.50","change_pct":"-33.3","volume":0}}"#
        #expect(try parse(flat) == parse(nested))
    }

    @Test func `the numbers of document 1 are read digit by digit`() throws {
        let messages = try parse(
            #"""
            {"type":"session_status","sessionId":"s","status":"emergency_stopped","timestamp":"2026-01-06T12:00:00Z",
             "data":{"currentPnL":-1250.10,"totalTrades":12,"lossLimitUtilization":99.99,"timeElapsed":3600,"performanceScore":71.5}}
            """#
        )
        guard case .command(.observe(.session(let status))) = messages.first else {
            Issue.record("something else")
            return
        }
        #expect(status.currentPnL.text == "-1250.10")
        #expect(status.state == .emergencyStopped)
    }

    @Test func `an execution is reported by id`() throws {
        let id = Example.id.description
        for body in [
            #"{"type":"signal:executed","data":{"id":"\#(id)"}}"#, #"{"type":"signal:executed","signal_id":"\#(id)"}"#,
        ] {
            #expect(try parse(body) == [.command(.reportExecuted(Example.id, Command.Report(by: "webhook")))])
        }
    }

    @Test func `a failure and a withdrawal are reported by id, with who says so`() throws {
        let id = Example.id.description
        let failed = Command.Report(by: "bridge", reason: "halted", orderID: "A-1")
        let body =
            #"{"type":"signal:failed","data":{"id":"\#(id)","source":"bridge","reason":"halted","order_id":"A-1"}}"#
        #expect(try parse(body) == [.command(.reportFailed(Example.id, failed))])
        let withdrawn = Command.Report(by: "webhook", reason: "the level broke")
        #expect(
            try parse(#"{"type":"signal:withdrawn","id":"\#(id)","reason":"the level broke"}"#)
                == [.command(.withdraw(Example.id, withdrawn))]
        )
        #expect(
            invalid(#"{"type":"signal:failed","data":{"id":"\#(id)"}}"#)?.faults.map(\.pointer) == ["/data/reason"]
        )
    }

    @Test func `one message, a list and lines say the same`() throws {
        let one = #"{"type":"signal:executed","data":{"id":"550e8400-e29b-41d4-a716-446655440000"}}"#
        let two = #"{"type":"new_signal","data":{"symbol":"MSFT"}}"#
        let expected = try parse("[\(one),\(two)]")
        #expect(expected.count == 2)
        #expect(try parse("\(one)\n\(two)") == expected)
        #expect(try parse("\n\(one)\r\n\n\(two)\n\n") == expected)
        #expect(try parse(" \(one) ") == Array(expected.prefix(1)))
    }

    @Test(arguments: [
        ("approval_notification", "only people decide"), ("signal_approved", "only people decide"),
        ("signal:rejected", "only people decide"), ("signal:undone", "only people decide"),
        ("signal:extended", "only people decide"),
        ("signal:expired", "expires_at"),
        ("connected", "the desk alone"), ("pong", "the desk alone"),
        ("batch_update", "the desk alone"), ("nonsense", "not a message of this desk"),
    ])
    func `what a source may not say is refused with the reason`(type: String, reason: String) {
        let invalid = invalid(#"{"type":"\#(type)","data":{"symbol":"AAPL"}}"#)
        #expect(invalid?.faults.map(\.pointer) == ["/type"])
        #expect(invalid?.faults.first?.detail.contains(reason) == true)
    }

    @Test func `faults of several messages are told together and nothing is taken`() {
        let body = #"""
            {"type":"new_signal","data":{"symbol":"AAPL"}}
            {"type":"new_signal","data":{"symbol":"AAPL","entry_price":true}}
            7
            {"data":{}}
            {"type":"notification","data":{"message":"m","type":"loud"}}
            {"type":"risk_alert","alertLevel":"critical"}
            """#
        #expect(
            invalid(body)?.faults.map(\.pointer) == [
                "/1/data/entry_price", "/2", "/3/type", "/4/data/type", "/5/alertType", "/5/message", "/5/currentValue",
                "/5/threshold",
            ]
        )
    }

    @Test func `twenty faults are told and the rest is counted`() {
        let invalid = invalid("[\(Array(repeating: "1", count: 50).joined(separator: ","))]")
        #expect(invalid?.faults.count == 20)
        #expect(invalid?.faultsLeftOut == 30)
    }

    @Test func `a fault of syntax names its line`() {
        let invalid = invalid("{\"type\":\"ping\"}\n{\"type\":}")
        #expect(invalid?.isMalformed == true)
        #expect(invalid?.faults.first?.detail.hasPrefix("Line 2, column 9:") == true)
        #expect(self.invalid(#"{"type":"a"} {"type":"b"}"#)?.isMalformed == true)
        #expect(self.invalid("[1] 2")?.isMalformed == true)
        #expect(self.invalid("")?.isMalformed == true)
    }

    @Test func `a request holds 1 to 1000 messages of at most 64 KiB`() throws {
        let message = #"{"type":"new_signal","data":{"symbol":"A"}}"#
        func list(_ count: Int) -> String { "[\(Array(repeating: message, count: count).joined(separator: ","))]" }
        #expect(try parse(list(1000)).count == 1000)
        #expect(invalid(list(1001)) != nil)
        #expect(invalid("[]")?.faults.first?.detail == "must hold 1 to 1000 messages, not 0")
        let padding = String(repeating: " ", count: 65_536)
        #expect(invalid("[\(message),{\(padding)}]")?.faults.first?.pointer == "/1")
    }

    @Test(arguments: [
        (#""volume":1.5"#, "/data/volume"), (#""volume":"1""#, "/data/volume"), (#""volume":-1"#, "/data/volume"),
        (#""volume":9007199254740992"#, "/data/volume"), (#""volume":1,"price":0"#, "/data/price"),
    ])
    func `counts are integers that every reader keeps`(member: String, pointer: String) {
        let price = member.contains("\"price\"") ? "" : #""price":1,"#
        let body = #"{"type":"price_update","symbol":"A","data":{\#(price)"change":0,"change_pct":0,\#(member)}}"#
        #expect(invalid(body)?.faults.map(\.pointer) == [pointer])
    }
}
