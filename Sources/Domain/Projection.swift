/// The desk as the log says it is: what every event so far adds up to. A value; applying an event is its only change.
///
/// It does not grow with the log: it knows all pending signals, those settled ones that changed last, and of everything
/// else the newest so many. What it has forgotten of signals is read from the log, which keeps them for ever.
package struct Projection: DeskState, Sendable {
    /// Settled signals kept here unless told otherwise.
    package static let decidedMax = 10_000
    /// The newest alerts, notices and risk alerts kept for the snapshot (TST-16).
    package static let noticesMax = 50
    package static let patternsMax = 200
    package static let campaignsMax = 1_000
    package static let sessionsMax = 1_000

    /// The offset of the last event applied.
    package private(set) var offset = Offset.start
    /// Alerts, notices and risk alerts, oldest first.
    package private(set) var notices: [RecordedEvent] = []
    package private(set) var pendingCount = 0
    package private(set) var forgotten: Horizon

    private var signals = SignalTable()
    /// Each in the order of their last changes.
    private var pendingBySymbol: [Symbol: [SignalID]] = [:]
    private var portfolioEvent: RecordedEvent?
    private var stopEvent: RecordedEvent?
    private var patternEvents = LatestEvents(countMax: patternsMax)
    private var campaignEvents = LatestEvents(countMax: campaignsMax)
    private var sessionEvents = LatestEvents(countMax: sessionsMax)
    private let decidedMax: Int

    /// The last change of any signal that was forgotten: changes behind it are all known here, earlier ones may not be.
    package struct Horizon: Hashable, Sendable {
        package var changedAt: Offset
        package var updatedAt: Timestamp

        package init(changedAt: Offset, updatedAt: Timestamp) {
            self.changedAt = changedAt
            self.updatedAt = updatedAt
        }

        /// Nothing was forgotten.
        package static let none = Horizon(changedAt: .start, updatedAt: Timestamp(milliseconds: 0))
    }

    package init(decidedMax: Int = Projection.decidedMax, forgotten: Horizon = .none) {
        self.decidedMax = decidedMax
        self.forgotten = forgotten
    }

    // MARK: Signals

    package func signal(_ id: SignalID) -> Signal? { signals[id] }

    package func pending(_ symbol: Symbol) -> [Signal] { (pendingBySymbol[symbol] ?? []).compactMap { signals[$0] } }

    /// All signals in `PENDING_REVIEW`, in no particular order.
    package var pendingSignals: [Signal] { pendingBySymbol.values.joined().compactMap { signals[$0] } }

    /// Up to `count` signals that are no longer pending and changed last, newest change first.
    package func settledSignals(last count: Int) -> [Signal] {
        signals.newest(count) { !$0.status.isAwaitingApproval }.map(\.signal)
    }

    /// Up to `limit` signals that changed behind `position`, oldest change first, each with the offset of its last change.
    package func signals(
        changedAfter position: Offset,
        limit: Int = .max,
        where isWanted: (Signal) -> Bool = { _ in true }
    ) -> [SignalChange] {
        signals.changed(after: position, limit: limit, where: isWanted)
    }

    /// The same of signals that were updated after `moment`.
    package func signals(
        changedSince moment: Timestamp,
        limit: Int = .max,
        where isWanted: (Signal) -> Bool = { _ in true }
    ) -> [SignalChange] {
        signals.changed(since: moment, limit: limit, where: isWanted)
    }

    /// Whether ``signals(changedAfter:limit:where:)`` tells every change behind `position`.
    package func knowsAllChanges(after position: Offset) -> Bool { position >= forgotten.changedAt }

    /// Whether every signal that was updated after `moment` is known here.
    package func knowsAllChanges(since moment: Timestamp) -> Bool {
        forgotten.changedAt == .start || moment >= forgotten.updatedAt
    }

    // MARK: Everything else

    package var portfolio: Portfolio? { portfolioEvent?.event.portfolio }

    /// Oldest report first.
    package var patterns: [Pattern] { patternEvents.inOrder.compactMap(\.event.pattern) }

    package func pattern(_ id: String) -> Pattern? { patternEvents[id]?.event.pattern }

    /// Oldest report first.
    package var campaigns: [Campaign] { campaignEvents.inOrder.compactMap(\.event.campaign) }

    package func campaign(_ id: String) -> Campaign? { campaignEvents[id]?.event.campaign }

    package func session(_ id: String) -> SessionStatus? { sessionEvents[id]?.event.session }

    /// The standstill in force, or the last one there was.
    package var lastStop: DeskStop? { stopEvent?.event.deskStop }

    package var stop: DeskStop? { lastStop.flatMap { $0.isInForce ? $0 : nil } }

    package var timedSignals: [Signal] {
        (pendingSignals + settledSignals(last: .max).filter { $0.awaitsReleaseSince != nil }).filter {
            $0.proposal.expiresAt != nil
        }
    }

    /// Oldest report first.
    package var sessions: [(status: SessionStatus, at: Timestamp)] {
        sessionEvents.inOrder.compactMap { recorded in
            recorded.event.session.map { ($0, recorded.recordedAt) }
        }
    }

    // MARK: Applying

    package mutating func apply(_ recorded: RecordedEvent) {
        precondition(recorded.offset > offset, "events are applied in the order of the log")
        offset = recorded.offset
        if let signal = recorded.event.signal {
            apply(signal, at: recorded.offset)
        } else if recorded.event.deskStop != nil {
            stopEvent = recorded
        } else if let session = recorded.event.session {
            // What people said of a session is not forgotten for newer sessions.
            sessionEvents.record(recorded, of: session.sessionID) { $0.event.session?.control?.isInForce == true }
        } else if case .observed(let observation) = recorded.event {
            apply(observation, recorded)
        }
    }

    private mutating func apply(_ signal: Signal, at offset: Offset) {
        let known = signals.record(signal, at: offset)
        // Amended: it waits where it did.
        if known?.status.isAwaitingApproval == true, signal.status.isAwaitingApproval { return }
        if known?.status.isAwaitingApproval == true {
            pendingCount -= 1
            pendingBySymbol[signal.symbol]?.removeAll { $0 == signal.id }
        }
        if signal.status.isAwaitingApproval {
            pendingCount += 1
            insertPending(signal)
        } else {
            if pendingBySymbol[signal.symbol]?.isEmpty == true { pendingBySymbol[signal.symbol] = nil }
            forgetSettled()
        }
    }

    /// Where it stood before it was decided: one that is pending again is as old as it was.
    private mutating func insertPending(_ signal: Signal) {
        let place = (pendingBySymbol[signal.symbol] ?? []).lastIndex { id in
            signals[id].map { $0.receivedAt <= signal.receivedAt } ?? true
        }
        pendingBySymbol[signal.symbol, default: []].insert(signal.id, at: place.map { $0 + 1 } ?? 0)
    }

    /// Forgets the settled signals whose last change is oldest, in bulk, so that the cost per decision stays constant.
    private mutating func forgetSettled() {
        let settledCount = signals.count - pendingCount
        guard settledCount > decidedMax + decidedMax / 10 else { return }
        for old in signals.removeOldest(settledCount - decidedMax, where: { !$0.status.isAwaitingApproval }) {
            forgotten.changedAt = max(forgotten.changedAt, old.changedAt)
            forgotten.updatedAt = max(forgotten.updatedAt, old.signal.updatedAt)
        }
    }

    private mutating func apply(_ observation: Observation, _ recorded: RecordedEvent) {
        switch observation {
        case .pattern(let pattern): patternEvents.record(recorded, of: pattern.id)
        case .portfolio: portfolioEvent = recorded
        case .campaign(let campaign): campaignEvents.record(recorded, of: campaign.campaignID)
        // Has its own way, see above.
        case .session: break
        // A page lists the decisions of algorithms as they come; they are no news and displace none.
        case .algorithm: break
        case .alert, .notice, .risk:
            notices.append(recorded)
            if notices.count > Self.noticesMax { notices.removeFirst() }
        }
    }

    // MARK: Checkpoints

    var signalOffsets: [Offset] { signals.offsets }

    var observations: [RecordedEvent] {
        let latest = patternEvents.inOrder + campaignEvents.inOrder + sessionEvents.inOrder + notices
        return (latest + [portfolioEvent, stopEvent].compactMap(\.self)).sorted { $0.offset < $1.offset }
    }

    /// What lies between the last event and `offset` changed nothing that is known here.
    mutating func skip(to offset: Offset) { self.offset = offset }
}

extension Event {
    fileprivate var pattern: Pattern? { if case .observed(.pattern(let pattern)) = self { pattern } else { nil } }
    fileprivate var portfolio: Portfolio? {
        if case .observed(.portfolio(let portfolio)) = self { portfolio } else { nil }
    }
    fileprivate var campaign: Campaign? { if case .observed(.campaign(let campaign)) = self { campaign } else { nil } }
}
