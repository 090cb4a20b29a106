/// How much risk the book carries (MSG-07, GAP-10).
package struct Portfolio: Hashable, Sendable, Codable {
    /// Per cent of the limit.
    package var totalHeat: Quantity
    package var availableCapacity: Quantity
    package var timestamp: Timestamp
    /// Per cent of the portfolio's value.
    package var heatLimit: Quantity?
    package var value: Quantity?
    package var sessionPnL: Quantity?

    package init(
        totalHeat: Quantity,
        availableCapacity: Quantity,
        timestamp: Timestamp,
        heatLimit: Quantity? = nil,
        value: Quantity? = nil,
        sessionPnL: Quantity? = nil
    ) {
        self.totalHeat = totalHeat
        self.availableCapacity = availableCapacity
        self.timestamp = timestamp
        self.heatLimit = heatLimit
        self.value = value
        self.sessionPnL = sessionPnL
    }
}
