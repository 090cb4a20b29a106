import Domain

/// Values the tests talk about.
enum Sample {
    static let now = Timestamp(milliseconds: 1_705_314_600_000)

    static func symbol(_ text: String = "AAPL") -> Symbol {
        guard let symbol = Symbol(text) else { preconditionFailure("\(text) is no symbol") }
        return symbol
    }

    static func user(_ text: String = "alice") -> UserName {
        guard let user = UserName(text) else { preconditionFailure("\(text) is no name") }
        return user
    }

    static func quantity(_ text: String) -> Quantity {
        guard let quantity = Quantity(text) else { preconditionFailure("\(text) is no quantity") }
        return quantity
    }

    static func proposal(_ symbol: String = "AAPL", expiresAt: Timestamp? = nil) -> Proposal {
        var proposal = Proposal(symbol: Self.symbol(symbol), side: .buy, source: "tests")
        proposal.expiresAt = expiresAt
        return proposal
    }

    static func click(_ user: String = "alice", note: String? = nil, version: Int? = nil) -> Command.Click {
        Command.Click(decisionID: DecisionID(), user: Self.user(user), note: note, expectedVersion: version)
    }

    static func recorded(_ event: Event, at offset: Int64) -> RecordedEvent {
        RecordedEvent(offset: Offset(offset), recordedAt: now, event: event)
    }

    static func notice(_ id: String) -> Observation { .notice(Notice(id: id, message: "text", kind: .info)) }

    static let algorithmDecision = Observation.algorithm(
        AlgorithmDecision(
            sessionID: "s1",
            algorithmID: "momentum",
            choice: .buy,
            reasoning: "The trend holds.",
            confidence: quantity("71"),
            symbol: symbol(),
            price: quantity("185.50"),
            volume: 1
        )
    )

    static func pattern(_ id: String) -> Pattern {
        Pattern(
            id: id,
            symbol: symbol(),
            patternType: .spring,
            confidenceScore: quantity("82"),
            phase: "C",
            testConfirmed: true
        )
    }
}

extension Projection {
    /// Decides `command` here and applies what follows, as the engine does.
    @discardableResult
    mutating func run(_ command: Command, at now: Timestamp = Sample.now) throws(Refusal) -> [Event] {
        let events = try Decider.decide(command, in: self, at: now)
        for event in events { apply(RecordedEvent(offset: offset.next, recordedAt: now, event: event)) }
        return events
    }
}
