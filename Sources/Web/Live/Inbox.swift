import Domain
import Realtime
import Synchronization

/// What has been published and the hub has not come to yet. Bounded, for publishing never waits: events beyond the limit
/// are let go, because the hub finds them in the log, and of prices beyond it only the newest per symbol are kept.
///
/// A mutex around two lists: short, synchronous, shared by publishers and the hub.
final class Inbox: Sendable {
    struct Content {
        /// In the order of the log, but not necessarily without a hole.
        var events: [RecordedEvent] = []
        var prices: [Price] = []

        var isEmpty: Bool { events.isEmpty && prices.isEmpty }
    }

    private let eventsMax: Int
    private let pricesMax: Int
    private let content = Mutex(Content())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(eventsMax: Int, pricesMax: Int) {
        self.eventsMax = eventsMax
        self.pricesMax = pricesMax
    }

    func put(_ publication: Publication) {
        content.withLock { content in
            switch publication {
            case .events(let events):
                content.events += events
                if content.events.count > eventsMax { content.events.removeFirst(content.events.count - eventsMax) }
            case .prices(let prices):
                content.prices += prices
                if content.prices.count > pricesMax { content.prices = newest(content.prices) }
            }
        }
        wakes.continuation.yield()
    }

    /// Something is due though nothing came.
    func wake() { wakes.continuation.yield() }

    func take() -> Content {
        content.withLock { content in
            defer { content = Content() }
            return content
        }
    }

    /// Yields after something was put, and when woken; what several puts brought may have been taken at once.
    var arrivals: AsyncStream<Void> { wakes.stream }

    /// One price per symbol, in the order of the last ones; the oldest go when even these are too many.
    private func newest(_ prices: [Price]) -> [Price] {
        var seen: Set<Symbol> = []
        return prices.reversed().filter { seen.insert($0.symbol).inserted }.prefix(pricesMax / 2).reversed()
    }
}
