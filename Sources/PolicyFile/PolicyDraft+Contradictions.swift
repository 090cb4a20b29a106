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
            checkCanBeApproved(written)
        }
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

    /// A rule that nobody can satisfy would let every signal it applies to run out.
    private func checkCanBeApproved(_ written: WrittenRule) {
        let asked = [base.rule.approvals ?? Policy.Approvals(traders: 1), written.rule.approvals].compactMap(\.self)
        let excluded = Set((base.rule.excluded.union(written.rule.excluded)).map(\.folded))
        let able = people.filter { name, written in
            !excluded.contains(name.folded) && written.person.roles.contains(where: \.mayDecide)
        }.map(\.value.person).filter { !proposesAll(written.rule, $0) }
        let risk = able.count { $0.roles.contains(.risk) }
        for approvals in asked {
            if defaultRole != .risk, risk < approvals.risk {
                let have = risk == 0 ? "nobody who may" : "only \(risk) who may"
                written.field.fault(
                    "asks for \(Role.risk.counted(approvals.risk)), but there is \(have) approve: name them under people"
                )
            } else if !defaultRole.mayDecide, able.count < approvals.people {
                let have = able.isEmpty ? "nobody who may" : "only \(able.count) who may"
                written.field.fault(
                    "asks for \(approvals.people) people, but there is \(have) approve: name them under people"
                )
            }
        }
    }

    /// Whether all signals that the rule is about are this person's own.
    private func proposesAll(_ rule: Policy.Rule, _ person: Policy.Person) -> Bool {
        rule.conditions.contains { condition in
            guard case .source(let patterns) = condition else { return false }
            let own = Set(person.sources.map { $0.lowercased() })
            return patterns.allSatisfy { !$0.text.hasSuffix("*") && own.contains($0.text) }
        }
    }
}
