/// What somebody asks the desk to do. The ``Decider`` says what follows from it. Indirect as ``Event`` is.
package indirect enum Command: Hashable, Sendable, Codable {
    case receive(SignalID, Proposal)
    case approve(Target, as: Side, Click)
    case reject(Target, reason: String, Click)
    /// The desk's own timer asks; nobody else may.
    case expire(SignalID)
    /// The desk's own timer asks, when an approval can no longer be undone; nobody else may.
    case release(SignalID)
    /// A source reports that an approved signal was carried out.
    case reportExecuted(SignalID)
    case observe(Observation)
    /// A source changes the terms of a signal that still waits.
    case amend(SignalID, Amendment, SourceRequest)

    /// Which signal a decision is about: itself, or the only pending one of a symbol (GAP-03).
    package enum Target: Hashable, Sendable, Codable {
        case signal(SignalID)
        case symbol(Symbol)
    }

    /// What every decision says besides its outcome.
    package struct Click: Hashable, Sendable, Codable {
        package let decisionID: DecisionID
        package let user: UserName
        package let note: String?
        /// The version of the signal that was on the screen; `nil` decides on whatever is there.
        package let expectedVersion: Int?
        /// The terms that were on the screen; `nil` takes whatever they are.
        package var terms: Terms?
        /// A price away from the entry that the person has seen and takes.
        package let acceptedPrice: Quantity?

        package init(
            decisionID: DecisionID,
            user: UserName,
            note: String? = nil,
            expectedVersion: Int? = nil,
            terms: Terms? = nil,
            acceptedPrice: Quantity? = nil
        ) {
            self.decisionID = decisionID
            self.user = user
            self.note = note
            self.expectedVersion = expectedVersion
            self.terms = terms
            self.acceptedPrice = acceptedPrice
        }
    }

    /// Which source asks, and what it knows of the signal.
    package struct SourceRequest: Hashable, Sendable, Codable {
        package let source: String
        /// The version that the source has seen; `nil` takes whatever is there.
        package let expectedVersion: Int?

        package init(source: String, expectedVersion: Int? = nil) {
            self.source = source
            self.expectedVersion = expectedVersion
        }
    }
}
