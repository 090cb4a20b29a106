package import Foundation

/// The amounts that rules ask for: what a signal risks, and what the book will carry with it. `nil` is not known, or too
/// large to be said.
///
/// Decimals of 38 digits: a product of two quantities may be longer than a ``Quantity``.
package struct DeskNumbers: Hashable, Sendable {
    /// Per cent of the portfolio's value: the larger of what the source says and what the money at risk comes to.
    package var riskPercentage: Decimal?
    package var notional: Decimal?
    /// Of the campaign it belongs to, as last reported, in per cent of its limit.
    package var campaignUtilisation: Decimal?
    /// The same with this trade in it.
    package var campaignAfter: Decimal?
    /// Per cent of the limit, with this trade in the book.
    package var heatAfter: Decimal?

    package init(_ proposal: Proposal, portfolio: Portfolio?, campaign: Campaign?) {
        let risk = TradeRisk(of: proposal, in: portfolio)
        // The card shows what the source says; a rule must not pass over it because the desk's own figure is smaller.
        riskPercentage = [risk.percent, proposal.riskPercentage?.value].compactMap(\.self).max().finite
        if let entry = proposal.entryPrice?.value, let quantity = proposal.quantity?.value {
            notional = Optional(abs(entry * quantity)).finite
        }
        if let campaign, let limit = campaign.riskLimit?.value, limit > 0 {
            let used = campaign.riskAllocated.value * 100 / limit
            campaignUtilisation = Optional(used).finite
            campaignAfter = risk.use(addedTo: campaign).map { used + $0 }.finite
        }
        if let portfolio {
            heatAfter = risk.heat(addedTo: portfolio).map { portfolio.totalHeat.value + $0 }.finite
        }
    }

    /// At most two decimals, without zeros at the end.
    static func text(_ amount: Decimal) -> String {
        var exact = amount
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, 2, .bankers)
        return rounded.description
    }
}

extension Decimal? {
    /// Not a number is not known.
    fileprivate var finite: Decimal? { flatMap { $0.isFinite ? $0 : nil } }
}
