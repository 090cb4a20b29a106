package import Foundation

/// The amounts that rules ask for: what a signal risks, and what the book will carry with it. `nil` is not known.
///
/// Decimals of 38 digits: a product of two quantities may be longer than a ``Quantity``.
package struct DeskNumbers: Hashable, Sendable {
    /// Per cent of the portfolio's value.
    package var riskPercentage: Decimal?
    package var notional: Decimal?
    /// Of the campaign it belongs to, as last reported, in per cent of its limit.
    package var campaignUtilisation: Decimal?
    /// Per cent of the limit, with this trade in the book.
    package var heatAfter: Decimal?

    package init(_ proposal: Proposal, portfolio: Portfolio?, campaign: Campaign?) {
        let value = portfolio?.value?.value
        riskPercentage = Self.risk(of: proposal, portfolioValue: value)
        if let entry = proposal.entryPrice?.value, let quantity = proposal.quantity?.value {
            notional = entry * quantity
        }
        if let campaign, let limit = campaign.riskLimit?.value, limit > 0 {
            campaignUtilisation = campaign.riskAllocated.value / limit * 100
        }
        if let portfolio, let limit = portfolio.heatLimit?.value, limit > 0, let riskPercentage {
            heatAfter = portfolio.totalHeat.value + riskPercentage / limit * 100
        }
    }

    /// What the source says and what its own prices say may differ: the larger one counts.
    private static func risk(of proposal: Proposal, portfolioValue: Decimal?) -> Decimal? {
        var amounts = [proposal.riskAmount?.value].compactMap(\.self)
        if let entry = proposal.entryPrice?.value, let stop = proposal.stopLoss?.value,
            let quantity = proposal.quantity?.value
        {
            let distance = entry - stop
            amounts.append((distance < 0 ? -distance : distance) * quantity)
        }
        var shares = [proposal.riskPercentage?.value].compactMap(\.self)
        if let largest = amounts.max(), let portfolioValue, portfolioValue > 0 {
            shares.append(largest / portfolioValue * 100)
        }
        return shares.max()
    }

    /// At most two decimals, without zeros at the end.
    static func text(_ amount: Decimal) -> String {
        var exact = amount
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, 2, .bankers)
        return rounded.description
    }
}
