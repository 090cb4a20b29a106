/// What a signal proposes and what an approval approves (C4).
package enum Side: String, CaseIterable, Sendable, Codable {
    case buy = "BUY"
    case sell = "SELL"
    case hold = "HOLD"
    case neutral = "NEUTRAL"
    case risk = "RISK"

    /// Accepts any case, and `long` and `short` as the markets say them.
    package init?(spoken text: String) {
        switch text.uppercased() {
        case "LONG": self = .buy
        case "SHORT": self = .sell
        case let upper: self.init(rawValue: upper)
        }
    }
}
