/// The whole desk at a standstill (GAP-07): who stopped it, and how far people are with resuming it.
///
/// While it is in force nothing is approved, nothing leaves and no time limit goes on; rejecting, undoing and withdrawing
/// are the safe direction and go on.
package struct DeskStop: Hashable, Sendable, Codable {
    /// Stopping takes one person, resuming two: whoever stopped may be one of them.
    package static let resumePeople = 2

    /// One of those who want the desk to go on.
    package struct SignOff: Hashable, Sendable, Codable {
        /// Of the click.
        package let id: DecisionID
        package let by: UserName
        package let at: Timestamp

        package init(id: DecisionID, by: UserName, at: Timestamp) {
            self.id = id
            self.by = by
            self.at = at
        }
    }

    /// Of the click that stopped; names the stop that a person who resumes has seen.
    package let id: DecisionID
    /// Since when the desk stands still: that of the first, when it was stopped once more while it stood still.
    package let since: Timestamp
    package let stoppedBy: UserName
    package let stoppedAt: Timestamp
    package let reason: String?
    /// Who resumes: a risk officer under a policy, else whoever decides. As it was when this was said; the policy in force
    /// counts.
    package var resumeRole: Role
    /// Oldest first.
    package var signOffs: [SignOff]
    package var resumedAt: Timestamp?

    package init(
        id: DecisionID,
        since: Timestamp,
        stoppedBy: UserName,
        stoppedAt: Timestamp,
        reason: String?,
        resumeRole: Role = .trader,
        signOffs: [SignOff] = [],
        resumedAt: Timestamp? = nil
    ) {
        self.id = id
        self.since = since
        self.stoppedBy = stoppedBy
        self.stoppedAt = stoppedAt
        self.reason = reason
        self.resumeRole = resumeRole
        self.signOffs = signOffs
        self.resumedAt = resumedAt
    }

    package var isInForce: Bool { resumedAt == nil }

    /// How much of the time from `start` to `end` the desk stood still.
    package func standstillMs(from start: Timestamp, to end: Timestamp) -> Int64 {
        max(0, min(resumedAt ?? end, end).milliseconds - max(since, start).milliseconds)
    }
}

extension UserName {
    /// `Ann` and `ann` are one person where two different people are asked for.
    func isSamePerson(as other: UserName) -> Bool { text.lowercased() == other.text.lowercased() }
}
