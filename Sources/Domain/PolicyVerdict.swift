/// What one person may do about one signal, in the words that `policy explain`, a refusal and the page all use.
package struct PolicyVerdict: Hashable, Sendable {
    /// `reason` says why not; `nil` when they may.
    package struct Approval: Hashable, Sendable {
        package let reason: String?
        /// What the approval would count for.
        let role: Role?
        /// True when it cannot be given for a while only: because it was given, or would add nothing.
        let isPremature: Bool

        package var isAllowed: Bool { reason == nil }
    }

    package struct Rejection: Hashable, Sendable {
        package let reason: String?
        package let isVeto: Bool

        package var isAllowed: Bool { reason == nil }
    }

    package let approve: Approval
    package let reject: Rejection
}

extension Policy.Standing {
    /// Who is still missing: "1 trader and 1 risk officer".
    package var missingWords: String {
        let missing = missing
        let parts = [
            missing.traders > 0 ? Role.trader.counted(missing.traders) : nil,
            missing.risk > 0 ? Role.risk.counted(missing.risk) : nil,
        ]
        return parts.compactMap(\.self).joined(separator: " and ")
    }

    /// - Parameter user: `nil` for who has not said a name: they see and decide nothing.
    package func verdict(for user: UserName?) -> PolicyVerdict {
        guard let user else {
            let reason = "say who you are"
            return PolicyVerdict(
                approve: .init(reason: words([reason]), role: nil, isPremature: false),
                reject: .init(reason: reason, isVeto: false)
            )
        }
        return PolicyVerdict(approve: approval(by: user), reject: rejection(by: user))
    }

    /// "needs 1 risk officer; you proposed this"
    private func words(_ reasons: [String]) -> String {
        (["needs \(missingWords)"] + reasons).joined(separator: "; ")
    }

    private func approval(by user: UserName) -> PolicyVerdict.Approval {
        let bars = policy.bars(to: user, of: proposal, requirements)
        guard bars.isEmpty else { return .init(reason: words(bars), role: nil, isPremature: false) }
        let role: Role = policy.person(user).roles.contains(.risk) ? .risk : .trader
        let others = given(without: user)
        let (before, after) = (missing, missing(after: others.map(\.role) + [role]))
        // Less is asked for than was: whoever has approved may be the one whose click makes it whole.
        if others.count < given.count, after != (0, 0) {
            return .init(reason: words(["you have approved"]), role: nil, isPremature: true)
        }
        // What brings nobody nearer is not taken: two traders never stand in for the risk officer who is asked for.
        guard after.traders + after.risk < before.traders + before.risk else {
            return .init(reason: words(["you are \(role.name)"]), role: nil, isPremature: true)
        }
        return .init(reason: nil, role: role, isPremature: false)
    }

    /// Whoever decides may reject, also what they proposed themselves; others only with a veto.
    private func rejection(by user: UserName) -> PolicyVerdict.Rejection {
        let roles = policy.person(user).roles
        let isVeto = !roles.isDisjoint(with: requirements.veto)
        guard isVeto || roles.contains(where: \.mayDecide) else {
            return .init(reason: "you are \(policy.role(of: user).name)", isVeto: false)
        }
        return .init(reason: nil, isVeto: isVeto)
    }
}
