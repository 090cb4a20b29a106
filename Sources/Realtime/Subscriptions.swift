package import Domain
package import Wire

/// What one connection asked to receive (C5, SUB-01…04).
package struct Subscriptions: Hashable, Sendable {
    package private(set) var channels: Set<Channel> {
        didSet { coverAllButPrices = channels.isSuperset(of: Channel.initial) }
    }
    /// What `prices` covers: `nil` is every symbol, empty is none.
    package private(set) var symbols: Set<Symbol>?
    /// Asked for every broadcast, hence kept.
    private(set) var coverAllButPrices = true
    var coverAllPrices: Bool { symbols == nil }

    /// A connection that has said nothing: everything but prices (GAP-15).
    package init() {
        channels = Channel.initial
        symbols = []
    }

    /// - Parameter symbols: thins `prices` only; `nil` means every symbol. A list is added to the list that is there.
    package mutating func subscribe(_ channel: Channel, symbols wanted: [Symbol]? = nil) {
        channels.insert(channel)
        guard channel == .prices else { return }
        symbols = wanted.map { Set($0).union(symbols ?? []) }
        dropPricesIfNoSymbol()
    }

    package mutating func unsubscribe(_ channel: Channel) {
        channels.remove(channel)
        if channel == .prices { symbols = [] }
    }

    /// Takes one symbol from the list; a subscription to every symbol is not a list and stays.
    package mutating func unsubscribe(_ symbol: Symbol) {
        symbols?.remove(symbol)
        dropPricesIfNoSymbol()
    }

    package func wants(_ broadcast: Broadcast) -> Bool {
        if broadcast.isForEveryTab { return true }
        if let symbol = broadcast.symbol { return wantsPrice(of: symbol) }
        return broadcast.channel.map(channels.contains) ?? true
    }

    package func wantsPrice(of symbol: Symbol) -> Bool {
        symbols?.contains(symbol) ?? true
    }

    private mutating func dropPricesIfNoSymbol() {
        if symbols?.isEmpty == true { channels.remove(.prices) }
    }
}
