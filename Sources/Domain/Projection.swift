/// The desk as the log says it is: what every event so far adds up to. A value; applying an event is its only change.
package struct Projection: DeskState, Sendable {
    /// Settled signals kept here unless told otherwise; older ones are read from the log.
    package static let decidedMax = 10_000
    /// The newest alerts, notices and risk alerts kept for the snapshot (TST-16).
    package static let noticesMax = 50
    package static let patternsMax = 200

    /// The offset of the last event applied.
    package private(set) var offset = Offset.start
    package private(set) var portfolio: Portfolio?
    package private(set) var campaigns: [String: Campaign] = [:]
    package private(set) var patterns: [Pattern] = []
    package private(set) var sessions: [String: (status: SessionStatus, at: Timestamp)] = [:]
    /// Alerts, notices, risk alerts and algorithm decisions, oldest first.
    package private(set) var notices: [RecordedEvent] = []

    private var entries: [SignalID: Entry] = [:]
    private var pendingBySymbol: [Symbol: [SignalID]] = [:]
    /// Signals that left `PENDING_REVIEW`, in the order they did.
    private var settled: [SignalID] = []
    private let decidedMax: Int
    private var forgotten = Horizon(changedAt: .start, updatedAt: Timestamp(milliseconds: 0))

    /// The last change of any signal that was forgotten: changes behind it are all known here, earlier ones may not be.
    private struct Horizon {
        var changedAt: Offset
        var updatedAt: Timestamp
    }

    private struct Entry {
        var signal: Signal
        var changedAt: Offset
    }

    package init(decidedMax: Int = Projection.decidedMax) { self.decidedMax = decidedMax }

    package func signal(_ id: SignalID) -> Signal? { entries[id]?.signal }

    package func pending(_ symbol: Symbol) -> [Signal] {
        (pendingBySymbol[symbol] ?? []).compactMap { entries[$0]?.signal }
    }

    package var pendingCount: Int { pendingBySymbol.values.reduce(0) { $0 + $1.count } }

    /// All signals in `PENDING_REVIEW`, in no particular order.
    package var pendingSignals: [Signal] {
        pendingBySymbol.values.joined().compactMap { entries[$0]?.signal }
    }

    /// Up to `count` signals that were settled last, newest first.
    package func settledSignals(last count: Int) -> [Signal] {
        settled.suffix(count).reversed().compactMap { entries[$0]?.signal }
    }

    /// Signals that changed behind `position`, oldest change first, each with the offset of its last change.
    package func signals(changedAfter position: Offset) -> [(signal: Signal, changedAt: Offset)] {
        entries.values.filter { $0.changedAt > position }
            .sorted { $0.changedAt < $1.changedAt }
            .map { ($0.signal, $0.changedAt) }
    }

    /// Whether ``signals(changedAfter:)`` tells every change behind `position`.
    package func knowsAllChanges(after position: Offset) -> Bool { position >= forgotten.changedAt }

    /// Whether every signal that was updated after `moment` is known here.
    package func knowsAllChanges(since moment: Timestamp) -> Bool {
        forgotten.changedAt == .start || moment >= forgotten.updatedAt
    }

    package mutating func apply(_ recorded: RecordedEvent) {
        precondition(recorded.offset > offset, "events are applied in the order of the log")
        offset = recorded.offset
        if let signal = recorded.event.signal {
            apply(signal, at: recorded.offset)
        } else if case .observed(let observation) = recorded.event {
            apply(observation, recorded)
        }
    }

    private mutating func apply(_ signal: Signal, at offset: Offset) {
        let known = entries.updateValue(Entry(signal: signal, changedAt: offset), forKey: signal.id)?.signal
        switch (known?.status.isAwaitingApproval, signal.status.isAwaitingApproval) {
        case (true, true), (false, false): break
        case (nil, true): pendingBySymbol[signal.symbol, default: []].append(signal.id)
        case (false, true):
            // Undone, within seconds of its decision: near the end of the list.
            if let index = settled.lastIndex(of: signal.id) { settled.remove(at: index) }
            pendingBySymbol[signal.symbol, default: []].append(signal.id)
        case (true, false):
            pendingBySymbol[signal.symbol]?.removeAll { $0 == signal.id }
            if pendingBySymbol[signal.symbol]?.isEmpty == true { pendingBySymbol[signal.symbol] = nil }
            settle(signal.id)
        // It was forgotten and has changed once more.
        case (nil, false): settle(signal.id)
        }
    }

    /// Forgets the oldest settled signals in bulk, so that the cost per decision stays constant.
    private mutating func settle(_ id: SignalID) {
        settled.append(id)
        guard settled.count > decidedMax + decidedMax / 10 else { return }
        for old in settled.prefix(settled.count - decidedMax) {
            guard let entry = entries.removeValue(forKey: old) else { continue }
            forgotten.changedAt = max(forgotten.changedAt, entry.changedAt)
            forgotten.updatedAt = max(forgotten.updatedAt, entry.signal.updatedAt)
        }
        settled.removeFirst(settled.count - decidedMax)
    }

    private mutating func apply(_ observation: Observation, _ recorded: RecordedEvent) {
        switch observation {
        case .pattern(let pattern):
            patterns.removeAll { $0.id == pattern.id }
            patterns.append(pattern)
            if patterns.count > Self.patternsMax { patterns.removeFirst() }
        case .portfolio(let portfolio): self.portfolio = portfolio
        case .campaign(let campaign): campaigns[campaign.campaignID] = campaign
        case .session(let status): sessions[status.sessionID] = (status, recorded.recordedAt)
        case .algorithm, .alert, .notice, .risk:
            notices.append(recorded)
            if notices.count > Self.noticesMax { notices.removeFirst() }
        }
    }
}
