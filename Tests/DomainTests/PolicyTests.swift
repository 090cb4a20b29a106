import Domain
import SeededRandom
import Testing

/// Who must approve what, and in which words they are told (issue 5, part 1; GAP-06).
@Suite struct PolicyTests {
    // MARK: Several people

    @Test func `an approval that is not the last one missing is a sign-off, and the last one names all (GAP-06)`()
        throws
    {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann", note: "Volume confirms.") == nil)
        let waiting = try #require(desk.projection.signal(id))
        #expect(waiting.status == .pendingReview && waiting.version == 2 && waiting.decision == nil)
        let first = try #require(waiting.signOffs?.first)
        #expect(first.user == Sample.user("ann") && first.role == .trader && first.needed == 2)
        #expect(first.note == "Volume confirms." && first.policy == PolicyDesk.stamp && first.version == 2)

        #expect(desk.approve(id, "ruth") == nil)
        let approved = try #require(desk.projection.signal(id))
        #expect(approved.status == .approved(.buy) && approved.version == 3)
        #expect(approved.approvers == [Sample.user("ann"), Sample.user("ruth")])
        #expect(approved.signOffs?.map(\.role) == [.trader, .risk])
        #expect(approved.decision?.decidedBy == Sample.user("ruth"))
        #expect(approved.decision?.policy == PolicyDesk.stamp)
    }

    @Test func `an accepted price stays with the approval, as without a policy`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1)])
        let id = try desk.receive()
        let click = Command.Click(decisionID: DecisionID(), user: Sample.user("ann"), acceptedPrice: 151)
        #expect(desk.refusal(.approve(.signal(id), as: .buy, click)) == nil)
        #expect(desk.projection.signal(id)?.decision?.acceptedPrice == 151)
    }

    @Test func `nobody counts twice, not even spelled otherwise`() throws {
        var desk = PolicyDesk(defaultRole: .trader, rules: [PolicyDesk.rule(traders: 2)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann") == nil)
        #expect(desk.approve(id, "ann")?.code == .approvalAddsNothing)
        #expect(desk.approve(id, "ANN")?.detail == "AAPL needs 1 trader; you have approved.")
        #expect(desk.approve(id, "zoe") == nil)
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    @Test func `two traders never stand in for a risk officer`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann") == nil)
        #expect(desk.approve(id, "bo")?.detail == "AAPL needs 1 risk officer; you are a trader.")
        #expect(desk.approve(id, "sam") == nil)
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    @Test func `each rule that applies has to be satisfied`() throws {
        let numbers = DeskNumbers(Sample.proposal(), portfolio: nil, campaign: nil)
        let desk = PolicyDesk(rules: [PolicyDesk.rule("a", risk: 1), PolicyDesk.rule("b", traders: 2)])
        let all = desk.policy.requirements(for: Sample.proposal(), numbers)
        #expect(all.people == 2 && all.risk == 1 && all.matches.map(\.rule) == ["a", "b"])
    }

    @Test func `all who sign off approve the same side`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann") == nil)
        #expect(desk.approve(id, "ruth", as: .sell)?.code == .sidesDiffer)
        #expect(desk.projection.signal(id)?.status == .pendingReview)
    }

    @Test func `a sign-off of another does not make what was on the screen old (GAP-09)`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann", version: 1) == nil)
        #expect(desk.approve(id, "ruth", version: 0)?.code == .versionConflict)
        #expect(desk.approve(id, "ruth", version: 1) == nil)
    }

    @Test func `sign-offs fall when somebody takes them off the signal`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        desk.approve(id, "ann")
        let fallen = try #require(desk.projection.signal(id)?.withoutSignOffs())
        #expect(fallen.approvers == [] && fallen.version == 2)
    }

    // MARK: Who may not

    @Test func `nobody approves what they or their source proposed`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(risk: 1)])
        var proposal = Sample.proposal()
        proposal.source = "Ruth"
        let hers = try desk.receive(proposal)
        #expect(desk.approve(hers, "ruth")?.code == .notPermitted)
        #expect(try desk.verdict(hers, "ruth").approve.reason == "needs 1 risk officer; you proposed this")
        proposal.source = "engine"
        let engines = try desk.receive(proposal)
        #expect(
            try desk.verdict(engines, "bo").approve.reason
                == "needs 1 risk officer; your source engine proposed this"
        )
        #expect(desk.refusal(.reject(.signal(hers), reason: "Mine", Sample.click("ruth"))) == nil)
    }

    @Test(arguments: [
        ("zoe", "needs 1 trader; you are a viewer"), ("ada", "needs 1 trader; you are an admin"),
        ("bo", "needs 1 trader; the rule “coins” keeps you out"),
    ])
    func `who may not approve is told why`(_ user: String, _ words: String) throws {
        var rule = PolicyDesk.rule("coins", traders: 1)
        rule.excluded = [Sample.user("bo")]
        var desk = PolicyDesk(rules: [rule])
        let id = try desk.receive()
        #expect(try desk.verdict(id, user).approve.reason == words)
        let refusal = desk.approve(id, user)
        #expect(refusal?.code == .notPermitted && refusal?.detail == "AAPL \(words).")
    }

    @Test func `a sign-off of somebody who may no longer approve does not count`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ruth") == nil)
        var people = PolicyDesk.people
        people["ruth"] = .init(roles: [.viewer])
        desk.policy = PolicyDesk(people: people, rules: desk.policy.rules).policy
        #expect(desk.approve(id, "ann") == nil)
        #expect(desk.projection.signal(id)?.status == .pendingReview)
        #expect(desk.projection.signal(id)?.approvers == [Sample.user("ann")])
        #expect(desk.approve(id, "sam") == nil)
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    // MARK: Rejecting

    @Test func `a veto rejects at once, and says that it was one`() throws {
        var base = Policy.Rule(name: "every signal")
        base.veto = [.admin]
        var desk = PolicyDesk(base: base, rules: [PolicyDesk.rule(traders: 2)])
        let id = try desk.receive()
        desk.approve(id, "ann")
        #expect(desk.refusal(.reject(.signal(id), reason: "No", Sample.click("zoe")))?.code == .notPermitted)
        #expect(desk.refusal(.reject(.signal(id), reason: "No", Sample.click("ada"))) == nil)
        let signal = desk.projection.signal(id)
        #expect(signal?.status == .rejected && signal?.decision?.isVeto == true)
        #expect(signal?.decision?.policy == PolicyDesk.stamp)
    }

    @Test func `a reason that the policy asks for has to be given`() throws {
        var rule = PolicyDesk.rule(traders: 1)
        rule.approvalNeedsReason = true
        rule.rejectReasons = ["Poor structure"]
        var desk = PolicyDesk(rules: [rule])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann")?.code == .reasonRequired)
        #expect(desk.refusal(.reject(.signal(id), reason: "So", Sample.click("ann")))?.code == .reasonRequired)
        #expect(desk.approve(id, "ann", note: "Volume") == nil)
        let other = try desk.receive()
        #expect(desk.refusal(.reject(.signal(other), reason: "Poor structure", Sample.click("ann"))) == nil)
    }

    // MARK: Time

    @Test func `a signal waits no longer than the policy lets it, nor than its source`() throws {
        var rule = PolicyDesk.rule(traders: 1)
        rule.waitMs = 60_000
        var desk = PolicyDesk(rules: [rule])
        let minute = Sample.now.advanced(byMilliseconds: 60_000)
        let plain = try desk.receive()
        #expect(desk.projection.signal(plain)?.proposal.expiresAt == minute)
        let sooner = try desk.receive(Sample.proposal(expiresAt: Sample.now.advanced(byMilliseconds: 10)))
        #expect(desk.projection.signal(sooner)?.proposal.expiresAt == Sample.now.advanced(byMilliseconds: 10))
        let later = try desk.receive(Sample.proposal(expiresAt: minute.advanced(byMilliseconds: 1)))
        #expect(desk.projection.signal(later)?.proposal.expiresAt == minute)
    }

    @Test func `the undo window of an approval is the longest of the rules it was approved under`() throws {
        var rules = [PolicyDesk.rule("a", traders: 1), PolicyDesk.rule("b", traders: 1)]
        (rules[0].undoWindowMs, rules[1].undoWindowMs) = (10_000, 2_000)
        var desk = PolicyDesk(rules: rules)
        let id = try desk.receive()
        desk.approve(id, "ann")
        let signal = try #require(desk.projection.signal(id))
        #expect(signal.releaseDue(undoWindowMs: 5_000) == Sample.now.advanced(byMilliseconds: 10_000))
    }
}

/// Whatever is clicked, nothing is approved without the people whom the policy asks for.
@Suite struct PolicyPropertyTests {
    private static let users = ["ann", "bo", "ruth", "sam", "ada", "zoe", "Ann", "RUTH", "engine"]

    @Test func `no order of clicks approves without the people whom every rule asks for`() throws {
        var random = SeededGenerator(seed: 5)
        var approved = 0
        for _ in 0..<1_500 {
            let rules = (0..<Int.random(in: 1...3, using: &random)).map { number in
                PolicyDesk.rule(
                    "rule \(number)",
                    traders: Int.random(in: 0...2, using: &random),
                    risk: Int.random(in: 0...2, using: &random)
                )
            }
            var desk = PolicyDesk(defaultRole: Bool.random(using: &random) ? .viewer : .trader, rules: rules)
            var proposal = Sample.proposal()
            proposal.source = Self.users.randomElement(using: &random)!
            let id = try desk.receive(proposal)
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                desk.approve(id, Self.users.randomElement(using: &random)!)
            }
            let signal = try #require(desk.projection.signal(id))
            guard signal.status != .pendingReview else { continue }
            approved += 1
            // Judged by hand, not by the code under test.
            let people = Set(signal.approvers.map { $0.text.lowercased() })
            #expect(people.count == signal.approvers.count)
            #expect(!people.contains(proposal.source.lowercased()))
            #expect(!(people.contains("bo") && proposal.source == "engine"))
            #expect(!people.contains("ada"))
            let risk = people.count { $0 == "ruth" || $0 == "sam" }
            for rule in rules {
                #expect(people.count >= rule.approvals?.people ?? 1)
                #expect(risk >= rule.approvals?.risk ?? 0)
            }
        }
        #expect(approved > 100)
    }

    @Test func `one rule more never asks for less`() throws {
        var random = SeededGenerator(seed: 6)
        for _ in 0..<500 {
            let rules = (0..<4).map {
                PolicyDesk.rule(
                    "\($0)",
                    traders: .random(in: 0...2, using: &random),
                    risk: .random(in: 0...2, using: &random)
                )
            }
            let numbers = DeskNumbers(Sample.proposal(), portfolio: nil, campaign: nil)
            var before = (people: 0, risk: 0)
            for count in 0...rules.count {
                let policy = PolicyDesk(rules: Array(rules.prefix(count))).policy
                let all = policy.requirements(for: Sample.proposal(), numbers)
                #expect(all.people >= before.people && all.risk >= before.risk)
                before = (all.people, all.risk)
            }
        }
    }
}
