/// What a person told a trading session to do (SES-04, GAP-07).
package struct SessionControl: Hashable, Sendable, Codable {
    package enum Action: String, CaseIterable, Sendable, Codable {
        case pause, resume, stop

        /// What the session is then.
        package var state: SessionStatus.State {
            switch self {
            case .pause: .paused
            case .resume: .active
            case .stop: .emergencyStopped
            }
        }

        func isPossible(from state: SessionStatus.State) -> Bool {
            switch (self, state) {
            case (.pause, .active), (.stop, .active), (.stop, .paused): true
            case (.resume, .paused), (.resume, .emergencyStopped): true
            default: false
            }
        }

        /// "A trader … a session"
        var verb: String { "\(rawValue)s" }

        /// "Session s-1 cannot be …"
        var participle: String {
            switch self {
            case .pause: "paused"
            case .resume: "resumed"
            case .stop: "stopped"
            }
        }
    }

    /// Of the click.
    package let id: DecisionID
    package let action: Action
    package let by: UserName
    package let at: Timestamp
    package let reason: String?

    package init(id: DecisionID, action: Action, by: UserName, at: Timestamp, reason: String?) {
        self.id = id
        self.action = action
        self.by = by
        self.at = at
        self.reason = reason
    }

    /// A pause or a stop outweighs what the source reports until somebody resumes.
    package var isInForce: Bool { action != .resume }

    /// What a session is of which its source says `reported`: never more than a person lets it be. That it is over, or was
    /// stopped, is believed.
    func outweighing(_ reported: SessionStatus.State) -> SessionStatus.State {
        switch (action, reported) {
        case (.pause, .active): .paused
        case (.stop, .active), (.stop, .paused): .emergencyStopped
        default: reported
        }
    }
}
