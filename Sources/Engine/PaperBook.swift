import Domain
import HeapModule

/// All trades on paper, by the prices they wait for.
///
/// A price of a symbol that nobody follows costs one look into a table; one that reaches no level of any trade two comparisons
/// more, however many trades there are. A trade is looked at once or twice in its life.
struct PaperBook: Sendable {
    struct Limits: Hashable, Sendable {
        /// A signal beyond this many is not followed.
        var tradesMax = 5_000
        /// Levels of ended trades are dropped when there are more than so many for each that is followed.
        var levelsPerTradeMax = 8
    }

    enum Admission: Hashable, Sendable {
        case followed
        /// Its side, entry and stop make no trade, or it is known already.
        case nothingToFollow
        case full
    }

    private struct Followed {
        var trade: PaperTrade
        let dueMs: Int64
        /// Grows with every step, so that levels of before it are known to be old.
        var step = 0
    }

    private let limits: Limits
    private var followed: [SignalID: Followed] = [:]
    private var watches: [Symbol: Watch] = [:]
    private var due = DueQueue()
    /// What has ended and is not yet in the log.
    private var endings: [SignalID: PaperResult] = [:]
    /// What has changed since it was last saved.
    private var unsaved: Set<SignalID> = []
    private var forgotten: Set<SignalID> = []

    init(limits: Limits = Limits()) { self.limits = limits }

    /// Those that are followed, or have ended and are not in the log yet.
    var count: Int { followed.count }

    /// Prices that are waited for, those of ended trades included.
    var levelsCount: Int { watches.values.reduce(0) { $0 + $1.levelsCount } }

    func trade(_ id: SignalID) -> PaperTrade? { followed[id]?.trade }

    // MARK: Coming and going

    /// - Parameter price: where the market is in this moment, if that is known.
    mutating func follow(
        _ id: SignalID,
        _ trade: PaperTrade?,
        until dueMs: Int64,
        price: Quantity? = nil,
        at now: Timestamp
    ) -> Admission {
        guard let trade, followed[id] == nil else { return .nothingToFollow }
        guard followed.count < limits.tradesMax else { return .full }
        followed[id] = Followed(trade: trade, dueMs: dueMs)
        due.add(id, at: dueMs)
        watches[trade.symbol, default: Watch()].tradesCount += 1
        unsaved.insert(id)
        forgotten.remove(id)
        settle(id)
        if let price, trade.stage == .new { step(id, price, now) }
        return .followed
    }

    /// Of one whose result is in the log.
    mutating func remove(_ id: SignalID) {
        guard let gone = followed.removeValue(forKey: id) else { return }
        endings[id] = nil
        unsaved.remove(id)
        forgotten.insert(id)
        watches[gone.trade.symbol]?.tradesCount -= 1
        if watches[gone.trade.symbol]?.tradesCount == 0 { watches[gone.trade.symbol] = nil }
    }

    /// What an earlier process has saved of it is of no use any more.
    mutating func forget(_ id: SignalID) { forgotten.insert(id) }

    // MARK: Prices and time

    /// Whether a price of this symbol means anything.
    func isWatched(_ symbol: Symbol) -> Bool { watches[symbol] != nil }

    /// - Parameter now: asked only when a level is reached.
    mutating func see(_ price: Quantity, of symbol: Symbol, at now: () -> Timestamp) {
        guard let reached = watches[symbol]?.take(price), !reached.isEmpty else { return }
        let now = now()
        for entry in reached where followed[entry.id]?.step == entry.step { step(entry.id, price, now) }
        let most = (watches[symbol]?.tradesCount ?? 0) * limits.levelsPerTradeMax
        if let watch = watches[symbol], watch.levelsCount > max(most, limits.levelsPerTradeMax) {
            watches[symbol]?.keepLevels { [followed] in followed[$0.id]?.step == $0.step }
        }
    }

    /// Ends what was followed long enough.
    mutating func end(at uptimeMs: Int64, now: Timestamp, limit: Int) {
        for (id, _) in due.takeDue(at: uptimeMs, limit: limit) {
            guard var entry = followed[id], entry.dueMs <= uptimeMs, entry.trade.result == nil else { continue }
            entry.trade.end(at: now, last: watches[entry.trade.symbol]?.last)
            replace(id, entry)
        }
    }

    private mutating func step(_ id: SignalID, _ price: Quantity, _ now: Timestamp) {
        guard var entry = followed[id] else { return }
        entry.trade.see(price, at: now)
        replace(id, entry)
    }

    private mutating func replace(_ id: SignalID, _ changed: Followed) {
        var changed = changed
        changed.step += 1
        followed[id] = changed
        unsaved.insert(id)
        settle(id)
    }

    /// Waits for what happens to it next.
    private mutating func settle(_ id: SignalID) {
        guard let entry = followed[id] else { return }
        if let result = entry.trade.result {
            endings[id] = result
        } else {
            watches[entry.trade.symbol]?.wait(id, entry.step, for: entry.trade)
        }
    }

    // MARK: What is to be written

    /// Some of what has ended and is not in the log.
    func ended(limit: Int) -> [(id: SignalID, result: PaperResult)] {
        endings.prefix(limit).map { (id: $0, result: $1) }
    }

    struct Unsaved: Sendable {
        let trades: [SignalID: PaperTrade]
        let forgotten: [SignalID]

        /// At least one, so that there is always something to say until when prices were watched.
        func parts(tradesMax: Int) -> [Unsaved] {
            let ids = Array(trades.keys)
            return stride(from: 0, to: max(ids.count, 1), by: tradesMax).map { start in
                let some = ids[start...].prefix(tradesMax).compactMap { id in trades[id].map { (id, $0) } }
                return Unsaved(
                    trades: Dictionary(some) { one, _ in one },
                    forgotten: start == 0 ? forgotten : []
                )
            }
        }
    }

    var hasUnsaved: Bool { !unsaved.isEmpty || !forgotten.isEmpty }

    /// - Parameter all: also those of which only the last price is another one.
    func unsaved(all: Bool) -> Unsaved {
        var trades: [SignalID: PaperTrade] = [:]
        for id in all ? Array(followed.keys) : Array(unsaved) {
            guard var trade = followed[id]?.trade else { continue }
            if let last = watches[trade.symbol]?.last { trade.last = last }
            trades[id] = trade
        }
        return Unsaved(trades: trades, forgotten: Array(forgotten))
    }

    /// What has changed in the meantime stays to be saved.
    mutating func saved(_ part: Unsaved) {
        for (id, trade) in part.trades where followed[id]?.trade.stage == trade.stage { unsaved.remove(id) }
        forgotten.subtract(part.forgotten)
    }
}

/// The prices at which something happens to trades of one symbol.
private struct Watch: Sendable {
    struct Level: Comparable, Sendable {
        let price: Quantity
        let id: SignalID
        let step: Int

        static func < (one: Level, other: Level) -> Bool { one.price < other.price }
        static func == (one: Level, other: Level) -> Bool { one.price == other.price }
    }

    var tradesCount = 0
    private(set) var last: Quantity?
    /// Waiting for any price at all.
    private var new: [(id: SignalID, step: Int)] = []
    private var above = Heap<Level>()
    private var below = Heap<Level>()

    var levelsCount: Int { above.count + below.count + new.count }

    mutating func wait(_ id: SignalID, _ step: Int, for trade: PaperTrade) {
        if trade.stage == .new {
            new.append((id, step))
            return
        }
        let levels = trade.levels
        if let price = levels.above { above.insert(Level(price: price, id: id, step: step)) }
        if let price = levels.below { below.insert(Level(price: price, id: id, step: step)) }
    }

    /// The trades for which this price means something.
    mutating func take(_ price: Quantity) -> [(id: SignalID, step: Int)] {
        last = price
        var reached = new
        if !new.isEmpty { new = [] }
        while let level = above.min, level.price <= price {
            above.removeMin()
            reached.append((level.id, level.step))
        }
        while let level = below.max, level.price >= price {
            below.removeMax()
            reached.append((level.id, level.step))
        }
        return reached
    }

    mutating func keepLevels(where isWaitedFor: ((id: SignalID, step: Int)) -> Bool) {
        new.removeAll { !isWaitedFor($0) }
        above = Heap(above.unordered.filter { isWaitedFor(($0.id, $0.step)) })
        below = Heap(below.unordered.filter { isWaitedFor(($0.id, $0.step)) })
    }
}
