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
    /// The latest event about a standstill, and of each session, of the requests decided so far.
    private var keptAround = Surroundings()
    private var triedAround = Surroundings()
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

    private struct Surroundings {
        var stop: DeskStop?
        var sessions: [String: SessionStatus] = [:]
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

    var stop: DeskStop? {
        guard let staged = triedAround.stop ?? keptAround.stop else { return base.stop }
        return staged.isInForce ? staged : nil
    }

    func session(_ id: String) -> SessionStatus? {
        triedAround.sessions[id] ?? keptAround.sessions[id] ?? base.session(id)
    }

    var timedSignals: [Signal] {
        var signals = Dictionary(base.timedSignals.map { ($0.id, $0) }) { $1 }
        for signal in [kept, tried].flatMap(\.values) { signals[signal.id] = self.signal(signal.id) }
        return signals.values.filter { signal in
            signal.proposal.expiresAt != nil && (signal.status.isAwaitingApproval || signal.awaitsReleaseSince != nil)
        }.sorted { ($0.receivedAt, $0.id.description) < ($1.receivedAt, $1.id.description) }
    }

    func isExpired(_ signal: Signal, at now: Timestamp) -> Bool {
        deadlines.isExpired(signal, wall: time.wall, uptimeMs: time.runningMs)
    }

    func undoWindow(of signal: Signal, at now: Timestamp) -> UndoWindow {
        deadlines.undoWindow(of: signal, stamp: time.stamp, uptimeMs: time.runningMs)
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
        for event in events {
            if let stop = event.deskStop { triedAround.stop = stop }
            if let session = event.session { triedAround.sessions[session.sessionID] = session }
        }
    }

    /// The request is carried out: what it staged holds for those behind it.
    mutating func keep() {
        kept.merge(tried) { _, changed in changed }
        tried.removeAll(keepingCapacity: true)
        keptAround.stop = triedAround.stop ?? keptAround.stop
        keptAround.sessions.merge(triedAround.sessions) { _, changed in changed }
        triedAround = Surroundings()
        newKept = new.count
        keptNumbers = triedNumbers
    }

    /// The request is refused: nothing of it happened.
    mutating func drop() {
        tried.removeAll(keepingCapacity: true)
        triedAround = Surroundings()
        new.removeLast(new.count - newKept)
        triedNumbers = keptNumbers
    }
}
