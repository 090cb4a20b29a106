import Foundation

/// What a trade can lose, in money and in per cent of the portfolio's value; each from the other where only one is known.
/// The page shows it (``Preview``) and policies ask it (``DeskNumbers``): both have it from here.
struct TradeRisk: Hashable, Sendable {
    let amount: Decimal?
    let percent: Decimal?

    /// - Parameter portfolioValue: zero or less for one that is not known.
    init(of proposal: Proposal, portfolioValue: Decimal) {
        // What the source says and what its own prices say may differ: the larger one counts.
        let amounts = [proposal.riskAmount?.value, Self.lossAtStop(of: proposal)].compactMap(\.self)
        let stated = proposal.riskPercentage?.value
        // Money is a fact; a percentage is of what the source takes the portfolio to be, so it stands back where the money
        // and the desk's own portfolio are known.
        if let largest = amounts.max() {
            amount = largest
            percent = portfolioValue > 0 ? largest * 100 / portfolioValue : stated
        } else {
            amount = stated.flatMap { portfolioValue > 0 ? $0 * portfolioValue / 100 : nil }
            percent = stated
        }
    }

    init(of proposal: Proposal, in portfolio: Portfolio?) {
        self.init(of: proposal, portfolioValue: portfolio?.value?.value ?? 0)
    }

    /// What the trade adds to the heat of the portfolio, in per cent of its limit.
    func heat(addedTo portfolio: Portfolio) -> Decimal? {
        guard let limit = portfolio.heatLimit?.value, limit > 0, let percent else { return nil }
        return percent * 100 / limit
    }

    /// What it adds to the use of the campaign, in per cent of its limit.
    func use(addedTo campaign: Campaign) -> Decimal? {
        guard let limit = campaign.riskLimit?.value, limit > 0, let amount else { return nil }
        return amount * 100 / limit
    }

    private static func lossAtStop(of proposal: Proposal) -> Decimal? {
        guard let entry = proposal.entryPrice?.value, let stop = proposal.stopLoss?.value,
            let quantity = proposal.quantity?.value
        else { return nil }
        return abs(entry - stop) * abs(quantity)
    }
}
