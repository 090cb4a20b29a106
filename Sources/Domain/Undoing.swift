/// An approval that was taken back before it left the desk (C4): who had approved, and who undid it.
///
/// A signal tells of the last one; every one is in the log.
package struct Undoing: Hashable, Sendable, Codable {
    /// Of the click that undid.
    package let id: DecisionID
    package let undoneBy: UserName
    package let undoneAt: Timestamp
    package let approvedAs: Side
    package let approvedBy: UserName
    package let approvedAt: Timestamp

    package init(
        id: DecisionID,
        undoneBy: UserName,
        undoneAt: Timestamp,
        approvedAs: Side,
        approvedBy: UserName,
        approvedAt: Timestamp
    ) {
        self.id = id
        self.undoneBy = undoneBy
        self.undoneAt = undoneAt
        self.approvedAs = approvedAs
        self.approvedBy = approvedBy
        self.approvedAt = approvedAt
    }
}

/// Where an approval stands between the click and leaving the desk.
package enum UndoWindow: Hashable, Sendable {
    /// Anybody who decides may take it back.
    case open
    /// It is leaving: nobody may any more.
    case over
    /// A halt kept it from leaving in time, so it never will; it can still be taken back.
    case held
}
