import Domain

/// The desk as it will be once the requests decided so far in this batch are committed.
struct StagedDesk: DeskState {
    private let base: Projection
    private var changed: [SignalID: Signal] = [:]

    init(base: Projection) { self.base = base }

    func signal(_ id: SignalID) -> Signal? { changed[id] ?? base.signal(id) }

    func pending(_ symbol: Symbol) -> [Signal] {
        let known = base.pending(symbol)
        guard !changed.isEmpty else { return known }
        let kept = known.compactMap { changed[$0.id] ?? $0 }
        let added = changed.values
            .filter { signal in signal.symbol == symbol && !known.contains { $0.id == signal.id } }
            .sorted { ($0.receivedAt, $0.id.description) < ($1.receivedAt, $1.id.description) }
        return (kept + added).filter(\.status.isAwaitingApproval)
    }

    /// Makes a signal known that the projection has already forgotten.
    mutating func recall(_ signal: Signal) {
        guard self.signal(signal.id) == nil else { return }
        changed[signal.id] = signal
    }

    mutating func stage(_ events: [Event]) {
        for case let signal? in events.map(\.signal) { changed[signal.id] = signal }
    }
}
