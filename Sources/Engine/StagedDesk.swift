import Domain
import Realtime

/// The desk as it will be once the requests decided so far in this batch are committed.
///
/// What one request changes is tried first, then kept or dropped as a whole, so that nothing is copied per request.
struct StagedDesk: DeskState {
    private let base: Projection
    private let deadlines: Deadlines
    private let time: DeskTime.Reading
    private var kept: [SignalID: Signal] = [:]
    private var tried: [SignalID: Signal] = [:]
    /// Signals that the base does not know as pending, in the order they came.
    private var new: [SignalID] = []
    private var newKept = 0
    /// What was observed in this batch.
    private var keptNumbers = Numbers()
    private var triedNumbers = Numbers()

    private struct Numbers {
        var portfolio: Portfolio?
        var campaigns: [String: Campaign] = [:]
    }

    private let prices: PriceBook
    let driftLimits: DriftLimits

    init(
        base: Projection,
        deadlines: Deadlines,
        time: DeskTime.Reading,
        prices: PriceBook = PriceBook(),
        driftLimits: DriftLimits = DriftLimits()
    ) {
        self.base = base
        self.deadlines = deadlines
        self.time = time
        self.prices = prices
        self.driftLimits = driftLimits
    }

    func price(of symbol: Symbol) -> Price? { prices.price(of: symbol) }

    func signal(_ id: SignalID) -> Signal? { tried[id] ?? kept[id] ?? base.signal(id) }

    func pending(_ symbol: Symbol) -> [Signal] {
        let known = base.pending(symbol).map(\.id)
        let others = new.filter { !known.contains($0) }
        return (known + others).compactMap { signal($0) }.filter { $0.symbol == symbol && $0.status.isAwaitingApproval }
    }

    func isExpired(_ signal: Signal, at now: Timestamp) -> Bool {
        deadlines.isExpired(signal, wall: time.wall, uptimeMs: time.uptimeMs)
    }

    func undoWindow(of signal: Signal, at now: Timestamp) -> UndoWindow {
        deadlines.undoWindow(of: signal, stamp: time.stamp, uptimeMs: time.uptimeMs)
    }

    var portfolio: Portfolio? { triedNumbers.portfolio ?? base.portfolio }

    func campaign(_ id: String) -> Campaign? { triedNumbers.campaigns[id] ?? base.campaign(id) }

    /// Makes a signal known that the projection has already forgotten.
    mutating func recall(_ signal: Signal) {
        guard self.signal(signal.id) == nil else { return }
        kept[signal.id] = signal
    }

    /// Shows the events to the rest of the request.
    mutating func stage(_ events: [Event]) {
        for case .observed(let observation) in events {
            switch observation {
            case .portfolio(let portfolio): triedNumbers.portfolio = portfolio
            case .campaign(let campaign): triedNumbers.campaigns[campaign.campaignID] = campaign
            default: break
            }
        }
        for case let signal? in events.map(\.signal) {
            let known = self.signal(signal.id)
            let isPendingAgain = signal.status.isAwaitingApproval && known?.status.isAwaitingApproval == false
            if known == nil || isPendingAgain && !new.contains(signal.id) { new.append(signal.id) }
            tried[signal.id] = signal
        }
    }

    /// The request is carried out: what it staged holds for those behind it.
    mutating func keep() {
        kept.merge(tried) { _, changed in changed }
        tried.removeAll(keepingCapacity: true)
        newKept = new.count
        keptNumbers = triedNumbers
    }

    /// The request is refused: nothing of it happened.
    mutating func drop() {
        tried.removeAll(keepingCapacity: true)
        new.removeLast(new.count - newKept)
        triedNumbers = keptNumbers
    }
}
