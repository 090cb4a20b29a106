// Trading sessions: sources report them, people pause, stop and resume them (SES-01, SES-04, GAP-07).

extension Decider {
    /// What a person tells a session to do: whoever decides may, but that one goes on which was stopped in an emergency is for
    /// those who resume the desk.
    static func control(
        _ id: String,
        _ action: SessionControl.Action,
        _ click: Command.Click,
        under policy: Policy?,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Event {
        guard var session = desk.session(id) else {
            throw Refusal(
                .sessionNotFound,
                "There is no session with the id \(Line.quoted(id)). Its source has to report it first."
            )
        }
        try requireDecider(click.user, "\(action.verb) a session", under: policy)
        if action == .resume, session.state == .emergencyStopped {
            try requireResumer(click.user, "resumes a session that was stopped", under: policy)
        }
        if action == .resume { try requireRunning(desk, "No session is resumed") }
        guard action.isPossible(from: session.state) else { throw impossible(action, session) }
        let control = SessionControl(id: click.decisionID, action: action, by: click.user, at: now, reason: click.note)
        // What its source says is kept: after a pause and a stop it is still what it was.
        session.reportedState = action == .resume ? nil : session.reportedState ?? session.state
        session.previousState = session.state
        session.state = action.state
        session.control = control
        return .sessionControlled(session)
    }

    private static func impossible(_ action: SessionControl.Action, _ session: SessionStatus) -> Refusal {
        let whose = session.control.flatMap { $0.isInForce ? ", by \($0.by) at \($0.at)" : nil } ?? ""
        let advice =
            switch session.state {
            case .completed, .expired: "It is over."
            case .active: "It runs."
            case .paused, .emergencyStopped: "Resume it, or leave it as it is."
            }
        return Refusal(
            .sessionState,
            "Session \(session.sessionID) is \(session.state.rawValue)\(whose) and cannot be \(action.participle). \(advice)",
            session: session
        )
    }

    /// What a source's report comes to: its numbers, and of its state what the people let it be.
    static func reported(_ report: SessionStatus, in desk: some DeskState) -> SessionStatus {
        guard let known = desk.session(report.sessionID) else { return report }
        var next = report
        if let control = known.control, control.isInForce {
            next.control = control
            next.state = control.outweighing(report.state)
            next.reportedState = next.state == report.state ? nil : report.state
        }
        next.previousState = next.state == known.state ? nil : known.state
        return next
    }
}
