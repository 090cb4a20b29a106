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
