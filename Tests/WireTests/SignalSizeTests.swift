import Domain
import Foundation
import SeededRandom
import Testing

@testable import Wire

/// The size limit of a signal is held by a bound first: most signals are never written to be measured.
struct SignalSizeTests {
    private static let widest = "-99999999999999999999.999999999999"

    @Test func `the bound covers a signal that is as wide as can be`() {
        let proposal = Self.widestProposal
        let bare = Signal(id: Example.id, proposal: proposal, receivedAt: Example.now).encoded.count
        #expect(proposal.jsonBytesBound >= bare)
        #expect(bare > 1_000)
    }

    @Test func `the bound covers texts that are all escapes`() {
        var proposal = Self.widestProposal
        let escapes = String(repeating: "\u{1}", count: 500)
        (proposal.source, proposal.phase, proposal.campaignID, proposal.reasoning) = (
            escapes, escapes, escapes, escapes
        )
        let bytes = Signal(id: Example.id, proposal: proposal, receivedAt: Example.now).encoded.count
        #expect(proposal.jsonBytesBound >= bytes)
    }

    @Test func `the bound covers a list of names that are all escapes`() {
        var proposal = Self.widestProposal
        proposal.recipients = (0..<100).compactMap { UserName("\"\\\($0)") }
        let bytes = Signal(id: Example.id, proposal: proposal, receivedAt: Example.now).encoded.count
        #expect(proposal.recipients?.count == 100 && proposal.jsonBytesBound >= bytes)
    }

    @Test func `a list of recipients that makes the signal too large is refused, and the problem names it`() {
        let names = (0..<100).map { "\"\($0)\(String(repeating: "x", count: 60))\"" }.joined(separator: ",")
        let problem = #expect(throws: InvalidRequest.self) {
            try SourceMessage.parseSignal(bytes(#"{"symbol":"AAPL","recipients":[\#(names)]}"#), Example.context)
        }
        #expect("\(problem as Any)".contains("the list of recipients"))
    }

    @Test func `a signal is refused exactly when its JSON is too large`() throws {
        for length in 4_000...4_700 {
            let body = #"{"symbol":"AAPL","reasoning":"\#(Self.reasoning(length))"}"#
            let message = try? SourceMessage.parseSignal(bytes(body), Example.context)
            var proposal = Proposal(symbol: Symbol("AAPL")!, source: "webhook")
            proposal.reasoning = Self.reasoning(length)
            let size = Signal(id: Example.id, proposal: proposal, receivedAt: Example.now).encoded.count
            #expect((message != nil) == (size <= Fields.signalBytesMax), "\(length): \(size)")
        }
    }

    /// At most 4,000 characters, of so many bytes.
    private static func reasoning(_ bytes: Int) -> String {
        String(repeating: "é", count: bytes - 3_900) + String(repeating: "a", count: 7_800 - bytes)
    }

    private static var widestProposal: Proposal {
        var proposal = Example.proposal
        proposal.symbol = Symbol(String(repeating: "W", count: 32))!
        (proposal.source, proposal.phase, proposal.campaignID, proposal.reasoning) = ("", "", "", "")
        proposal.side = .neutral
        let amounts: [WritableKeyPath<Proposal, Quantity?>] = [
            \.confidenceScore, \.entryPrice, \.stopLoss, \.quantity, \.riskAmount, \.riskPercentage, \.unslugScore,
            \.fearScore, \.combinedTrust,
        ]
        for field in amounts { proposal[keyPath: field] = decimal(Self.widest) }
        // The largest R there is.
        (proposal.entryPrice, proposal.stopLoss) = (decimal("0.000000000000"), decimal("0.000000000001"))
        proposal.targetPrice = decimal(Self.widest)
        proposal.recommendation = Recommendation(
            suggested: .neutral,
            unslug: decimal(Self.widest),
            fear: decimal(Self.widest)
        )
        return proposal
    }
}
