/// What a signal would have made by its own plan, from the prices that followed: the end of a ``PaperTrade``.
package struct PaperResult: Hashable, Sendable, Codable {
    /// A raw value is for ever.
    package enum Ending: String, CaseIterable, Hashable, Sendable, Codable {
        case target
        case stop
        /// Still open when the time to follow it was over: marked to the last price.
        case time
        /// The market did not come to the entry, or reached the stop or the target before it.
        case notFilled = "not_filled"
        /// No price of the symbol was seen at all.
        case noPrices = "no_prices"
    }

    package let ending: Ending
    /// `BUY` or `SELL`: which way the plan goes.
    package let side: Side
    /// Two decimals, in units of the planned risk; `nil` when it was never in the market.
    package let r: Quantity?
    /// The decision from which on prices were followed.
    package let startedAt: Timestamp
    package let endedAt: Timestamp
    package let entryPrice: Quantity?
    package let enteredAt: Timestamp?
    package let exitPrice: Quantity?
    /// For so long in all the desk was not there to see prices: what they did in that time is not known. Rounded up.
    package let unwatchedSeconds: Int

    package init(
        _ ending: Ending,
        side: Side,
        r: Quantity? = nil,
        startedAt: Timestamp,
        endedAt: Timestamp,
        entryPrice: Quantity? = nil,
        enteredAt: Timestamp? = nil,
        exitPrice: Quantity? = nil,
        unwatchedSeconds: Int = 0
    ) {
        self.ending = ending
        self.side = side
        self.r = r
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.entryPrice = entryPrice
        self.enteredAt = enteredAt
        self.exitPrice = exitPrice
        self.unwatchedSeconds = unwatchedSeconds
    }
}
