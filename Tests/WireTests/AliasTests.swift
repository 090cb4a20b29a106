import Domain
import Foundation
import Testing

@testable import Wire

/// Every other word that a document has for something of ours, one test each (C1, C5): the table "Other names, on the way
/// in" of docs/Protocol.md, row by row.
struct AliasTests {
    struct Alias: CustomTestStringConvertible {
        /// As the table has it.
        let name: String
        let said: String
        let meant: String

        init(_ name: String, _ said: String, _ meant: String) {
            self.name = name
            self.said = said
            self.meant = meant
        }

        var testDescription: String { name }
    }

    /// In a signal, beside its symbol.
    static let signalMembers = [
        Alias("action", #""action":"SELL""#, #""side":"SELL""#),
        Alias("long", #""side":"long""#, #""side":"BUY""#),
        Alias("short", #""action":"SHORT""#, #""side":"SELL""#),
        Alias("buy", #""side":"buy""#, #""side":"BUY""#),
        Alias("confidence", #""confidence":92.5"#, #""confidence_score":92.5"#),
        Alias("confidence_scale: 1", #""confidence":0.925,"confidence_scale":1"#, #""confidence_score":92.5"#),
        Alias("entry", #""entry":150.25"#, #""entry_price":"150.25""#),
        Alias("stop", #""stop":"149.50""#, #""stop_loss":"149.50""#),
        Alias("target", #""target":"152.75""#, #""target_price":"152.75""#),
        Alias("risk_percent", #""risk_percent":1.5"#, #""risk_percentage":"1.5""#),
        Alias("campaign", #""campaign":"C-1""#, #""campaign_id":"C-1""#),
        Alias("note", #""note":"held""#, #""reasoning":"held""#),
        Alias("timestamp", #""timestamp":"2026-01-23T10:30:00Z""#, #""ts":"2026-01-23T10:30:00Z""#),
        Alias(
            "signal_id",
            #""signal_id":"550e8400-e29b-41d4-a716-446655440000""#,
            #""id":"550e8400-e29b-41d4-a716-446655440000""#
        ),
        Alias("spring", #""pattern_type":"spring""#, #""pattern_type":"SPRING""#),
        Alias("150.25", #""entry_price":150.25"#, #""entry_price":"150.25""#),
    ]

    @Test(arguments: signalMembers) func `a member of a signal`(_ alias: Alias) throws {
        let said = try SourceMessage.parseSignal(bytes(#"{"symbol":"AAPL",\#(alias.said)}"#), Example.context)
        let meant = try SourceMessage.parseSignal(bytes(#"{"symbol":"AAPL",\#(alias.meant)}"#), Example.context)
        #expect(said == meant)
        #expect(
            said != (try SourceMessage.parseSignal(bytes(#"{"symbol":"AAPL"}"#), Example.context)),
            "it says something"
        )
    }

    /// As bodies of `POST /api/v1/events`.
    static let messages = [
        Alias(
            "new_signal",
            #"{"type":"new_signal","data":{"symbol":"AAPL","side":"BUY"}}"#,
            #"{"type":"signal:new","data":{"symbol":"AAPL","side":"BUY"}}"#
        ),
        Alias(
            "trading_signal",
            #"{"type":"trading_signal","data":{"symbol":"AAPL","action":"buy","confidence":0.85}}"#,
            #"{"type":"signal:new","data":{"symbol":"AAPL","side":"BUY","confidence_score":85}}"#
        ),
        Alias(
            "without data",
            #"{"type":"signal:new","symbol":"AAPL","side":"BUY"}"#,
            #"{"type":"signal:new","data":{"symbol":"AAPL","side":"BUY"}}"#
        ),
        Alias(
            "timestamp beside data",
            #"{"type":"signal:new","data":{"symbol":"AAPL"},"timestamp":"2026-01-23T10:30:00Z"}"#,
            #"{"type":"signal:new","data":{"symbol":"AAPL","ts":"2026-01-23T10:30:00Z"}}"#
        ),
        Alias(
            "aapl",
            #"{"type":"signal:new","data":{"symbol":"aapl"}}"#,
            #"{"type":"signal:new","data":{"symbol":"AAPL"}}"#
        ),
        Alias(
            "symbol under data",
            #"{"type":"price_update","data":{"symbol":"A","price":1,"change":0,"change_pct":0,"volume":1}}"#,
            #"{"type":"price_update","symbol":"A","data":{"price":1,"change":0,"change_pct":0,"volume":1}}"#
        ),
        Alias(
            "session_id",
            #"{"type":"risk_alert","session_id":"s","alertLevel":"warning","alertType":"volatility","message":"m","currentValue":2,"threshold":1}"#,
            #"{"type":"risk_alert","sessionId":"s","alertLevel":"warning","alertType":"volatility","message":"m","currentValue":2,"threshold":1}"#
        ),
        Alias(
            "algorithm_id",
            #"{"type":"algorithm_decision","sessionId":"s","algorithm_id":"a","decision":"buy","reasoning":"r","confidence":85,"marketData":{"symbol":"A","price":1,"volume":1}}"#,
            #"{"type":"algorithm_decision","sessionId":"s","algorithmId":"a","decision":"buy","reasoning":"r","confidence":85,"marketData":{"symbol":"A","price":1,"volume":1}}"#
        ),
    ]

    @Test(arguments: messages) func `a message of a source`(_ alias: Alias) throws {
        let meant = try SourceMessage.parseEvents(bytes(alias.meant), Example.context)
        #expect(try SourceMessage.parseEvents(bytes(alias.said), Example.context) == meant)
    }

    /// As bodies of `POST /api/v1/signals`.
    static let shortForms = [
        Alias(
            "signal_approved",
            #"{"type":"signal_approved","symbol":"AAPL","stop_loss":"149.50"}"#,
            #"{"type":"signal:new","data":{"symbol":"AAPL","stop_loss":"149.50"}}"#
        ),
        Alias("without type", #"{"symbol":"AAPL"}"#, #"{"type":"signal:new","data":{"symbol":"AAPL"}}"#),
    ]

    @Test(arguments: shortForms) func `the short form for signals`(_ alias: Alias) throws {
        let meant = try SourceMessage.parseSignal(bytes(alias.meant), Example.context)
        #expect(try SourceMessage.parseSignal(bytes(alias.said), Example.context) == meant)
    }

    static let clientMessages = [
        Alias(
            "channels",
            #"{"type":"subscribe","channels":["alerts"]}"#,
            #"{"type":"subscribe","channel":"alerts"}"#
        ),
        Alias(
            "subscribe_city_state",
            #"{"type":"subscribe_city_state"}"#,
            #"{"type":"subscribe","channel":"city_state"}"#
        ),
        Alias(
            "unsubscribe_city_state",
            #"{"type":"unsubscribe_city_state"}"#,
            #"{"type":"unsubscribe","channel":"city_state"}"#
        ),
        Alias(
            "subscribe_symbol with data",
            #"{"type":"subscribe_symbol","data":{"symbol":"aapl"}}"#,
            #"{"type":"subscribe_symbol","symbol":"AAPL"}"#
        ),
        Alias(
            "unsubscribe_symbol with data",
            #"{"type":"unsubscribe_symbol","data":{"symbol":"AAPL"}}"#,
            #"{"type":"unsubscribe_symbol","symbol":"AAPL"}"#
        ),
    ]

    @Test(arguments: clientMessages) func `a message of a tab`(_ alias: Alias) throws {
        #expect(try ClientMessage.parse(bytes(alias.said)) == ClientMessage.parse(bytes(alias.meant)))
    }

    @Test(arguments: [Alias("approve as long", #""long""#, #""BUY""#), Alias("approve as buy", #""buy""#, #""BUY""#)])
    func `the status of an approval`(_ alias: Alias) throws {
        let said = try ApproveRequest.parse(bytes(#"{"status":\#(alias.said)}"#))
        #expect(try said == ApproveRequest.parse(bytes(#"{"status":\#(alias.meant)}"#)))
    }

    @Test func `the table of the protocol has these rows and no other`() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "docs/Protocol.md"),
            encoding: .utf8
        )
        let section = try #require(page.split(separator: "### Other names, on the way in\n").last)
        let table = section.drop { $0 != "|" }.split(separator: "\n\n").first ?? ""
        let rows = table.split(separator: "\n").dropFirst(2).map { row in
            row.split(separator: "|")[0].trimmingCharacters(in: .whitespaces).replacing("`", with: "")
        }
        let tested =
            (Self.signalMembers + Self.messages + Self.shortForms + Self.clientMessages).map(\.name)
            + ["approve as long", "approve as buy"]
        #expect(rows.sorted() == tested.sorted())
    }

    @Test(arguments: [
        (#""confidence":85"#, "/data/confidence"), (#""confidence":0.5,"confidence_score":85"#, "/data/confidence"),
        (#""confidence":85,"confidence_scale":7"#, "/data/confidence_scale"),
    ])
    func `a trading_signal whose confidence is not what its document says is refused, never guessed`(
        members: String,
        pointer: String
    ) {
        let body = #"{"type":"trading_signal","data":{"symbol":"A",\#(members)}}"#
        let invalid = #expect(throws: InvalidRequest.self) {
            try SourceMessage.parseEvents(bytes(body), Example.context)
        }
        #expect(invalid?.faults.map(\.pointer).contains(pointer) == true)
    }
}
