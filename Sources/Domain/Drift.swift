import Foundation

/// How far the market may have moved from the entry of a signal that is being approved.
package struct DriftLimits: Hashable, Sendable {
    /// In R, the distance from entry to stop; `nil` lets any price through.
    package var rMax: Quantity? = Quantity("0.25")
    /// An older price says nothing of the market now.
    package var priceAgeMsMax: Int64 = 60_000

    package init() {}
}

/// Where the market is, seen from the entry of a signal.
package struct Drift: Hashable, Sendable {
    package let entry: Quantity
    package let price: Quantity
    package let at: Timestamp
    /// Up to four decimals; below zero towards the stop, above it away from the stop.
    package let r: Quantity
    package let rMax: Quantity?
    /// False for a price that is too old to go by.
    package let isFresh: Bool
    /// Compared exactly, before ``r`` is rounded.
    package let isTooFar: Bool

    private let reachMax: Decimal?

    /// `nil` without a price, and for a signal without entry and stop, which has no R.
    package init?(of proposal: Proposal, at quote: Price?, limits: DriftLimits, now: Timestamp) {
        guard let quote, let entry = proposal.entryPrice, let stop = proposal.stopLoss, entry != stop else {
            return nil
        }
        let (moved, risk) = (quote.price.number - entry.number, entry.number - stop.number)
        let distance = moved.magnitude.divided(by: risk.magnitude, scale: 4)
        let isTowardsStop = moved.units != 0 && (moved.units < 0) == (risk.units > 0)
        self.entry = entry
        price = quote.price
        at = quote.at
        r = Quantity(ScaledInteger(units: isTowardsStop ? -distance.units : distance.units, scale: 4)).normal
        rMax = limits.rMax
        isFresh = now.milliseconds - quote.at.milliseconds <= limits.priceAgeMsMax
        reachMax = limits.rMax.map { $0.value * Self.distance(entry, stop) }
        isTooFar = isFresh && reachMax.map { Self.distance(quote.price, entry) > $0 } ?? false
    }

    /// Whether it is too far although somebody has said that they take this price: they have seen one that is as near to
    /// the market as the entry would have to be.
    func isTooFar(having accepted: Quantity?) -> Bool {
        guard isTooFar, let accepted, let reachMax else { return isTooFar }
        return Self.distance(price, accepted) > reachMax
    }

    var difference: Difference { Difference(field: .price, was: entry.text, is: price.text) }

    /// `AAPL is at 150.60, 0.4667 R from its entry at 150.25`
    func sentence(_ symbol: Symbol) -> String {
        let distance = r.text.hasPrefix("-") ? "\(r.text.dropFirst()) R towards its stop" : "\(r.text) R"
        return "\(symbol) is at \(price), \(distance) from its entry at \(entry)"
    }

    private static func distance(_ one: Quantity, _ other: Quantity) -> Decimal { abs(one.value - other.value) }
}
