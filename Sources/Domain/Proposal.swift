/// What a source says about a trade. Its terms change by an ``Amendment`` only.
package struct Proposal: Hashable, Sendable, Codable {
    package var symbol: Symbol
    package var side: Side?
    /// Who sent it: an engine, a detector, a webhook.
    package var source: String
    /// The person under whose name it was sent; `nil` when none was given. They may not approve it under a policy.
    package var proposedBy: UserName?
    /// The source's own time.
    package var ts: Timestamp?
    package var expiresAt: Timestamp?
    package var patternType: PatternType?
    package var phase: String?
    package var testConfirmed: Bool?
    /// 0–100.
    package var confidenceScore: Quantity?
    package var entryPrice: Quantity?
    package var stopLoss: Quantity?
    package var targetPrice: Quantity?
    package var quantity: Quantity?
    package var riskAmount: Quantity?
    package var riskPercentage: Quantity?
    package var campaignID: String?
    package var reasoning: String?
    package var unslugScore: Quantity?
    package var fearScore: Quantity?
    package var combinedTrust: Quantity?
    package var recommendation: Recommendation?
    /// Who is told when it is released (CON-18); `nil` is the whole desk.
    package var recipients: [UserName]?

    package init(symbol: Symbol, side: Side? = nil, source: String) {
        self.symbol = symbol
        self.side = side
        self.source = source
    }

    package var confidenceGrade: Grade? { confidenceScore.map(Grade.init(score:)) }

    /// |target − entry| / |entry − stop|, two decimals, half to even (GAP-13); `nil` without the three prices or when
    /// entry equals stop.
    package var rMultiple: Quantity? {
        guard let entry = entryPrice?.number, let stop = stopLoss?.number, let target = targetPrice?.number else {
            return nil
        }
        let (reward, risk) = (target - entry, entry - stop)
        guard risk.units != 0 else { return nil }
        return Quantity(reward.magnitude.divided(by: risk.magnitude, scale: 2))
    }
}

/// The scores document 2 sends beside a signal (APR-11).
package struct Recommendation: Hashable, Sendable, Codable {
    package var suggested: Side?
    package var unslug: Quantity?
    package var fear: Quantity?

    package init(suggested: Side?, unslug: Quantity?, fear: Quantity?) {
        self.suggested = suggested
        self.unslug = unslug
        self.fear = fear
    }
}

/// The Wyckoff events a detector names (APR-15, MSG-03).
package enum PatternType: String, CaseIterable, Sendable, Codable {
    case spring = "SPRING"
    case upthrustAfterDistribution = "UTAD"
    case signOfStrength = "SOS"
    case lastPointOfSupport = "LPS"
    case sellingClimax = "SC"
    case automaticRally = "AR"
    case secondaryTest = "ST"
}
