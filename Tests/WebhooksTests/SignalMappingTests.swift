import Domain
import Foundation
import SeededRandom
import Testing
import Wire

@testable import Webhooks

/// A source's own JSON becomes a signal, or every fault is told with where it stands (GAP-08).
struct SignalMappingTests {
    private static let scan = """
        {"id":"s-1","instrument":{"ticker":"eurusd"},"direction":"Down","fired_at":1769164199500,"plan":["1.0850","1.0870",1.0810],
         "certainty":0.915,"why":"Range lost"}
        """

    private static func proposal(_ message: SourceMessage) throws -> (SignalID, Proposal) {
        guard case .command(.receive(let id, let proposal)) = message else {
            throw InvalidRequest(faults: [.init("", "is no signal")])
        }
        return (id, proposal)
    }

    private static func faults(_ source: WebhookSource, _ body: String) throws -> [String] {
        do {
            _ = try Sample.messages(source, body)
            return []
        } catch let error as InvalidRequest {
            return error.faults.map { "\($0.pointer) \($0.detail)" }
        }
    }

    @Test func `a TradingView alert is a signal`() throws {
        let source = try Sample.source("tradingview")
        let messages = try Sample.messages(source, String(decoding: Sample.fixture("tradingview"), as: UTF8.self))
        let (id, proposal) = try Self.proposal(try #require(messages.first))
        #expect(messages.count == 1 && id.uuid == Sample.id)
        var expected = Proposal(symbol: Symbol("BTCUSDT.P")!, side: .buy, source: "tradingview")
        expected.ts = Sample.now
        expected.expiresAt = Sample.now.advanced(byMilliseconds: 300_000)
        expected.entryPrice = Quantity("64250.5")
        expected.stopLoss = Quantity("63900")
        expected.targetPrice = Quantity("65300")
        expected.quantity = Quantity("0.25")
        expected.reasoning = "Spring below support"
        #expect(proposal == expected)
    }

    @Test func `a source of any shape is mapped`() throws {
        let (_, proposal) = try Self.proposal(try Sample.messages(try Sample.source("scanner"), Self.scan)[0])
        #expect(proposal.symbol.text == "EURUSD" && proposal.side == .sell && proposal.source == "scanner")
        #expect(proposal.ts == Sample.now.advanced(byMilliseconds: -500))
        #expect(proposal.expiresAt == Sample.now.advanced(byMilliseconds: 600_000))
        #expect(proposal.entryPrice?.text == "1.0850" && proposal.targetPrice?.text == "1.0810")
        #expect(proposal.confidenceScore?.text == "91.5" && proposal.reasoning == "Range lost")
    }

    @Test(
        arguments: [
            (#""eurusd""#, "null", "/instrument/ticker is required"),
            (#"{"ticker":"eurusd"}"#, "[]", "/instrument/ticker is required"),
            (#""Down""#, #""sideways""#, "/direction must be one of down, up"),
            (#""Down""#, "1", "/direction must be one of down, up"),
            ("1769164199500", "1.5", "/fired_at must be a time in whole milliseconds since 1970"),
            ("1769164199500", "true", "/fired_at must be a time as a number, not true or false"),
            (#""1.0850""#, #""1e5""#, "/plan/0 is taken for entry_price, which must be a plain decimal"),
            (#""1.0850""#, "{}", "/plan/0 is taken for entry_price, which must be a plain decimal"),
            (#""1.0870""#, #""1.0840""#, "/plan/1 is taken for stop_loss, which must be above the entry of a SELL"),
            (#""1.0870""#, #""NaN""#, "/plan/1 is taken for stop_loss, which must be a plain decimal"),
            (#""1.0870""#, "-1", "/plan/1 is taken for stop_loss, which must be more than 0"),
            (#""1.0850""#, "\"", ""),
            ("0.915", "91.5", "/certainty is taken for confidence_score, which must be between 0 and 1"),
            (#""Range lost""#, #""Range\u202elost""#, "/why is taken for reasoning, which must be"),
        ]
    )
    func `what does not fit is named by where it stands in the source's own body`(
        _ text: String,
        _ instead: String,
        _ fault: String
    ) throws {
        let faults = try Self.faults(try Sample.source("scanner"), Self.scan.replacing(text, with: instead))
        if fault.isEmpty {
            #expect(faults.count == 1 && faults[0].contains("Line"), "\(faults)")
        } else {
            #expect(faults.contains { $0.hasPrefix(fault) }, "\(faults)")
        }
    }

    @Test func `all faults are told at once, and what need not be there may be missing, null or empty`() throws {
        let source = try Sample.source("scanner")
        #expect(
            try Self.faults(source, "{}").map { $0.split(separator: " ")[0] } == [
                "/instrument/ticker", "/direction", "/fired_at", "/plan/0", "/plan/1",
            ]
        )
        let bare = Self.scan.replacing(",1.0810", with: #","""#).replacing("0.915", with: "null")
            .replacing(#","why":"Range lost""#, with: "")
        let (_, proposal) = try Self.proposal(try Sample.messages(source, bare)[0])
        #expect(proposal.targetPrice == nil && proposal.confidenceScore == nil && proposal.reasoning == nil)
    }

    @Test(arguments: [(-300, true), (-301, false), (300, true), (301, false)] as [(Int64, Bool)])
    func `an alert is good for five minutes, by its own time`(_ seconds: Int64, _ isGood: Bool) throws {
        let source = try Sample.source("tradingview")
        let body = try Sample.fixture("tradingview")
        let request = Sample.request(body, at: Sample.now.advanced(byMilliseconds: seconds * 1000))
        #expect(((try? source.messages(in: request) { Sample.id }) != nil) == isGood)
        #expect((try? source.messages(in: request, isRepeated: true) { Sample.id }) != nil)
    }

    @Test(arguments: [#""time":"soon","#, #""time":1769164200,"#, ""])
    func `an alert without its time would be the same for ever, and is refused`(_ time: String) throws {
        let body = #"{"passphrase":"x",\#(time)"symbol":"AAPL","action":"buy"}"#
        let faults = try Self.faults(try Sample.source("tradingview"), body)
        #expect(faults.count == 1 && faults[0].hasPrefix("/time must be when it was sent"), "\(faults)")
    }

    @Test(
        arguments: [
            (#""/sent""#, #""2026-01-23T10:30:00Z""#, #""2026-01-23T10:36:00Z""#),
            (#"{"pointer":"/sent","time":"epoch_seconds"}"#, "1769164200", "1769163800"),
            (#"{"pointer":"/sent","time":"epoch_milliseconds"}"#, #""1769164200000""#, "1769164600000"),
        ]
    )
    func `what a passphrase proves is good for five minutes, whatever the body is`(
        _ sentAt: String,
        _ fresh: String,
        _ stale: String
    ) throws {
        let settings = try Sample.settings(
            #"""
            {"sources":{"s":{"verify":"passphrase","passphrase":"/key","secret":{"env":"TRADINGVIEW_PASSPHRASE"},
             "takes":"signal","sent_at":\#(sentAt)}}}
            """#
        )
        let source = try #require(settings.sources["s"])
        func body(_ sent: String) -> String { #"{"symbol":"AAPL","key":"k","sent":\#(sent)}"# }
        #expect(try Sample.messages(source, body(fresh)).count == 1)
        for sent in [stale, "null", #""soon""#, "true"] {
            let faults = try Self.faults(source, body(sent))
            #expect(faults.count == 1 && faults[0].hasPrefix("/sent "), "\(faults)")
        }
        let again = Sample.request(Array(body(stale).utf8))
        #expect(try source.messages(in: again, isRepeated: true) { Sample.id }.count == 1)
    }

    @Test func `nobody speaks for another source`() throws {
        let source = try Sample.source("wyckoff")
        let own = #"{"type":"signal:new","data":{"symbol":"AAPL","source":"wyckoff"}}"#
        #expect(try Sample.messages(source, own).count == 1)
        let other = own.replacing(#""wyckoff""#, with: #""tradingview""#)
        #expect(try Self.faults(source, other).first?.hasPrefix("/source must be wyckoff or absent") == true)
        #expect(try Self.faults(source, "[\(own),\(other)]").first?.hasPrefix("/1/source") == true)
    }

    @Test(
        arguments: [
            #"{"type":"signal:withdrawn","data":{"id":"ID","source":"NAME"}}"#,
            #"{"type":"signal:executed","data":{"id":"ID","source":"NAME"}}"#,
            #"{"type":"signal:failed","data":{"id":"ID","reason":"x","source":"NAME"}}"#,
            #"{"type":"signal:amended","data":{"id":"ID","stop_loss":"1","source":"NAME"}}"#,
        ]
    )
    func `nobody reports, withdraws or amends in another's name`(_ message: String) throws {
        let source = try Sample.source("wyckoff")
        let message = message.replacing("ID", with: Sample.id.uuidString.lowercased())
        #expect(try Sample.messages(source, message.replacing("NAME", with: "wyckoff")).count == 1)
        #expect(try Sample.messages(source, message.replacing(#","source":"NAME""#, with: "")).count == 1)
        let faults = try Self.faults(source, message.replacing("NAME", with: "scanner"))
        #expect(faults.first?.hasPrefix("/source must be wyckoff or absent") == true, "\(faults)")
    }

    @Test func `what people and the desk alone say is not taken`() throws {
        let source = try Sample.source("wyckoff")
        for type in ["approval_notification", "signal_approved", "signal:rejected", "signal:undone", "connected"] {
            #expect(try !Self.faults(source, #"{"type":"\#(type)","data":{"symbol":"AAPL"}}"#).isEmpty, "\(type)")
        }
    }

    // MARK: Which requests are the same

    @Test func `a request is named by what the settings point at`() throws {
        let source = try Sample.source("scanner")
        func key(_ body: String) throws -> String {
            try source.key(of: Sample.request(Array(body.utf8)), verified: "unused")
        }
        #expect(try key(Self.scan) == key(Self.scan.replacing("Range lost", with: "Range held")))
        #expect(try key(Self.scan) != key(Self.scan.replacing("s-1", with: "s-2")))
        #expect(throws: InvalidRequest.self) { try key("{}") }
        #expect(throws: InvalidRequest.self) { try key(#"{"id":null}"#) }
    }

    // MARK: Fuzz

    @Test func `no body makes a source trap, and what is taken is a signal of that source`() throws {
        var random = SeededGenerator(seed: 10)
        let settings = try Sample.settings(Sample.fixture("settings"))
        let seeds = [Array(Self.scan.utf8), try Sample.fixture("tradingview")]
        let sources = try ["scanner", "tradingview"].map { try #require(settings.sources[$0]) }
        var taken = 0
        for round in 0..<4_000 {
            let which = round % 2
            var body = seeds[which]
            for _ in 0..<Int.random(in: 0...3, using: &random) { Self.mutate(&body, &random) }
            let request = Sample.request(body)
            _ = try? sources[which].verify(request)
            _ = try? sources[which].key(of: request, verified: "v")
            guard let messages = try? sources[which].messages(in: request, makeID: { Sample.id }) else { continue }
            taken += 1
            #expect(messages.count == 1 && messages[0].speaker == sources[which].name)
        }
        #expect(taken > 200 && taken < 4_000)
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard let index = bytes.indices.randomElement(using: &random) else { return }
        let parts = ["null", "1e9", "-0", "\"\"", "[]", "{}", "true", #""\ud83d\ude00""#, "99999999999999999999", ","]
        switch Int.random(in: 0...4, using: &random) {
        case 0: bytes[index] = random.byte()
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: parts.randomElement(using: &random)!.utf8, at: index)
        case 3: bytes.removeSubrange(index..<min(index + Int.random(in: 1...20, using: &random), bytes.count))
        default:
            let end = min(index + Int.random(in: 1...30, using: &random), bytes.count)
            bytes.insert(contentsOf: bytes[index..<end], at: bytes.indices.randomElement(using: &random)!)
        }
    }
}
