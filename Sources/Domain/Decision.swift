/// Who decided what about a signal, and when (APR-04).
package struct Decision: Hashable, Sendable, Codable {
    package enum Outcome: Hashable, Sendable, Codable {
        case approved(as: Side)
        case rejected(reason: String)
    }

    package let id: DecisionID
    package let outcome: Outcome
    package let decidedBy: UserName
    package let decidedAt: Timestamp
    package let note: String?
    /// A price away from the entry that whoever approved had seen and took.
    package let acceptedPrice: Quantity?
    /// By which policy it was decided; `nil` when there was none.
    package var policy: Policy.Stamp?
    /// How long the approval can be undone; `nil` for the desk's own time.
    package var undoWindowMs: Int64?
    /// Rejected by somebody whose role has the veto; `nil` is no.
    package var isVeto: Bool?

    package init(
        id: DecisionID,
        outcome: Outcome,
        decidedBy: UserName,
        decidedAt: Timestamp,
        note: String?,
        acceptedPrice: Quantity? = nil
    ) {
        self.id = id
        self.outcome = outcome
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.note = note
        self.acceptedPrice = acceptedPrice
    }
}
