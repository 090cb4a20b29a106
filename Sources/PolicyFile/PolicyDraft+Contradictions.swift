import Domain

/// What is right in every part and cannot be as a whole.
extension PolicyDraft {
    func check() {
        var names: Set<String> = []
        for written in [base] + rules {
            if !names.insert(written.rule.name.lowercased()).inserted {
                written.field.fault("has the name of another rule: \(Line.quoted(written.rule.name))")
            }
            checkPeople(written)
        }
        checkCanBeApproved()
    }

    private func checkPeople(_ written: WrittenRule) {
        let known = Set(people.keys.map(\.folded))
        for name in written.rule.excluded.sorted() where !known.contains(name.folded) {
            written.field.fault("keeps \(name) from approving, who is not among the people")
        }
        for role in written.rule.veto.sorted(by: { $0.rawValue < $1.rawValue }) where !hasAnybody(role) {
            written.field.fault("gives the veto to \(role.rawValue), but nobody among the people is \(role.name)")
        }
    }

    private func hasAnybody(_ role: Role) -> Bool {
        defaultRole == role || people.values.contains { $0.person.roles.contains(role) }
    }

    // MARK: Rules that nobody could satisfy

    /// What a rule asks for, and whom it leaves out: names in small letters.
    private struct Demand {
        var approvals: Policy.Approvals
        var leftOut: Set<String>

        func joined(with other: Demand) -> Demand {
            var all = self
            all.approvals.people = max(approvals.people, other.approvals.people)
            all.approvals.risk = max(approvals.risk, other.approvals.risk)
            all.leftOut.formUnion(other.leftOut)
            return all
        }
    }

    /// A rule that nobody can satisfy would let every signal it applies to run out; so would two that apply together.
    private func checkCanBeApproved() {
        let always = demand(of: base.rule)
        let demands = rules.map { demand(of: $0.rule).joined(with: always) }
        var isFine = [true] + demands.map { shortage($0) == nil }
        if let shortage = shortage(always) {
            base.field.fault(shortage)
            isFine = isFine.map { _ in false }
        }
        for (index, written) in rules.enumerated() where isFine[0] {
            if let shortage = shortage(demands[index]) { written.field.fault(shortage) }
        }
        // Rules ask for the most that any of them asks for, so only those that leave somebody out can make others fail.
        for later in rules.indices {
            for earlier in rules.indices.prefix(later) where isFine[earlier + 1] && isFine[later + 1] {
                guard demands[earlier].leftOut != always.leftOut || demands[later].leftOut != always.leftOut,
                    let shortage = shortage(demands[earlier].joined(with: demands[later])),
                    Policy.Condition.mayHoldTogether(rules[earlier].rule.conditions, rules[later].rule.conditions)
                else { continue }
                rules[later].field.fault(
                    "cannot be satisfied together with the rule \(Line.quoted(rules[earlier].rule.name)), which may be about "
                        + "the same signal: it \(shortage)"
                )
                isFine[later + 1] = false
            }
        }
    }

    private func demand(of rule: Policy.Rule) -> Demand {
        Demand(
            approvals: rule.approvals ?? Policy.Approvals(traders: 1),
            leftOut: Set(rule.excluded.map(\.folded)).union(
                people.filter { proposesAll(rule, $0.key, $0.value.person) }.map(\.key.folded)
            )
        )
    }

    /// What is missing, to be read behind the rule; `nil` when there are people enough.
    private func shortage(_ demand: Demand) -> String? {
        let able = people.filter { name, written in
            !demand.leftOut.contains(name.folded) && written.person.roles.contains(where: \.mayDecide)
        }.map(\.value.person)
        let risk = able.count { $0.roles.contains(.risk) }
        if defaultRole != .risk, risk < demand.approvals.risk {
            return "asks for \(Role.risk.counted(demand.approvals.risk)), but \(Self.there(risk))"
        }
        if !defaultRole.mayDecide, able.count < demand.approvals.people {
            let people = demand.approvals.people == 1 ? "1 person" : "\(demand.approvals.people) people"
            return "asks for \(people), but \(Self.there(able.count))"
        }
        return nil
    }

    private static func there(_ count: Int) -> String {
        "there is \(count == 0 ? "nobody" : "only \(count)") who may approve: name them under people"
    }

    /// Whether all signals that the rule is about are this person's own.
    private func proposesAll(_ rule: Policy.Rule, _ name: UserName, _ person: Policy.Person) -> Bool {
        rule.conditions.contains { condition in
            guard case .source(let patterns) = condition else { return false }
            let own = Set(person.sources.map { $0.lowercased() }).union([name.folded])
            return patterns.allSatisfy { !$0.text.hasSuffix("*") && own.contains($0.text) }
        }
    }
}

extension Policy.Condition {
    /// False when no signal meets both lists.
    static func mayHoldTogether(_ some: [Policy.Condition], _ others: [Policy.Condition]) -> Bool {
        some.allSatisfy { one in others.allSatisfy { one.mayHold(with: $0) } }
    }

    private func mayHold(with other: Policy.Condition) -> Bool {
        switch (self, other) {
        case (.risk(let one), .risk(let other)), (.notional(let one), .notional(let other)),
            (.heatAfter(let one), .heatAfter(let other)),
            (.campaignUtilisation(let one), .campaignUtilisation(let other)),
            (.campaignAfter(let one), .campaignAfter(let other)):
            !one.and(other).isEmpty
        case (.grade(let one), .grade(let other)): !one.isDisjoint(with: other)
        case (.side(let one), .side(let other)): !one.isDisjoint(with: other)
        case (.symbol(let some), .symbol(let others)), (.source(let some), .source(let others)):
            some.contains { one in others.contains { one.overlaps($0) } }
        default: true
        }
    }
}

extension Policy.Bounds {
    func and(_ other: Policy.Bounds) -> Policy.Bounds {
        Policy.Bounds(
            above: [above, other.above].compactMap(\.self).max(),
            atLeast: [atLeast, other.atLeast].compactMap(\.self).max(),
            below: [below, other.below].compactMap(\.self).min(),
            atMost: [atMost, other.atMost].compactMap(\.self).min()
        )
    }

    /// No amount is within.
    var isEmpty: Bool {
        if let low = atLeast, let high = atMost, low > high { return true }
        if let low = above, let high = atMost, low >= high { return true }
        if let low = atLeast, let high = below, low >= high { return true }
        if let low = above, let high = below, low >= high { return true }
        return false
    }
}

extension Policy.NamePattern {
    fileprivate func overlaps(_ other: Policy.NamePattern) -> Bool {
        switch (text.hasSuffix("*"), other.text.hasSuffix("*")) {
        case (false, false): text == other.text
        case (true, false): other.text.hasPrefix(text.dropLast())
        case (false, true): text.hasPrefix(other.text.dropLast())
        case (true, true):
            text.dropLast().hasPrefix(other.text.dropLast()) || other.text.dropLast().hasPrefix(text.dropLast())
        }
    }
}
