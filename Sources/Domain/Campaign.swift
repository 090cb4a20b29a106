/// A group of positions that share a risk budget (MSG-08, C15, GAP-10).
package struct Campaign: Hashable, Sendable, Codable {
    package var campaignID: String
    package var riskAllocated: Quantity
    package var positionsCount: Int
    package var riskLimit: Quantity?

    package init(campaignID: String, riskAllocated: Quantity, positionsCount: Int, riskLimit: Quantity?) {
        self.campaignID = campaignID
        self.riskAllocated = riskAllocated
        self.positionsCount = positionsCount
        self.riskLimit = riskLimit
    }

    /// Allocated risk in per cent of the limit, two decimals; `nil` without a limit above zero.
    package var utilisationPct: Quantity? {
        guard let riskLimit, riskLimit > 0 else { return nil }
        return Quantity(riskAllocated.number.divided(by: riskLimit.number, times: 100, scale: 2))
    }
}
