package import Domain
import Synchronization

/// The newest price of every symbol. A mutex around a dictionary: short, synchronous, shared by all loops.
package final class PriceBook: Sendable {
    /// A symbol beyond this many is shown but not remembered.
    package static let symbolsMax = 10_000

    private let prices = Mutex<[Symbol: Price]>([:])

    package init() {}

    package func record(_ new: [Price]) {
        prices.withLock { prices in
            for price in new where prices[price.symbol] != nil || prices.count < Self.symbolsMax {
                prices[price.symbol] = price
            }
        }
    }

    package func price(of symbol: Symbol) -> Price? { prices.withLock { $0[symbol] } }

    /// All of them, by symbol.
    package var all: [Price] { prices.withLock { $0.values.sorted { $0.symbol < $1.symbol } } }
}
