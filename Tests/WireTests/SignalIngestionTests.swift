import Domain
import Foundation
import Testing

@testable import Wire

struct SignalIngestionTests {
    private func proposal(_ body: String) throws -> Proposal {
        guard case .command(.receive(_, let proposal)) = try SourceMessage.parseSignal(bytes(body), Example.context)
        else {
            throw InvalidRequest(faults: [])
        }
        return proposal
    }

    private func faults(_ body: String) -> [InvalidRequest.Fault] {
        do throws(InvalidRequest) {
            _ = try SourceMessage.parseSignal(bytes(body), Example.context)
            return []
        } catch {
            return error.faults
        }
    }

    @Test func `our own signal comes back as it went out`() throws {
        let message = try SourceMessage.parseSignal(Example.signal.encoded, Example.context)
        #expect(message == .command(.receive(Example.id, Example.proposal)))
        #expect(message.id == Example.id.description)
    }

    @Test func `the new_signal of document 2 is taken as it is`() throws {
        let proposal = try proposal(
            #"""
            {"type":"new_signal","data":{"symbol":"AAPL","ts":"2025-10-28T22:15:00Z","unslug_score":0.75,"fear_score":0.65,
            "combined_trust":0.70,"status":"PENDING_REVIEW","recommendation":{"suggested":"BUY","unslug":0.75,"fear":0.65}},
            "timestamp":"2025-10-28T22:15:00Z"}
            """#
        )
        #expect(proposal.combinedTrust?.text == "0.70")
        #expect(proposal.ts == time("2025-10-28T22:15:00Z"))
        #expect(proposal.recommendation?.suggested == .buy)
        #expect(proposal.source == "webhook")
    }

    @Test func `the trading_signal of document 3 is taken as it is`() throws {
        let proposal = try proposal(
            #"""
            {"type":"trading_signal","data":{"symbol":"AAPL","action":"buy","confidence":0.85,"confidence_scale":1,
            "reasoning":"Strong bullish momentum..."},"timestamp":"2026-01-06T12:00:00Z"}
            """#
        )
        #expect(proposal.side == .buy)
        #expect(proposal.confidenceScore?.text == "85")
        #expect(proposal.ts == time("2026-01-06T12:00:00Z"))
    }

    @Test func `the validated signal of document 4 waits for people`() throws {
        let body = #"""
            {"type":"signal_approved","signal_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":"2026-01-23T10:30:00Z",
            "symbol":"AAPL","pattern_type":"SPRING","confidence_score":92.5,"confidence_grade":"A+","entry_price":"150.25",
            "stop_loss":"149.50","target_price":"152.75","risk_amount":"75.00","risk_percentage":1.5,"r_multiple":3.33,
            "expires_at":"2026-01-23T10:35:00Z"}
            """#
        let message = try SourceMessage.parseSignal(bytes(body), Example.context)
        guard case .command(.receive(let id, let proposal)) = message else {
            Issue.record("something else")
            return
        }
        #expect(id == Example.id)
        #expect(proposal.rMultiple?.text == "3.33")
        #expect(proposal.confidenceGrade == .aPlus)
        #expect(proposal.riskPercentage?.text == "1.5")
    }

    @Test(arguments: [
        (#""side":"long""#, #""side":"BUY""#), (#""action":"sell""#, #""side":"SELL""#),
        (#""side":"Short""#, #""side":"SELL""#),
        (#""confidence":"92.5""#, #""confidence_score":92.5"#),
        (#""confidence_score":0.925,"confidence_scale":1"#, #""confidence_score":92.5"#),
        (#""confidence":1,"confidence_scale":1.0"#, #""confidence_score":100"#),
        (#""entry":150.25"#, #""entry_price":"150.25""#), (#""stop":"149.50""#, #""stop_loss":149.50"#),
        (#""target":"152.75""#, #""target_price":"152.75""#), (#""risk_percent":1.5"#, #""risk_percentage":"1.5""#),
        (#""campaign":"C-1""#, #""campaign_id":"C-1""#),
        (#""timestamp":"2026-01-23T11:30:00+01:00""#, #""ts":"2026-01-23T10:30:00Z""#),
        (#""signal_id":"550e8400-e29b-41d4-a716-446655440000""#, #""id":"550E8400-E29B-41D4-A716-446655440000""#),
        (#""pattern_type":"spring""#, #""pattern_type":"SPRING""#), (#""note":"n""#, #""reasoning":" n ""#),
        (#""side":"BUY","action":"buy""#, #""side":"BUY""#),
        (#""entry_price":"150.25","entry":150.250"#, #""entry_price":"150.25""#),
    ])
    func `an alias says the same as the name`(alias: String, name: String) throws {
        let one = try SourceMessage.parseSignal(bytes(#"{"symbol":"aapl",\#(alias)}"#), Example.context)
        let other = try SourceMessage.parseSignal(bytes(#"{"symbol":"AAPL",\#(name)}"#), Example.context)
        #expect(one == other)
    }

    @Test(arguments: [
        (#""symbol":"""#, "/symbol"), (#""symbol":"A B""#, "/symbol"), (#""symbol":7"#, "/symbol"),
        (#""side":"BUY""#, "/symbol"),
        (#""symbol":"A","id":"7""#, "/id"), (#""symbol":"A","side":"up""#, "/side"),
        (#""symbol":"A","side":"BUY","action":"SELL""#, "/action"),
        (#""symbol":"A","entry_price":1e2"#, "/entry_price"), (#""symbol":"A","entry_price":"NaN""#, "/entry_price"),
        (#""symbol":"A","entry_price":0"#, "/entry_price"), (#""symbol":"A","entry":-1"#, "/entry"),
        (#""symbol":"A","stop":[1]"#, "/stop"),
        (#""symbol":"A","quantity":"0.0""#, "/quantity"), (#""symbol":"A","risk_amount":-0.01"#, "/risk_amount"),
        (#""symbol":"A","entry_price":"123456789012345678901""#, "/entry_price"),
        (#""symbol":"A","entry_price":"1.0000000000001""#, "/entry_price"),
        (#""symbol":"A","confidence":101"#, "/confidence"),
        (#""symbol":"A","confidence_score":-1"#, "/confidence_score"),
        (#""symbol":"A","confidence":2,"confidence_scale":1"#, "/confidence"),
        (#""symbol":"A","confidence_scale":10"#, "/confidence_scale"),
        (#""symbol":"A","expires_at":"2026-01-23T10:30:00.120Z""#, "/expires_at"),
        (#""symbol":"A","expires_at":"soon""#, "/expires_at"),
        (#""symbol":"A","ts":1700000000"#, "/ts"), (#""symbol":"A","test_confirmed":"yes""#, "/test_confirmed"),
        (#""symbol":"A","pattern_type":"FLAG""#, "/pattern_type"),
        (#""symbol":"A","recommendation":"BUY""#, "/recommendation"),
        (#""symbol":"A","recommendation":{"fear":true}"#, "/recommendation/fear"),
        (#""symbol":"A","status":"APPROVED_BUY""#, "/status"),
        (#""symbol":"A","reasoning":"a\u202Eb""#, "/reasoning"),
        (#""symbol":"A","reasoning":"a\u0007b""#, "/reasoning"),
        (#""symbol":"A","source":"a\nb""#, "/source"),
        (#""symbol":"A","phase":"\#(String(repeating: "C", count: 33))""#, "/phase"),
        (#""symbol":"A","campaign":"\#(String(repeating: "C", count: 65))""#, "/campaign"),
        (#""symbol":"A","reasoning":"\#(String(repeating: "r", count: 4001))""#, "/reasoning"),
        (#""symbol":"A","side":"BUY","entry":10,"stop":10"#, "/stop"),
        (#""symbol":"A","side":"BUY","entry":10,"target":9.99"#, "/target"),
        (#""symbol":"A","side":"SELL","entry":10,"stop_loss":"9""#, "/stop_loss"),
        (#""symbol":"A","side":"SELL","entry":10,"target_price":11"#, "/target_price"),
        (#""type":"approval_notification","symbol":"A""#, "/type"), (#""data":[]"#, "/data"),
        (#""data":{"symbol":"?"}"#, "/data/symbol"),
    ])
    func `one fault is told with its pointer`(members: String, pointer: String) {
        #expect(faults("{\(members)}").map(\.pointer) == [pointer])
    }

    @Test func `all faults are told at once`() {
        let faults = faults(
            #"{"symbol":"","side":"up","entry_price":[],"confidence":300,"expires_at":"2020-01-01T00:00:00Z","phase":7}"#
        )
        #expect(
            Set(faults.map(\.pointer)) == ["/symbol", "/side", "/entry_price", "/confidence", "/expires_at", "/phase"]
        )
        #expect(faults.contains { $0.detail == "must be a plain decimal like \"150.25\", not a list" })
        #expect(faults.contains { $0.detail == "must be a text, not a number" })
    }

    @Test(arguments: ["", "[]", "7", "null", "\"text\""])
    func `a body that is no object says what to send`(body: String) {
        let faults = faults(body)
        #expect(faults.count == 1)
        #expect(faults.first?.detail.contains(#"{"symbol":"AAPL","side":"BUY"}"#) == true)
    }

    @Test func `a signal without an id gets a fresh one`() throws {
        let message = try SourceMessage.parseSignal(bytes(#"{"symbol":"AAPL"}"#), Example.context)
        #expect(message.id == Example.freshID.uuidString.lowercased())
    }

    @Test func `a hold has no wrong side`() throws {
        #expect(try proposal(#"{"symbol":"A","side":"HOLD","entry":10,"stop":11,"target":9}"#).side == .hold)
        #expect(try proposal(#"{"symbol":"A","side":"BUY","stop":11,"target":9}"#).stopLoss?.text == "11")
    }
}
