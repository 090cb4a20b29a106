import Domain

/// A policy file as it is written, before its parts are held against each other.
struct PolicyDraft {
    struct WrittenRule {
        let field: PolicyField
        let rule: Policy.Rule
    }

    struct WrittenPerson {
        let field: PolicyField
        let person: Policy.Person
    }

    let version: String
    let people: [UserName: WrittenPerson]
    let defaultRole: Role
    let base: WrittenRule
    let rules: [WrittenRule]

    private static let keys: Set = ["countersign_policy", "version", "people", "default_role", "defaults", "rules"]

    /// `nil` only after a fault was noted.
    init?(_ root: PolicyField) {
        guard let members = root.members(known: Self.keys) else { return nil }
        func member(_ key: String) -> PolicyField? { members.first { $0.key == key }?.value }

        if let schema = member("countersign_policy") {
            let version = PolicyReader.schemaVersion
            if schema.text() != String(version) {
                schema.fault("must be \(version), the schema that this version of Countersign reads")
            }
        } else {
            root.fault("countersign_policy is missing: begin the file with countersign_policy: 1")
        }
        if member("version") == nil { root.fault("version is missing: give this state of the policy a name") }
        version = member("version")?.text() ?? ""
        defaultRole = member("default_role")?.choice([Role.viewer, .trader, .risk, .admin]) ?? .viewer
        people = Self.people(member("people"))
        base = WrittenRule(field: member("defaults") ?? root, rule: Self.base(member("defaults")))
        rules = (member("rules")?.items(max: PolicyReader.rulesMax) ?? []).compactMap(Self.rule)
    }

    // MARK: People

    private static func people(_ field: PolicyField?) -> [UserName: WrittenPerson] {
        guard let field, let members = field.members(known: nil) else { return [:] }
        guard members.count <= PolicyReader.peopleMax else {
            field.fault("must name at most \(PolicyReader.peopleMax) people")
            return [:]
        }
        var people: [UserName: WrittenPerson] = [:]
        var folded: Set<String> = []
        for (key, value) in members {
            guard let name = UserName(key) else {
                value.fault("is not a name: one line of 1 to 64 characters")
                continue
            }
            guard folded.insert(name.folded).inserted else {
                value.fault("is named twice: small and capital letters are the same")
                continue
            }
            if let person = person(value) { people[name] = WrittenPerson(field: value, person: person) }
        }
        return people
    }

    /// `[trader, risk]`, or with the sources whose signals are this person's own.
    private static func person(_ field: PolicyField) -> Policy.Person? {
        guard field.isObject else { return roles(field).map { Policy.Person(roles: $0) } }
        guard let members = field.members(known: ["roles", "sources"]) else { return nil }
        guard let named = members.first(where: { $0.key == "roles" })?.value else {
            field.fault("needs roles, such as roles: [trader]")
            return nil
        }
        let sources = members.first { $0.key == "sources" }?.value.items(max: 100) ?? []
        return roles(named).map { Policy.Person(roles: $0, sources: Set(sources.compactMap { $0.text() })) }
    }

    private static func roles(_ field: PolicyField) -> Set<Role>? {
        guard let items = field.items(max: Role.allCases.count) else { return nil }
        let roles = items.compactMap { $0.choice(Role.allCases) }
        if roles.contains(.source), roles.count > 1 { field.fault("a source may only emit: give it no other role") }
        return Set(roles)
    }

    // MARK: Rules

    private static let demands: Set = ["approvals", "veto", "may_not_approve", "reasons", "wait", "undo_window"]

    private static func base(_ field: PolicyField?) -> Policy.Rule {
        var rule = Policy.Rule(name: "every signal")
        guard let members = field?.members(known: demands) else { return rule }
        for (key, value) in members { read(key, value, into: &rule) }
        return rule
    }

    private static func rule(_ field: PolicyField) -> WrittenRule? {
        let faultsBefore = field.sheet.faults.count
        guard let members = field.members(known: demands.union(["name", "when"])) else { return nil }
        guard let named = members.first(where: { $0.key == "name" })?.value else {
            field.fault("needs a name: it is what people are told when the rule applies")
            return nil
        }
        guard let name = named.text() else { return nil }
        var rule = Policy.Rule(name: name)
        for (key, value) in members where key != "name" { read(key, value, into: &rule) }
        // A misspelled key was meant to ask for something.
        if field.sheet.faults.count == faultsBefore, !members.contains(where: { demands.contains($0.key) }) {
            field.fault("asks for nothing: give it one of \(demands.sorted().joined(separator: ", "))")
        }
        return WrittenRule(field: field, rule: rule)
    }

    private static func read(_ key: String, _ value: PolicyField, into rule: inout Policy.Rule) {
        switch key {
        case "when": rule.conditions = conditions(value)
        case "approvals": rule.approvals = approvals(value)
        case "veto":
            let allowed = [Role.trader, .risk, .admin]
            rule.veto = Set((value.items(max: allowed.count) ?? []).compactMap { $0.choice(allowed) })
        case "may_not_approve": rule.excluded = Set((value.items(max: 100) ?? []).compactMap { $0.user() })
        case "reasons": readReasons(value, into: &rule)
        case "wait": rule.waitMs = value.duration(1_000...2_592_000_000)
        case "undo_window": rule.undoWindowMs = value.duration(0...600_000)
        default: break
        }
    }

    private static func approvals(_ field: PolicyField) -> Policy.Approvals? {
        guard let members = field.members(known: nil) else { return nil }
        var counts: [Role: Int] = [:]
        for (key, value) in members {
            guard let role = Role(rawValue: key), role.mayDecide else {
                value.fault("cannot be asked to approve: only a trader and risk decide")
                continue
            }
            counts[role] = value.count(0...Policy.approvalsMax)
        }
        let approvals = Policy.Approvals(traders: counts[.trader] ?? 0, risk: counts[.risk] ?? 0)
        guard (1...Policy.approvalsMax).contains(approvals.people) else {
            field.fault("must ask for 1 to \(Policy.approvalsMax) people in all, not \(approvals.people)")
            return nil
        }
        return approvals
    }

    private static func readReasons(_ field: PolicyField, into rule: inout Policy.Rule) {
        for (key, value) in field.members(known: ["approve", "reject"]) ?? [] {
            if key == "approve" {
                rule.approvalNeedsReason = value.choice(Required.allCases) == .required
            } else {
                rule.rejectReasons = (value.items(max: 20) ?? []).compactMap {
                    $0.text(charactersMax: Note.charactersMax)
                }
            }
        }
    }

    private enum Required: String, CaseIterable { case required, optional }
}
