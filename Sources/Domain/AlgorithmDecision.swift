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
