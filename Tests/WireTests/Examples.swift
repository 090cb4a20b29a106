import Domain
import Foundation

@testable import Wire

// The values of docs/Protocol.md's examples.

func time(_ text: String) -> Timestamp { Timestamp(text)! }
func decimal(_ text: String) -> Quantity { Quantity(text)! }
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func parsed(_ bytes: [UInt8]) throws -> JSONValue { try JSONParser.parse(bytes) }

enum Example {
    static let now = time("2026-01-23T10:30:00.120Z")
    static let id = SignalID("550e8400-e29b-41d4-a716-446655440000")!
    static let freshID = UUID(uuidString: "00000000-0000-4000-8000-000000000001")!
    static let context = SourceMessage.Context(now: now, source: "webhook") { freshID }

    static var proposal: Proposal {
        var proposal = Proposal(symbol: Symbol("AAPL")!, side: .buy, source: "wyckoff-engine")
        proposal.ts = time("2026-01-23T10:30:00Z")
        proposal.expiresAt = time("2026-01-23T10:35:00Z")
        proposal.patternType = .spring
        proposal.phase = "C"
        proposal.testConfirmed = true
        proposal.confidenceScore = decimal("92.5")
        proposal.entryPrice = decimal("150.25")
        proposal.stopLoss = decimal("149.50")
        proposal.targetPrice = decimal("152.75")
        proposal.quantity = decimal("100")
        proposal.riskAmount = decimal("75.00")
        proposal.riskPercentage = decimal("1.5")
        proposal.campaignID = "C-123"
        proposal.reasoning = "Spring below support, low volume, test held."
        proposal.unslugScore = decimal("0.75")
        proposal.fearScore = decimal("0.65")
        proposal.combinedTrust = decimal("0.70")
        proposal.recommendation = Recommendation(suggested: .buy, unslug: decimal("0.75"), fear: decimal("0.65"))
        return proposal
    }

    static var signal: Signal { Signal(id: id, proposal: proposal, receivedAt: now) }

    static let approval = Decision(
        id: DecisionID("7d444840-9dc0-11d1-b245-5ffdce74fad2"),
        outcome: .approved(as: .buy),
        decidedBy: UserName("alice.smith")!,
        decidedAt: time("2026-01-23T10:31:02Z"),
        note: "Technicals look strong. RSI oversold."
    )

    static func signal(
        _ status: SignalStatus,
        version: Int,
        at moment: String,
        decision: Decision? = nil
    ) -> Signal {
        var signal = signal
        signal.status = status
        signal.version = version
        signal.updatedAt = time(moment)
        signal.decision = decision
        return signal
    }
}
