import Domain
import Testing

@testable import Wire

struct TermsHashTests {
    /// Computed by `sha256sum` over the canonical text of docs/Protocol.md.
    static let golden = "212a3d5fb1ceb8bc4c9fa563642daf6301baecc53f46beca1207eb9abd7d4b12"

    @Test func `the hash is what sha256sum says of the canonical text`() throws {
        #expect(TermsHash(Example.signal.terms).text == Self.golden)
        #expect(try parsed(Example.signal.encoded)["terms"] == .string(Self.golden))
    }

    @Test func `a decision does not change the terms, and the way an amount is written does not either`() {
        #expect(TermsHash(Example.signal(.executed, version: 9, at: "2026-01-23T11:00:00Z").terms).text == Self.golden)
        var signal = Example.signal
        signal.proposal.stopLoss = decimal("149.5")
        signal.proposal.reasoning = nil
        #expect(TermsHash(signal.terms).text == Self.golden)
    }

    @Test func `an approval says what was seen, in digits of either case`() throws {
        let body = #"{"status":"BUY","terms":"\#(Self.golden.uppercased())","accepted_price":150.60}"#
        let request = try ApproveRequest.parse(bytes(body))
        #expect(request.terms?.text == Self.golden)
        #expect(request.acceptedPrice?.text == "150.60")
        #expect(try ApproveRequest.parse(bytes(#"{"status":"BUY","terms":null}"#)).terms == nil)
    }

    @Test(arguments: [
        #""terms":"""#, #""terms":"212a""#, #""terms":7"#, #""terms":{}"#,
        #""terms":"\#(String(repeating: "g", count: 64))""#, #""terms":"\#(String(repeating: "é", count: 32))""#,
    ])
    func `what is no hash is refused`(_ member: String) {
        let error = #expect(throws: InvalidRequest.self) {
            try ApproveRequest.parse(bytes(#"{"status":"BUY",\#(member)}"#))
        }
        #expect(error?.faults.map(\.pointer) == ["/terms"])
    }

    @Test(arguments: ["1e2", "-1", "0", "NaN", "Infinity", #"+1"#, #"1,5"#, ".5", String(repeating: "9", count: 400)])
    func `an amount that is none is refused wherever terms come in`(_ text: String) {
        for name in ["entry_price", "stop_loss", "target_price", "quantity"] {
            for body in [#"{"\#(name)":"\#(text)"}"#, #"{"\#(name)":\#(text)}"#] {
                #expect(throws: InvalidRequest.self, "\(body)") { try AmendRequest.parse(bytes(body), source: "s") }
                let signal = #"{"symbol":"AAPL",\#(body.dropFirst())"#
                #expect(throws: InvalidRequest.self, "\(signal)") {
                    try SourceMessage.parseSignal(bytes(signal), Example.context)
                }
            }
        }
        #expect(throws: InvalidRequest.self) {
            try ApproveRequest.parse(bytes(#"{"status":"BUY","accepted_price":"\#(text)"}"#))
        }
    }
}

struct AmendRequestTests {
    private func faults(_ body: String) -> [String] {
        do throws(InvalidRequest) {
            _ = try AmendRequest.parse(bytes(body), source: "webhook")
            return []
        } catch { return error.faults.map(\.pointer) }
    }

    @Test func `what is named changes, null takes away, and the rest stays`() throws {
        let request = try AmendRequest.parse(
            bytes(#"{"stop":149.10,"target_price":null,"action":"short","expires_at":"2026-01-23T11:40:00+01:00"}"#),
            source: "webhook"
        )
        var expected = Amendment()
        expected.stopLoss = .set(decimal("149.10"))
        expected.targetPrice = .set(nil)
        expected.side = .set(.sell)
        expected.expiresAt = .set(time("2026-01-23T10:40:00Z"))
        #expect(request.amendment == expected)
        #expect(request.request == .init(source: "webhook"))
    }

    @Test func `a source may say who it is and what it has seen`() throws {
        let request = try AmendRequest.parse(
            bytes(#"{"quantity":"10","source":"wyckoff-engine","version":3}"#),
            source: "webhook"
        )
        #expect(request.request == .init(source: "wyckoff-engine", expectedVersion: 3))
    }

    @Test func `an amendment of nothing, or of what cannot be amended, is refused`() {
        #expect(faults("{}") == [""])
        #expect(faults(#"{"reasoning":"better"}"#) == [""])
        #expect(faults(#"{"symbol":"MSFT","stop_loss":1}"#) == ["/symbol"])
        #expect(
            faults(#"{"stop_loss":1,"stop":2}"#) == ["/stop_loss"] || faults(#"{"stop_loss":1,"stop":2}"#) == ["/stop"]
        )
        #expect(faults(#"{"side":"up","quantity":-1}"#) == ["/side", "/quantity"])
        #expect(faults("[]") == [""])
    }

    @Test func `it may also come with other events`() throws {
        let body = #"{"type":"signal:amended","data":{"id":"\#(Example.id)","stop_loss":"149.10"}}"#
        var expected = Amendment()
        expected.stopLoss = .set(decimal("149.10"))
        #expect(
            try SourceMessage.parseEvents(bytes(body), Example.context)
                == [.command(.amend(Example.id, expected, .init(source: "webhook")))]
        )
        #expect(throws: InvalidRequest.self) {
            try SourceMessage.parseEvents(bytes(#"{"type":"signal:amended","stop_loss":1}"#), Example.context)
        }
    }
}
