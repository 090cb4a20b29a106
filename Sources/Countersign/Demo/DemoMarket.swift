import Domain
import Foundation

/// A made-up market: prices that wander, each around where it began. A value; its randomness is handed in.
struct DemoMarket {
    struct Quote {
        let symbol: Symbol
        /// In cents.
        let opening: Int
        var cents: Int
        var volume: Int
    }

    private(set) var quotes: [Quote]

    init() {
        let openings: [(String, Int)] = [
            ("AAPL", 18_550), ("MSFT", 41_230), ("NVDA", 87_645), ("TSLA", 17_620), ("AMZN", 17_815), ("GOOGL", 15_290),
            ("META", 48_410), ("SPY", 51_235), ("QQQ", 43_780), ("BTC-USD", 6_843_200), ("AMD", 16_210),
            ("JPM", 19_875),
        ]
        quotes = openings.compactMap { text, cents in
            Symbol(text).map { Quote(symbol: $0, opening: cents, cents: cents, volume: 0) }
        }
    }

    /// One second of trading.
    mutating func tick(using random: inout some RandomNumberGenerator) {
        for index in quotes.indices {
            let quote = quotes[index]
            // Calm enough that most entries are still good when somebody decides.
            let reach = max(2, quote.opening / 8_000)
            let pull = (quote.opening - quote.cents) / 200
            quotes[index].cents = max(1, quote.cents + Int.random(in: -reach...reach, using: &random) + pull)
            quotes[index].volume += Int.random(in: 100...9_000, using: &random)
        }
    }

    func prices(at now: Timestamp) -> [Price] {
        quotes.compactMap { quote in
            let change = quote.cents - quote.opening
            let changePct = Decimal(change) * 100 / Decimal(quote.opening)
            return Price(
                symbol: quote.symbol,
                price: Self.money(quote.cents),
                change: Self.money(change),
                changePct: Quantity(changePct, fractionDigits: 2),
                volume: quote.volume,
                bid: Self.money(quote.cents - max(1, quote.opening / 20_000)),
                ask: Self.money(quote.cents + max(1, quote.opening / 20_000)),
                at: now
            )
        }
    }

    static func money(_ cents: Int) -> Quantity { Quantity(Decimal(cents) / 100, fractionDigits: 2) }
}
