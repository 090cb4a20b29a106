import Foundation

/// What a source reports about the world around the signals. Each is logged as it came and changes no signal.
package enum Observation: Hashable, Sendable, Codable {
    case pattern(Pattern)
    case portfolio(Portfolio)
    case campaign(Campaign)
    case session(SessionStatus)
    case algorithm(AlgorithmDecision)
    case alert(Alert)
    case notice(Notice)
    case risk(RiskAlert)
}

/// A detected pattern (MSG-03).
package struct Pattern: Hashable, Sendable, Codable {
    package var id: String
    package var symbol: Symbol
    package var patternType: PatternType
    /// 0–100; detectors send 70–95.
    package var confidenceScore: Quantity
    package var phase: String
    package var testConfirmed: Bool

    package init(
        id: String,
        symbol: Symbol,
        patternType: PatternType,
        confidenceScore: Quantity,
        phase: String,
        testConfirmed: Bool
    ) {
        self.id = id
        self.symbol = symbol
        self.patternType = patternType
        self.confidenceScore = confidenceScore
        self.phase = phase
        self.testConfirmed = testConfirmed
    }
}

/// How much risk the book carries (MSG-07, GAP-10).
package struct Portfolio: Hashable, Sendable, Codable {
    /// Per cent of the limit.
    package var totalHeat: Quantity
    package var availableCapacity: Quantity
    package var timestamp: Timestamp
    /// Per cent of the portfolio's value.
    package var heatLimit: Quantity?
    package var value: Quantity?
    package var sessionPnL: Quantity?

    package init(
        totalHeat: Quantity,
        availableCapacity: Quantity,
        timestamp: Timestamp,
        heatLimit: Quantity? = nil,
        value: Quantity? = nil,
        sessionPnL: Quantity? = nil
    ) {
        self.totalHeat = totalHeat
        self.availableCapacity = availableCapacity
        self.timestamp = timestamp
        self.heatLimit = heatLimit
        self.value = value
        self.sessionPnL = sessionPnL
    }
}

/// A group of positions that share a risk budget (MSG-08, C15, GAP-10).
package struct Campaign: Hashable, Sendable, Codable {
    package var campaignID: String
    package var riskAllocated: Quantity
    package var positionsCount: Int
    package var riskLimit: Quantity?

    package init(campaignID: String, riskAllocated: Quantity, positionsCount: Int, riskLimit: Quantity?) {
        self.campaignID = campaignID
        self.riskAllocated = riskAllocated
        self.positionsCount = positionsCount
        self.riskLimit = riskLimit
    }

    /// Allocated risk in per cent of the limit, two decimals; `nil` without a limit above zero.
    package var utilisationPct: Quantity? {
        guard let riskLimit, riskLimit.value > 0 else { return nil }
        return Quantity(riskAllocated.value * 100 / riskLimit.value, fractionDigits: 2)
    }
}

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

/// What an algorithm decided and why (MSG-11).
package struct AlgorithmDecision: Hashable, Sendable, Codable {
    package enum Choice: String, CaseIterable, Sendable, Codable {
        case buy, sell, hold
        case closePosition = "close_position"
    }

    package var sessionID: String
    package var algorithmID: String
    package var choice: Choice
    package var reasoning: String
    /// 0–100.
    package var confidence: Quantity
    package var symbol: Symbol
    package var price: Quantity
    package var volume: Int

    package init(
        sessionID: String,
        algorithmID: String,
        choice: Choice,
        reasoning: String,
        confidence: Quantity,
        symbol: Symbol,
        price: Quantity,
        volume: Int
    ) {
        self.sessionID = sessionID
        self.algorithmID = algorithmID
        self.choice = choice
        self.reasoning = reasoning
        self.confidence = confidence
        self.symbol = symbol
        self.price = price
        self.volume = volume
    }
}

/// A condition somebody asked to be told about (MSG-21).
package struct Alert: Hashable, Sendable, Codable {
    package enum Severity: String, CaseIterable, Sendable, Codable { case info, warning, critical }

    package var id: String
    package var symbol: Symbol?
    /// For example `price_threshold`.
    package var type: String
    package var message: String
    package var severity: Severity

    package init(id: String, symbol: Symbol?, type: String, message: String, severity: Severity) {
        self.id = id
        self.symbol = symbol
        self.type = type
        self.message = message
        self.severity = severity
    }
}

/// A system notification (MSG-23, SES-12).
package struct Notice: Hashable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Sendable, Codable { case info, success, warning, error }

    package var id: String
    package var message: String
    package var kind: Kind

    package init(id: String, message: String, kind: Kind) {
        self.id = id
        self.message = message
        self.kind = kind
    }
}

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
