import Domain
import Testing

@testable import Wire

struct ClientMessageTests {
    @Test(arguments: [
        (#"{"type":"subscribe","channel":"signals"}"#, ClientMessage.subscribe([.signals], symbols: nil)),
        (#"{"type":"subscribe","channel":"prices"}"#, .subscribe([.prices], symbols: nil)),
        (#"{"type":"subscribe","channel":"prices","symbols":null}"#, .subscribe([.prices], symbols: nil)),
        (#"{"type":"subscribe","channel":"prices","symbols":[]}"#, .subscribe([.prices], symbols: [])),
        (
            #"{"type":"subscribe","channel":"prices","symbols":["aapl","AAPL"]}"#,
            .subscribe([.prices], symbols: [Symbol("AAPL")!])
        ),
        (
            #"{"type":"subscribe","channels":["alerts","alerts","city_state"]}"#,
            .subscribe([.alerts, .cityState], symbols: nil)
        ),
        (#"{"type":"unsubscribe","channels":["prices","sessions"]}"#, .unsubscribe([.prices, .sessions])),
        (#"{"type":"unsubscribe","channel":"user:bob"}"#, .unsubscribe([.user(UserName("bob")!)])),
        (#"{"type":"unsubscribe_symbol","symbol":"BTC/USD"}"#, .unsubscribeSymbol(Symbol("BTC/USD")!)),
        (#"{"type":"ping","extra":{"a":[1]}}"#, .ping),
        (#"{"type":"looking","signal_id":null}"#, .looking(nil)),
        (#"{"type":"subscribe","channel":"presence"}"#, .subscribe([.presence], symbols: nil)),
    ])
    func `every documented form is understood`(text: String, expected: ClientMessage) throws {
        #expect(try ClientMessage.parse(bytes(text)) == expected)
    }

    @Test(arguments: [
        ("", ClientErrorCode.malformedMessage), ("{", .malformedMessage), ("[]", .malformedMessage),
        ("{}", .malformedMessage),
        (#"{"type":1}"#, .malformedMessage), (#"{"type":"subscribe"}"#, .malformedMessage),
        (#"{"type":"subscribe","channel":1}"#, .malformedMessage),
        (#"{"type":"subscribe","channels":"alerts"}"#, .malformedMessage),
        (#"{"type":"subscribe","channels":[]}"#, .malformedMessage),
        (#"{"type":"subscribe","channels":[null]}"#, .malformedMessage),
        (#"{"type":"subscribe","channel":"alerts","symbols":["AAPL"]}"#, .malformedMessage),
        (#"{"type":"subscribe","channel":"prices","symbols":"AAPL"}"#, .malformedMessage),
        (#"{"type":"unsubscribe","channel":"prices","symbols":["AAPL"]}"#, .malformedMessage),
        (#"{"type":"subscribe_symbol"}"#, .malformedMessage),
        (#"{"type":"subscribe_symbol","symbol":"A B"}"#, .invalidSymbol),
        (#"{"type":"subscribe","channel":"prices","symbols":["AAPL",""]}"#, .invalidSymbol),
        (#"{"type":"looking"}"#, .malformedMessage), (#"{"type":"looking","signal_id":"AAPL"}"#, .malformedMessage),
        (#"{"type":"looking","signal_id":["550e8400-e29b-41d4-a716-446655440000"]}"#, .malformedMessage),
        (#"{"type":"shout"}"#, .unknownType), (#"{"type":"connected"}"#, .unknownType),
        (#"{"type":"subscribe","channel":"user:"}"#, .unknownChannel),
        (#"{"type":"subscribe","channel":"Signals"}"#, .unknownChannel),
        (#"{"type":"ping","type":"ping"}"#, .malformedMessage),
    ])
    func `what is not understood is answered with a code`(text: String, code: ClientErrorCode) {
        let fault = #expect(throws: ClientMessageFault.self) { try ClientMessage.parse(bytes(text)) }
        #expect(fault?.code == code)
    }

    @Test func `an unknown channel is said back, short and harmless`() {
        let plain = #expect(throws: ClientMessageFault.self) {
            try ClientMessage.parse(bytes(#"{"type":"subscribe","channel":"invalid_channel"}"#))
        }
        #expect(plain?.text == "Unknown channel: invalid_channel")
        let long = String(repeating: "x", count: 1000)
        let hostile = #expect(throws: ClientMessageFault.self) {
            try ClientMessage.parse(bytes(#"{"type":"subscribe","channel":"\u202e\#(long)"}"#))
        }
        #expect(hostile?.text == "Unknown channel: \u{FFFD}" + String(repeating: "x", count: 63))
    }

    @Test func `a list of symbols has an end`() {
        let list = (0...200).map { "\"S\($0)\"" }.joined(separator: ",")
        #expect(throws: ClientMessageFault.self) {
            try ClientMessage.parse(bytes(#"{"type":"subscribe","channel":"prices","symbols":[\#(list)]}"#))
        }
    }

    @Test(arguments: [
        "signals", "portfolio", "alerts", "notifications", "sessions", "prices", "presence", "user:é b", "sessions:a:b",
        "city_state",
    ])
    func `a channel is written as it is read`(text: String) {
        #expect(Channel(text)?.text == text)
    }
}
