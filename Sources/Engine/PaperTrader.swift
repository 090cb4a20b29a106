import Domain
package import Logging
package import Realtime
import ServiceLifecycle
package import Storage
import Synchronization

/// Follows decided signals on paper until it is known what they would have made, and has that written into the log
/// (docs/Architecture.md, "The decision-quality ledger").
///
/// It hears of decisions and prices as every tab does, from the backplane, and decides nothing: what it has found out is a
/// request to the desk like any other. All state is one value behind a mutex, held for short synchronous work.
package final class PaperTrader: Service {
    package struct Limits: Hashable, Sendable {
        /// How long a signal is followed, from its decision on; 0 follows none.
        package var followMs: Int64 = 24 * 3_600_000
        /// More signals at once are not followed.
        package var tradesMax = 5_000
        package var checkIntervalMs = 1_000
        package var resultsPerRequestMax = 100
        /// So that decisions get their turn.
        package var tradesPerTransactionMax = 500
        /// So often the last prices are saved; a kill loses no more of what was watched.
        package var saveIntervalMs: Int64 = 60_000
        package init() {}
    }

    /// How it is doing.
    package struct Standing: Hashable, Sendable {
        package var following = 0
        /// Signals since the start that were not followed because there were too many.
        package var passedOver = 0

        package init(following: Int = 0, passedOver: Int = 0) {
            self.following = following
            self.passedOver = passedOver
        }
    }

    package let limits: Limits
    private let desk: Desk
    private let store: any PaperTradeStore
    private let prices: PriceBook
    private let priceAgeMsMax: Int64
    private let clock: any DeskClock
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var book: PaperBook
        var passedOver = 0
        var savedAtMs: Int64?
    }

    /// - Parameter store: where it keeps how far it has come; the results are the desk's to store.
    package init(
        desk: Desk,
        store: any PaperTradeStore,
        backplane: any Backplane,
        prices: PriceBook,
        clock: any DeskClock = SystemDeskClock(),
        priceAgeMsMax: Int64 = DriftLimits().priceAgeMsMax,
        limits: Limits = Limits(),
        logger: Logger
    ) {
        self.desk = desk
        self.store = store
        self.prices = prices
        self.priceAgeMsMax = priceAgeMsMax
        self.clock = clock
        self.limits = limits
        self.logger = logger
        var bookLimits = PaperBook.Limits()
        bookLimits.tradesMax = limits.tradesMax
        state = Mutex(State(book: PaperBook(limits: bookLimits)))
        if limits.followMs > 0 {
            backplane.subscribe { [weak self] publication in self?.hear(publication) }
        }
    }

    package var standing: Standing {
        state.withLock { state in Standing(following: state.book.count, passedOver: state.passedOver) }
    }

    /// Goes on where an earlier process has stopped. Call once, when the desk has recovered and before anybody is served.
    ///
    /// What happened to prices in between nobody knows; each trade says for how long.
    package func recover() async throws(StoreError) {
        guard limits.followMs > 0 else { return }
        let saved = try await store.paperTrades()
        let now = clock.now()
        var resumed = 0
        for (id, trade) in saved.trades {
            guard let signal = try await desk.signal(id), signal.paperResult == nil else {
                state.withLock { $0.book.forget(id) }
                continue
            }
            if resume(id, trade, watchedUntil: saved.watchedUntil ?? trade.startedAt, at: now) { resumed += 1 }
        }
        var begun = 0
        for signal in await desk.unmeasured() where saved.trades[signal.id] == nil {
            guard let trade = PaperTrade(of: signal),
                now.milliseconds - trade.startedAt.milliseconds < limits.followMs
            else { continue }
            if resume(signal.id, trade, watchedUntil: trade.startedAt, at: now) { begun += 1 }
        }
        guard resumed + begun > 0 else { return }
        logger.info(
            "signals followed on paper again",
            metadata: ["as_saved": "\(resumed)", "from_the_log": "\(begun)"]
        )
    }

    private func resume(_ id: SignalID, _ trade: PaperTrade, watchedUntil: Timestamp, at now: Timestamp) -> Bool {
        var trade = trade
        if trade.result == nil {
            trade.missed(milliseconds: now.milliseconds - max(watchedUntil, trade.startedAt).milliseconds)
        }
        return follow(id, trade, price: nil, at: now)
    }

    /// Writes down what ends, until the task is cancelled or the service shuts down; to be stopped after the desk.
    package func run() async throws {
        // A service that ends ends the others.
        guard limits.followMs > 0 else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown { await self.keep() }
        await save(all: true)
    }

    private func keep() async {
        while (try? await clock.sleep(milliseconds: limits.checkIntervalMs)) != nil { await check() }
    }

    /// What is done again and again.
    package func check() async {
        let uptimeMs = clock.uptimeMs()
        let now = clock.now()
        let mustSave = state.withLock { state in
            state.book.end(at: uptimeMs, now: now, limit: limits.tradesMax)
            let isTime = state.book.count > 0 && uptimeMs - (state.savedAtMs ?? .min / 2) >= limits.saveIntervalMs
            if isTime { state.savedAtMs = uptimeMs }
            return (any: isTime || state.book.hasUnsaved, all: isTime)
        }
        // First what has ended: a kill in between finds the result again, and nothing follows from it twice.
        if mustSave.any { await save(all: mustSave.all) }
        while await recordSome() {}
    }

    /// Has results written down, and says whether there may be more.
    private func recordSome() async -> Bool {
        let ended = state.withLock { $0.book.ended(limit: limits.resultsPerRequestMax) }
        guard !ended.isEmpty else { return false }
        do throws(DeskError) {
            _ = try await desk.submit(DeskRequest(ended.map { .measure($0.id, $0.result) }))
        } catch {
            if case .closing = error { return false }
            logger.error("results on paper not stored", metadata: ["error": "\(error)", "signals": "\(ended.count)"])
            return false
        }
        state.withLock { state in for (id, _) in ended { state.book.remove(id) } }
        return true
    }

    private func save(all: Bool) async {
        let unsaved = state.withLock { $0.book.unsaved(all: all) }
        let now = clock.now()
        do throws(StoreError) {
            for part in unsaved.parts(tradesMax: limits.tradesPerTransactionMax) {
                try await store.save(paperTrades: part.trades, forgetting: part.forgotten, watchedUntil: now)
                state.withLock { $0.book.saved(part) }
            }
        } catch {
            logger.error("trades on paper not saved", metadata: ["error": "\(error)"])
        }
    }

    // MARK: What it hears

    private func hear(_ publication: Publication) {
        switch publication {
        case .prices(let prices):
            state.withLock { state in
                for price in prices { state.book.see(price.price, of: price.symbol) { clock.now() } }
            }
        case .events(let events):
            for recorded in events { hear(recorded.event, at: recorded.recordedAt) }
        }
    }

    private func hear(_ event: Event, at moment: Timestamp) {
        switch event {
        case .signalRejected(let signal), .signalExpired(let signal), .signalWithdrawn(let signal),
            .signalReleased(let signal):
            guard let trade = PaperTrade(of: signal) else { return }
            let price = prices.price(of: signal.symbol)
            let isFresh = price.map { clock.now().milliseconds - $0.at.milliseconds <= priceAgeMsMax } ?? false
            _ = follow(signal.id, trade, price: isFresh ? price?.price : nil, at: moment)
        case .signalMeasured(let signal): state.withLock { $0.book.remove(signal.id) }
        default: break
        }
    }

    private func follow(_ id: SignalID, _ trade: PaperTrade, price: Quantity?, at now: Timestamp) -> Bool {
        let agedMs = max(0, clock.now().milliseconds - trade.startedAt.milliseconds)
        let dueMs = clock.uptimeMs() + max(0, limits.followMs - agedMs)
        let admission = state.withLock { state in
            let admission = state.book.follow(id, trade, until: dueMs, price: price, at: now)
            if admission == .full { state.passedOver += 1 }
            return admission
        }
        if admission == .full {
            logger.warning(
                "signal not followed on paper: too many are",
                metadata: ["signal_id": "\(id)", "followed": "\(limits.tradesMax)"]
            )
        }
        return admission == .followed
    }
}
