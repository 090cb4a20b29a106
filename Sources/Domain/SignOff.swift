/// One person's approval of a signal that needs more than one (GAP-06): who, counted as what, when.
///
/// What is approved is what was on the screen: when the terms change, all of them fall (``Signal/withoutSignOffs()``).
package struct SignOff: Hashable, Sendable, Codable {
    /// The click that gave it.
    package let id: DecisionID
    package let user: UserName
    /// What the approval was counted for.
    package let role: Role
    /// What was approved; everybody who signs off a signal approves the same.
    package let side: Side
    package let at: Timestamp
    package let note: String?
    /// How many different people the policy asked for when it was given: "1 of 2".
    package let needed: Int
    /// The version of the signal that it made.
    package let version: Int
    package let policy: Policy.Stamp

    package init(
        id: DecisionID,
        user: UserName,
        role: Role,
        side: Side,
        at: Timestamp,
        note: String?,
        needed: Int,
        version: Int,
        policy: Policy.Stamp
    ) {
        self.id = id
        self.user = user
        self.role = role
        self.side = side
        self.at = at
        self.note = note
        self.needed = needed
        self.version = version
        self.policy = policy
    }
}

extension Signal {
    /// Those who have signed off so far, oldest first; of an approved signal all who approved it under a policy.
    package var approvers: [UserName] {
        let users = (signOffs ?? []).map(\.user)
        guard let decision, case .approved = decision.outcome, !users.contains(decision.decidedBy) else { return users }
        return users + [decision.decidedBy]
    }

    /// The signal with one more approval, which was not the last one it needs.
    func signedOff(_ signOff: SignOff, at now: Timestamp) -> Signal {
        var next = self
        next.signOffs = (signOffs ?? []) + [signOff]
        next.version = signOff.version
        next.updatedAt = now
        return next
    }

    /// For whoever changes the terms or takes an approval back: nobody has approved what it is now. Changes no version.
    package func withoutSignOffs() -> Signal {
        var next = self
        next.signOffs = nil
        return next
    }

    /// Whether a decision on `version` is one on the terms that stand now: sign-offs of others change no term.
    func hasTerms(ofVersion version: Int) -> Bool {
        guard version < self.version else { return version == self.version }
        let made = Set((signOffs ?? []).map(\.version))
        return ((version + 1)...self.version).allSatisfy(made.contains)
    }
}
