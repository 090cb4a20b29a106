/// The newest price of a symbol (MSG-20). Prices are not history: they never enter the log.
package struct Price: Hashable, Sendable {
    package var symbol: Symbol
    package var price: Quantity
    package var change: Quantity
    package var changePct: Quantity
    package var volume: Int
    package var bid: Quantity?
    package var ask: Quantity?
    package var at: Timestamp

    package init(
        symbol: Symbol,
        price: Quantity,
        change: Quantity,
        changePct: Quantity,
        volume: Int,
        bid: Quantity?,
        ask: Quantity?,
        at: Timestamp
    ) {
        self.symbol = symbol
        self.price = price
        self.change = change
        self.changePct = changePct
        self.volume = volume
        self.bid = bid
        self.ask = ask
        self.at = at
    }
}
