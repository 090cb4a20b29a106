extension Policy {
    /// A rule that applies to a signal, and why.
    package struct Match: Hashable, Sendable {
        package let rule: String
        package let reasons: [String]
    }

    /// What all rules that apply ask for together: each of them has to be satisfied.
    package struct Requirements: Hashable, Sendable {
        package var matches: [Match] = []
        package var people = 0
        package var risk = 0
        package var veto: Set<Role> = []
        /// Names in small letters, each with the rule that keeps it out.
        var excluded: [String: String] = [:]
        package var approvalNeedsReason = false
        package var rejectReasons: [String]?
        package var waitMs: Int64?
        package var undoWindowMs: Int64?

        mutating func add(_ rule: Rule) {
            if let approvals = rule.approvals {
                people = max(people, approvals.people)
                risk = max(risk, approvals.risk)
            }
            veto.formUnion(rule.veto)
            for name in rule.excluded { excluded[name.folded] = rule.name }
            approvalNeedsReason = approvalNeedsReason || rule.approvalNeedsReason
            // Rejecting is the safe way out: whatever one rule takes as a reason will do.
            if let reasons = rule.rejectReasons {
                rejectReasons = (rejectReasons ?? []) + reasons.filter { rejectReasons?.contains($0) != true }
            }
            if let wait = rule.waitMs { waitMs = min(waitMs ?? wait, wait) }
            if let window = rule.undoWindowMs { undoWindowMs = max(undoWindowMs ?? window, window) }
        }
    }

    package func requirements(for proposal: Proposal, _ numbers: DeskNumbers) -> Requirements {
        var all = Requirements()
        all.add(base)
        for rule in rules {
            guard let match = match(rule, proposal, numbers) else { continue }
            all.matches.append(match)
            all.add(rule)
        }
        return all
    }

    private func match(_ rule: Rule, _ proposal: Proposal, _ numbers: DeskNumbers) -> Match? {
        var reasons: [String] = []
        for condition in rule.conditions {
            switch condition.answer(for: proposal, numbers) {
            case .holds(let why), .unknown(let why): reasons.append(why)
            case .fails: return nil
            }
        }
        return Match(rule: rule.name, reasons: reasons)
    }

    /// How far the approval of a signal is, and who may do what about it.
    package struct Standing: Hashable, Sendable {
        package let policy: Policy
        package let requirements: Requirements
        package let proposal: Proposal
        /// The sign-offs that count, oldest first.
        package let given: [SignOff]

        /// Different people in all, those who have signed off included.
        package var needed: Int { given.count + missing.traders + missing.risk }

        /// Who has to approve yet. It is somebody always: nothing is approved but by a click, even when less is asked for by
        /// now than was when the last one came.
        package var missing: (traders: Int, risk: Int) {
            let missing = missing(after: given.map(\.role))
            return missing == (0, 0) ? (1, 0) : missing
        }

        /// The sign-offs that count beside a click of this person.
        func given(without user: UserName) -> [SignOff] { given.filter { $0.user.folded != user.folded } }

        func missing(after roles: [Role]) -> (traders: Int, risk: Int) {
            let risk = max(0, requirements.risk - roles.count { $0 == .risk })
            let people = max(risk, requirements.people - roles.count)
            return (people - risk, risk)
        }
    }

    /// - Parameter signOffs: Those of people who may no longer approve, or no longer as what they did, do not count.
    package func standing(of signal: Signal, _ numbers: DeskNumbers) -> Standing {
        let requirements = requirements(for: signal.proposal, numbers)
        var seen: Set<String> = []
        let given = (signal.signOffs ?? []).filter { signOff in
            let roles = person(signOff.user).roles
            let stands = roles.contains(signOff.role) || (signOff.role == .trader && roles.contains(.risk))
            return stands && bars(to: signOff.user, of: signal.proposal, requirements).isEmpty
                && seen.insert(signOff.user.folded).inserted
        }
        return Standing(policy: self, requirements: requirements, proposal: signal.proposal, given: given)
    }

    /// Why somebody may never approve this, whoever else does; empty when they may.
    func bars(to user: UserName, of proposal: Proposal, _ requirements: Requirements) -> [String] {
        let person = person(user)
        var bars: [String] = []
        let source = proposal.source.lowercased()
        if source == user.folded || proposal.proposedBy?.folded == user.folded {
            bars.append("you proposed this")
        } else if person.sources.contains(where: { $0.lowercased() == source }) {
            bars.append("your source \(proposal.source) proposed this")
        }
        if let rule = requirements.excluded[user.folded] { bars.append("the rule “\(rule)” keeps you out") }
        if !person.roles.contains(where: \.mayDecide) { bars.append("you are \(role(of: user).name)") }
        return bars
    }
}
