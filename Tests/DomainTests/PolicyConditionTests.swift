import Domain
import Foundation
import Testing

/// When a rule applies (issue 5, part 1): what is not known is strict.
@Suite struct PolicyConditionTests {
    private static let portfolio = Portfolio(
        totalHeat: Sample.quantity("80"),
        availableCapacity: Sample.quantity("20"),
        timestamp: Sample.now,
        heatLimit: Sample.quantity("6"),
        value: Sample.quantity("100000")
    )

    private static func campaign(_ limit: String?) -> Campaign {
        Campaign(
            campaignID: "C-1",
            riskAllocated: Sample.quantity("1700"),
            positionsCount: 1,
            riskLimit: limit.map(Sample.quantity)
        )
    }

    /// Risks 1 % of the portfolio: 10 × 100 of 100,000.
    private static func plan(_ change: (inout Proposal) -> Void = { _ in }) -> Proposal {
        var proposal = Sample.proposal()
        proposal.entryPrice = Sample.quantity("150")
        proposal.stopLoss = Sample.quantity("140")
        proposal.quantity = Sample.quantity("100")
        proposal.confidenceScore = Sample.quantity("92.5")
        change(&proposal)
        return proposal
    }

    private func applies(
        _ condition: Policy.Condition,
        to proposal: Proposal = PolicyConditionTests.plan(),
        portfolio: Portfolio? = PolicyConditionTests.portfolio,
        campaign: Campaign? = nil
    ) -> String? {
        let policy = PolicyDesk(rules: [PolicyDesk.rule(risk: 1, when: [condition])]).policy
        let numbers = DeskNumbers(proposal, portfolio: portfolio, campaign: campaign)
        return policy.requirements(for: proposal, numbers).matches.first?.reasons.first
    }

    @Test func `risk is the larger of what is said and what the prices say`() {
        #expect(applies(.risk(.init(above: 1))) == nil)
        #expect(applies(.risk(.init(atLeast: 1))) == "its risk, 1 %, is at least 1 %")
        #expect(
            applies(.risk(.init(above: 1)), to: Self.plan { $0.riskPercentage = 2 }) == "its risk, 2 %, is above 1 %"
        )
        #expect(
            applies(.risk(.init(above: 1)), to: Self.plan { $0.riskAmount = 1_500 }) == "its risk, 1.5 %, is above 1 %"
        )
        #expect(applies(.risk(.init(above: 1)), to: Self.plan { $0.riskPercentage = Quantity("0.1") }) == nil)
        #expect(applies(.risk(.init(atLeast: 1)), to: Self.plan { $0.riskPercentage = Quantity("0.1") }) != nil)
    }

    @Test func `heat after the trade is the book's and this trade's, in per cent of the limit`() {
        #expect(applies(.heatAfter(.init(above: 96))) == "the heat after the trade, 96.67 %, is above 96 %")
        #expect(applies(.heatAfter(.init(above: 97))) == nil)
    }

    @Test func `a campaign counts with its use of its limit`() {
        let proposal = Self.plan { $0.campaignID = "C-1" }
        let condition = Policy.Condition.campaignUtilisation(.init(above: 80))
        #expect(applies(condition, to: proposal, campaign: Self.campaign("2000")) != nil)
        #expect(applies(condition, to: proposal, campaign: Self.campaign("4000")) == nil)
        #expect(applies(condition) == nil)
        // The trade adds 1,000 of 2,500.
        let after = Policy.Condition.campaignAfter(.init(above: 80))
        #expect(applies(condition, to: proposal, campaign: Self.campaign("2500")) == nil)
        #expect(
            applies(after, to: proposal, campaign: Self.campaign("2500"))
                == "the use of its campaign after the trade, 108 %, is above 80 %"
        )
        #expect(applies(after) == nil)
    }

    @Test func `what is not known makes the rule apply`() {
        let empty = Sample.proposal()
        let inCampaign = Self.plan { $0.campaignID = "C-1" }
        #expect(applies(.risk(.init(above: 50)), to: empty) == "its risk is not known")
        #expect(applies(.notional(.init(above: 50)), to: empty) == "its notional is not known")
        #expect(applies(.grade([.d]), to: empty) == "its grade is not known")
        #expect(applies(.heatAfter(.init(above: 500)), portfolio: nil) == "the heat after the trade is not known")
        #expect(
            applies(.campaignUtilisation(.init(above: 99)), to: inCampaign) == "the use of its campaign is not known"
        )
        #expect(applies(.campaignUtilisation(.init(above: 99)), to: inCampaign, campaign: Self.campaign(nil)) != nil)
        var sideless = empty
        sideless.side = nil
        #expect(applies(.side([.sell]), to: sideless) == "its side is not known")
    }

    @Test func `names match as they are or by how they begin`() {
        let bitcoin = Sample.proposal("BTC/USD")
        #expect(applies(.symbol([.init("btc/*")]), to: bitcoin) == "it is BTC/USD")
        #expect(applies(.symbol([.init("BTC")]), to: bitcoin) == nil)
        #expect(applies(.source([.init("Tests")]), to: bitcoin) == "it is from tests")
    }

    @Test func `amounts as long as they may be are compared and never trap`() {
        let widest = Quantity("99999999999999999999.999999999999")!
        let proposal = Self.plan {
            ($0.entryPrice, $0.quantity, $0.riskAmount, $0.riskPercentage) = (widest, widest, widest, widest)
        }
        #expect(applies(.notional(.init(above: widest)), to: proposal) != nil)
        #expect(applies(.risk(.init(above: widest)), to: proposal) != nil)
        #expect(applies(.heatAfter(.init(above: widest)), to: proposal) != nil)
    }
}
