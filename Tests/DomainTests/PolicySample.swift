import Domain

/// A desk with a policy in the test's hands.
struct PolicyDesk {
    var projection = Projection()
    var policy: Policy

    init(
        people: [String: Policy.Person] = PolicyDesk.people,
        defaultRole: Role = .viewer,
        base: Policy.Rule = Policy.Rule(name: "every signal"),
        rules: [Policy.Rule] = []
    ) {
        policy = Policy(
            stamp: PolicyDesk.stamp,
            people: Dictionary(uniqueKeysWithValues: people.map { (Sample.user($0.key), $0.value) }),
            defaultRole: defaultRole,
            base: base,
            rules: rules
        )
    }

    static let stamp = Policy.Stamp(version: "v1", hash: "abc")
    static let people: [String: Policy.Person] = [
        "ann": .init(roles: [.trader]), "bo": .init(roles: [.trader], sources: ["engine"]),
        "ruth": .init(roles: [.risk]), "sam": .init(roles: [.risk, .trader]), "ada": .init(roles: [.admin]),
    ]

    static func rule(
        _ name: String = "large risk",
        traders: Int = 0,
        risk: Int = 0,
        when conditions: [Policy.Condition] = []
    ) -> Policy.Rule {
        var rule = Policy.Rule(name: name)
        rule.conditions = conditions
        if traders + risk > 0 { rule.approvals = .init(traders: traders, risk: risk) }
        return rule
    }

    @discardableResult
    mutating func run(_ command: Command, at now: Timestamp = Sample.now) throws -> [Event] {
        let events = try Decider.decide(command, in: projection, under: policy, at: now)
        for event in events {
            projection.apply(RecordedEvent(offset: projection.offset.next, recordedAt: now, event: event))
        }
        return events
    }

    mutating func receive(_ proposal: Proposal = Sample.proposal()) throws -> SignalID {
        let id = SignalID()
        try run(.receive(id, proposal))
        return id
    }

    @discardableResult
    mutating func approve(
        _ id: SignalID,
        _ user: String,
        as side: Side = .buy,
        note: String? = nil,
        version: Int? = nil
    ) -> Refusal? {
        refusal(.approve(.signal(id), as: side, Sample.click(user, note: note, version: version)))
    }

    /// Why a command is not carried out; `nil` when it is.
    mutating func refusal(_ command: Command) -> Refusal? {
        do { try run(command) } catch { return error as? Refusal }
        return nil
    }

    func verdict(_ id: SignalID, _ user: String) throws -> PolicyVerdict {
        let signal = projection.signal(id)!
        return policy.standing(of: signal, projection.numbers(for: signal.proposal)).verdict(for: Sample.user(user))
    }
}
