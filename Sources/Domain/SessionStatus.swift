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

    package init(
        sessionID: String,
        state: State,
        currentPnL: Quantity,
        totalTrades: Int,
        lossLimitUtilization: Quantity,
        timeElapsed: Int,
        performanceScore: Quantity?
    ) {
        self.sessionID = sessionID
        self.state = state
        self.currentPnL = currentPnL
        self.totalTrades = totalTrades
        self.lossLimitUtilization = lossLimitUtilization
        self.timeElapsed = timeElapsed
        self.performanceScore = performanceScore
    }
}
