/// What somebody asks the desk to do. The ``Decider`` says what follows from it. Indirect as ``Event`` is.
package indirect enum Command: Hashable, Sendable, Codable {
    case receive(SignalID, Proposal)
    case approve(Target, as: Side, Click)
    case reject(Target, reason: String, Click)
    /// The desk's own timer asks; nobody else may.
    case expire(SignalID)
    /// The desk's own timer asks, when an approval can no longer be undone; nobody else may.
    ///
    /// - Parameter of: the approval that was waited for; what was approved anew meanwhile waits for its own moment.
    case release(SignalID, of: DecisionID? = nil)
    /// Takes back an approval that has not left the desk.
    case undo(SignalID, Click)
    /// Puts off the time limit of a pending signal.
    case extend(SignalID, minutes: Int, Click)
    /// A source takes back its own signal while nobody has decided on it.
    case withdraw(SignalID, Report)
    /// A source reports that a released signal was carried out.
    case reportExecuted(SignalID, Report = Report(by: "api"))
    /// A source reports that a released signal could not be carried out.
    case reportFailed(SignalID, Report)
    case observe(Observation)
    /// A source changes the terms of a signal that still waits.
    case amend(SignalID, Amendment, SourceRequest)
    /// Stops the whole desk; the click's note says why.
    case stopDesk(Click)
    /// Signs off that the desk goes on.
    ///
    /// - Parameter from: the stop that was on the screen.
    case resumeDesk(from: DecisionID?, Click)
    /// Pauses, resumes or stops a trading session; the click's note says why.
    case controlSession(String, SessionControl.Action, Click)
    /// The desk itself has followed a decided signal to its end; nobody else may say so.
    case measure(SignalID, PaperResult)

    /// Which signal a decision is about: itself, or the only pending one of a symbol (GAP-03).
    package enum Target: Hashable, Sendable, Codable {
        case signal(SignalID)
        case symbol(Symbol)
    }

    /// What a program says of a signal, see ``SourceReport``.
    package struct Report: Hashable, Sendable, Codable {
        package let by: String
        package let reason: String?
        package let price: Quantity?
        package let quantity: Quantity?
        package let orderID: String?

        package init(
            by: String,
            reason: String? = nil,
            price: Quantity? = nil,
            quantity: Quantity? = nil,
            orderID: String? = nil
        ) {
            self.by = by
            self.reason = reason
            self.price = price
            self.quantity = quantity
            self.orderID = orderID
        }
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
