/// A risk limit in danger or broken (MSG-12).
package struct RiskAlert: Hashable, Sendable, Codable {
    package enum Level: String, CaseIterable, Sendable, Codable { case warning, critical, emergency }
    package enum Cause: String, CaseIterable, Sendable, Codable {
        case lossLimit = "loss_limit"
        case timeLimit = "time_limit"
        case volatility, correlation
    }

    package var sessionID: String?
    package var level: Level
    package var cause: Cause
    package var message: String
    package var currentValue: Quantity
    package var threshold: Quantity

    package init(
        sessionID: String?,
        level: Level,
        cause: Cause,
        message: String,
        currentValue: Quantity,
        threshold: Quantity
    ) {
        self.sessionID = sessionID
        self.level = level
        self.cause = cause
        self.message = message
        self.currentValue = currentValue
        self.threshold = threshold
    }
}
