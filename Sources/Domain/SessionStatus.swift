/// The state of a trading session (MSG-10).
package struct SessionStatus: Hashable, Sendable, Codable {
    package enum State: String, CaseIterable, Sendable, Codable {
        case active, paused, completed, expired
        case emergencyStopped = "emergency_stopped"
    }

    package var sessionID: String
    package var state: State
    package var currentPnL: Quantity
    package var totalTrades: Int
    package var lossLimitUtilization: Quantity
    /// Seconds.
    package var timeElapsed: Int
    package var performanceScore: Quantity?
    /// What a person said of it last; of a resume only in the event of it.
    package var control: SessionControl?
    /// What its source says it is, when a person's word outweighs that.
    package var reportedState: State?
    /// What it was before this event, when that was something else.
    package var previousState: State?

    package init(
        sessionID: String,
        state: State,
        currentPnL: Quantity,
        totalTrades: Int,
        lossLimitUtilization: Quantity,
        timeElapsed: Int,
        performanceScore: Quantity?,
        control: SessionControl? = nil,
        reportedState: State? = nil,
        previousState: State? = nil
    ) {
        self.sessionID = sessionID
        self.state = state
        self.currentPnL = currentPnL
        self.totalTrades = totalTrades
        self.lossLimitUtilization = lossLimitUtilization
        self.timeElapsed = timeElapsed
        self.performanceScore = performanceScore
        self.control = control
        self.reportedState = reportedState
        self.previousState = previousState
    }
}
