// The emergency stop (GAP-07): one person stops the desk, two resume it.

extension Decider {
    /// Refuses what must not happen while the desk is stopped.
    ///
    /// - Parameter consequence: what did not happen: "Nothing was approved".
    static func requireRunning(_ desk: some DeskState, _ consequence: String) throws(Refusal) {
        if let stop = desk.stop { throw Refusal(by: stop, consequence) }
    }

    /// Anybody who decides may stop: it is the safe direction. Stopping once more takes back what was signed off for resuming,
    /// and is no news when there is nothing to take back.
    static func stop(
        _ click: Command.Click,
        under policy: Policy?,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> [Event] {
        try requireDecider(click.user, "stops the desk", under: policy)
        if let stop = desk.stop, stop.signOffs.isEmpty { return [] }
        return [
            .deskStopped(
                DeskStop(
                    id: click.decisionID,
                    since: desk.stop?.since ?? now,
                    stoppedBy: click.user,
                    stoppedAt: now,
                    reason: click.note,
                    resumeRole: DeskStop.resumeRole(under: policy)
                )
            )
        ]
    }

    /// - Parameter id: the stop that was on the screen; `nil` resumes from whatever there is.
    static func resume(
        _ id: DecisionID?,
        _ click: Command.Click,
        under policy: Policy?,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> [Event] {
        guard var stop = desk.stop else {
            throw Refusal(.deskNotStopped, "The desk is not stopped: there is nothing to resume.")
        }
        if let id, id != stop.id {
            throw Refusal(
                .stopChanged,
                "\(stop.stoppedBy) has stopped the desk anew at \(stop.stoppedAt)\(stop.because). Look at that before you "
                    + "resume.",
                stop: stop
            )
        }
        try requireResumer(click.user, "resumes the desk", under: policy)
        stop.resumeRole = DeskStop.resumeRole(under: policy)
        // Who may no longer resume is not counted either.
        stop.signOffs.removeAll { policy?.mayResume($0.by) == false }
        if let mine = stop.signOffs.first(where: { $0.by.isSamePerson(as: click.user) }) {
            throw Refusal(
                .resumeAddsNothing,
                "You have signed off at \(mine.at). Resuming takes \(DeskStop.resumePeople) different people: ask somebody "
                    + "else to look at it.",
                stop: stop
            )
        }
        stop.signOffs.append(DeskStop.SignOff(id: click.decisionID, by: click.user, at: now))
        guard stop.signOffs.count >= DeskStop.resumePeople else { return [.deskResumeSignedOff(stop)] }
        // First the limits, then the word that they go on.
        let moved = desk.timedSignals.compactMap { postponed($0, by: stop, at: now) }
        stop.resumedAt = now
        return moved.map { Event.signalPostponed($0) } + [.deskResumed(stop)]
    }

    /// Refuses who is not among those that decide; without a policy everybody is.
    ///
    /// - Parameter deed: "stops the desk".
    static func requireDecider(_ user: UserName, _ deed: String, under policy: Policy?) throws(Refusal) {
        guard let policy, !policy.person(user).roles.contains(where: \.mayDecide) else { return }
        throw Refusal(.notPermitted, "A trader or a risk officer \(deed); you are \(policy.role(of: user).name).")
    }

    /// Refuses who may not say that what was stopped goes on: under a policy risk officers do (GAP-06), without one everybody
    /// who decides.
    static func requireResumer(_ user: UserName, _ deed: String, under policy: Policy?) throws(Refusal) {
        guard let policy, !policy.mayResume(user) else { return }
        throw Refusal(.notPermitted, "A risk officer \(deed); you are \(policy.role(of: user).name).")
    }

    /// The signal with a time limit as far from now as it was from the moment when the desk stopped, or when it came if that
    /// was later; `nil` when it had run out before.
    private static func postponed(_ signal: Signal, by stop: DeskStop, at now: Timestamp) -> Signal? {
        guard let expiresAt = signal.proposal.expiresAt, expiresAt > max(stop.since, signal.receivedAt) else {
            return nil
        }
        let byMs = stop.standstillMs(from: signal.receivedAt, to: now)
        guard byMs > 0 else { return nil }
        var next = signal.changed(at: now)
        next.proposal.expiresAt = expiresAt.advanced(byMilliseconds: byMs)
        return next
    }
}

extension Policy {
    fileprivate func mayResume(_ user: UserName) -> Bool { person(user).roles.contains(.risk) }
}

extension DeskStop {
    fileprivate static func resumeRole(under policy: Policy?) -> Role { policy == nil ? .trader : .risk }
}

extension Refusal {
    /// The desk is stopped.
    ///
    /// - Parameter consequence: what did not happen: "Nothing was approved".
    package init(by stop: DeskStop, _ consequence: String) {
        self.init(
            .deskStopped,
            "\(stop.stoppedBy) stopped the desk at \(stop.stoppedAt)\(stop.because). \(consequence); rejecting, undoing and "
                + "withdrawing work. It takes \(DeskStop.resumePeople) people to resume the desk (POST /api/v1/desk/resume); "
                + "then try again.",
            stop: stop
        )
    }
}

extension DeskStop {
    /// ` (“The feed is wrong”)`, or nothing.
    fileprivate var because: String { reason.map { " (“\($0)”)" } ?? "" }
}
