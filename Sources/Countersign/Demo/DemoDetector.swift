import Domain
import Foundation

/// A made-up pattern detector: proposes trades on the demo market as a real one would.
struct DemoDetector {
    private static let stories: [(PatternType, String, String)] = [
        (.spring, "C", "Spring below the trading range on falling volume; the test held above the low."),
        (.signOfStrength, "D", "Wide-range bar through resistance on the highest volume of the range."),
        (.lastPointOfSupport, "D", "Back-up to the creek on shrinking spread and volume; supply is absorbed."),
        (.upthrustAfterDistribution, "C", "Upthrust above the range that closed back inside on heavy volume."),
        (.secondaryTest, "B", "Secondary test of the climax low on a third of its volume."),
    ]

    /// Whom some signals are for; names that whoever looks at the demo may take.
    private static let traders = ["alice", "bob", "carol"].compactMap { UserName($0) }

    /// A signal on one of the market's symbols that waits for five minutes.
    func signal(on market: DemoMarket, at now: Timestamp, using random: inout some RandomNumberGenerator) -> Proposal? {
        guard let quote = market.quotes.randomElement(using: &random),
            let (pattern, phase, reasoning) = Self.stories.randomElement(using: &random)
        else { return nil }
        let isLong = pattern != .upthrustAfterDistribution
        let stopDistance = max(5, quote.cents / Int.random(in: 90...260, using: &random))
        let reward = stopDistance * Int.random(in: 180...420, using: &random) / 100
        let direction = isLong ? 1 : -1
        let shares = max(1, Int.random(in: 40_000...140_000, using: &random) / stopDistance)
        var proposal = Proposal(symbol: quote.symbol, side: isLong ? .buy : .sell, source: "demo-detector")
        proposal.ts = now
        proposal.expiresAt = now.advanced(byMilliseconds: 5 * 60_000)
        proposal.patternType = pattern
        proposal.phase = phase
        proposal.testConfirmed = Bool.random(using: &random)
        proposal.confidenceScore = Quantity(Decimal(Int.random(in: 700...969, using: &random)) / 10, fractionDigits: 1)
        proposal.entryPrice = DemoMarket.money(quote.cents)
        proposal.stopLoss = DemoMarket.money(quote.cents - direction * stopDistance)
        proposal.targetPrice = DemoMarket.money(quote.cents + direction * reward)
        proposal.quantity = Quantity(Decimal(shares), fractionDigits: 0)
        proposal.riskAmount = DemoMarket.money(shares * stopDistance)
        proposal.riskPercentage = Quantity(Decimal(shares * stopDistance) / 25_000_000 * 100, fractionDigits: 2)
        proposal.campaignID = ["C-101", "C-114", "C-123"].randomElement(using: &random)
        proposal.reasoning = reasoning
        proposal.recipients = Self.recipients(using: &random)
        return proposal
    }

    /// A third of the signals is for one or two of the traders, the others for the whole desk.
    private static func recipients(using random: inout some RandomNumberGenerator) -> [UserName]? {
        guard Int.random(in: 0..<3, using: &random) == 0 else { return nil }
        let count = Int.random(in: 1...2, using: &random)
        return Array(traders.shuffled(using: &random).prefix(count)).sorted()
    }

    func pattern(of proposal: Proposal, id: String) -> Pattern? {
        guard let type = proposal.patternType, let score = proposal.confidenceScore else { return nil }
        return Pattern(
            id: id,
            symbol: proposal.symbol,
            patternType: type,
            confidenceScore: score,
            phase: proposal.phase ?? "",
            testConfirmed: proposal.testConfirmed ?? false
        )
    }
}
