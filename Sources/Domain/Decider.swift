/// What the decider may know of the desk.
package protocol DeskState {
    func signal(_ id: SignalID) -> Signal?
    /// Signals of `symbol` in `PENDING_REVIEW`, oldest first.
    func pending(_ symbol: Symbol) -> [Signal]
    /// What was reported last of the book, and of one campaign.
    var portfolio: Portfolio? { get }
    func campaign(_ id: String) -> Campaign?
    /// Whether the time limit of a pending signal has passed: by a clock that nobody sets, where the state has one.
    func isExpired(_ signal: Signal, at now: Timestamp) -> Bool
    /// Where an approval stands that has not left the desk.
    func undoWindow(of signal: Signal, at now: Timestamp) -> UndoWindow
    /// The newest price of `symbol`, which no log holds.
    func price(of symbol: Symbol) -> Price?
    var driftLimits: DriftLimits { get }
    /// The standstill in force; `nil` while the desk runs.
    var stop: DeskStop? { get }
    /// Signals whose time limit counts: those that wait, and approved ones that could be undone.
    var timedSignals: [Signal] { get }
    func session(_ id: String) -> SessionStatus?
}

extension DeskState {
    /// Not known, which is strict: see ``Policy``.
    package var portfolio: Portfolio? { nil }
    package func campaign(_ id: String) -> Campaign? { nil }
    package func isExpired(_ signal: Signal, at now: Timestamp) -> Bool {
        signal.isExpired(at: stop.map { max($0.since, signal.receivedAt) } ?? now)
    }
    package func undoWindow(of signal: Signal, at now: Timestamp) -> UndoWindow { .open }
    package func price(of symbol: Symbol) -> Price? { nil }
    package var driftLimits: DriftLimits { DriftLimits() }
    package var stop: DeskStop? { nil }
    package var timedSignals: [Signal] { [] }
    package func session(_ id: String) -> SessionStatus? { nil }
}

/// Says what follows from a command. Pure: no clock, no randomness, no store.
package enum Decider {
    /// The events that follow from `command` at `now`, in order.
    ///
    /// - Parameter policy: Who must approve; `nil` when one person is enough.
    package static func decide(
        _ command: Command,
        in desk: some DeskState,
        under policy: Policy? = nil,
        at now: Timestamp
    ) throws(Refusal) -> [Event] {
        switch command {
        case .receive(let id, let proposal):
            if let known = desk.signal(id) {
                throw Refusal(.signalExists, "A signal with the id \(id) is already on the desk.", signals: [known])
            }
            let waiting = limited(proposal, since: now, by: policy, in: desk)
            return [.signalReceived(Signal(id: id, proposal: waiting, receivedAt: now))]
        case .approve(let target, let side, let click):
            // Before all else: while the desk is stopped there is no other answer.
            try requireRunning(desk, "Nothing was approved")
            let signal = try pendingSignal(target, click, in: desk, at: now) { signal throws(Refusal) in
                try checkTerms(signal, click, in: desk, at: now)
            }
            if let policy { return [try approve(signal, as: side, click, under: policy, in: desk, at: now)] }
            return [.signalApproved(decided(signal, .approved(side), .approved(as: side), click, at: now))]
        case .reject(let target, let reason, let click):
            let signal = try pendingSignal(target, click, in: desk, at: now)
            if let policy { return [try reject(signal, reason: reason, click, under: policy, in: desk, at: now)] }
            return [.signalRejected(decided(signal, .rejected, .rejected(reason: reason), click, at: now))]
        case .expire(let id):
            guard desk.stop == nil, let signal = desk.signal(id), desk.isExpired(signal, at: now) else { return [] }
            return [.signalExpired(signal.moved(to: .expired, at: now))]
        case .release(let id, let decision):
            guard desk.stop == nil, let signal = desk.signal(id), signal.awaitsReleaseSince != nil,
                decision == nil || signal.decision?.id == decision
            else { return [] }
            return [.signalReleased(signal.released(at: now))]
        case .undo(let id, let click): return [try undo(id, click, under: policy, in: desk, at: now)]
        case .extend(let id, let minutes, let click):
            return [try extend(id, by: minutes, click, under: policy, in: desk, at: now)]
        case .withdraw(let id, let report): return [try withdraw(id, report, in: desk, at: now)]
        case .reportExecuted(let id, let report):
            return [.signalExecuted(try ended(id, .executed, report, in: desk, at: now))]
        case .reportFailed(let id, let report):
            return [.signalFailed(try ended(id, .failed, report, in: desk, at: now))]
        case .stopDesk(let click): return try stop(click, under: policy, in: desk, at: now)
        case .resumeDesk(let id, let click): return try resume(id, click, under: policy, in: desk, at: now)
        case .controlSession(let id, let action, let click):
            return [try control(id, action, click, under: policy, in: desk, at: now)]
        case .observe(.session(let report)): return [.observed(.session(reported(report, in: desk)))]
        case .observe(let observation):
            return [.observed(observation)]
        case .amend(let id, let amendment, let request):
            return try amend(id, amendment, request, under: policy, in: desk, at: now)
        case .measure(let id, let result): return measure(id, result, in: desk, at: now)
        }
    }

    private static func decided(
        _ signal: Signal,
        _ status: SignalStatus,
        _ outcome: Decision.Outcome,
        _ click: Command.Click,
        at now: Timestamp
    ) -> Signal {
        let decision = Decision(
            id: click.decisionID,
            outcome: outcome,
            decidedBy: click.user,
            decidedAt: now,
            note: click.note,
            acceptedPrice: click.acceptedPrice
        )
        return signal.moved(to: status, decision: decision, at: now)
    }

    /// The signal a decision is about, if it can still be decided (GAP-09).
    static func pendingSignal(
        _ target: Command.Target,
        _ click: Command.Click,
        in desk: some DeskState,
        at now: Timestamp,
        check: (Signal) throws(Refusal) -> Void = { _ in }
    ) throws(Refusal) -> Signal {
        let signal = try resolve(target, in: desk)
        guard signal.status.isAwaitingApproval else { throw tooLate(signal) }
        guard !desk.isExpired(signal, at: now) else { throw expired(signal) }
        // Before the version: it says what has changed, the version only that something has.
        try check(signal)
        if let expected = click.expectedVersion, signal.hasTerms(ofVersion: expected) { return signal }
        try checkVersion(signal, click.expectedVersion)
        return signal
    }

    static func checkVersion(_ signal: Signal, _ expected: Int?) throws(Refusal) {
        guard let expected, expected != signal.version else { return }
        throw Refusal(
            .versionConflict,
            "\(signal.symbol) has changed since it was on your screen (version \(expected), now \(signal.version)). "
                + "Look at it again and decide on what it is now.",
            signals: [signal]
        )
    }

    private static func resolve(_ target: Command.Target, in desk: some DeskState) throws(Refusal) -> Signal {
        switch target {
        case .signal(let id): return try known(id, in: desk)
        case .symbol(let symbol):
            let pending = desk.pending(symbol)
            guard let first = pending.first else {
                throw Refusal(.symbolNotPending, "No signal of \(symbol) is waiting for a decision.")
            }
            guard pending.count == 1 else {
                throw Refusal(
                    .symbolAmbiguous,
                    "\(pending.count) signals of \(symbol) are waiting. Decide on one of them by its id.",
                    signals: pending
                )
            }
            return first
        }
    }

    static func known(_ id: SignalID, in desk: some DeskState) throws(Refusal) -> Signal {
        guard let signal = desk.signal(id) else {
            throw Refusal(.signalNotFound, "There is no signal with the id \(id).")
        }
        return signal
    }

    static func tooLate(_ signal: Signal) -> Refusal {
        if signal.status == .expired { return expired(signal) }
        guard let decision = signal.decision else {
            return Refusal(.alreadyDecided, "\(signal.symbol) is \(signal.status.rawValue).", signals: [signal])
        }
        let outcome =
            switch decision.outcome {
            case .approved(let side): "approved as \(side.rawValue)"
            case .rejected: "rejected"
            }
        return Refusal(
            .alreadyDecided,
            "\(decision.decidedBy) decided first: \(signal.symbol) was \(outcome) at \(decision.decidedAt).",
            signals: [signal]
        )
    }

    static func expired(_ signal: Signal) -> Refusal {
        let moment = signal.proposal.expiresAt.map { " at \($0)" } ?? ""
        return Refusal(
            .signalExpired,
            "\(signal.symbol) expired\(moment) and can no longer be decided. Ask its source for a new signal.",
            signals: [signal]
        )
    }
}
