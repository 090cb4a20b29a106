import Domain
import Foundation
import SeededRandom
import Testing

/// What a policy does to the rest of a signal's life: amending, more time, undoing, and numbers that change (issue 5).
@Suite struct PolicyLifeTests {
    private static let minute: Int64 = 60_000

    private static func later(_ minutes: Int64) -> Timestamp { Sample.now.advanced(byMilliseconds: minutes * minute) }

    private static func waiting(_ minutes: Int64) -> Policy.Rule {
        var rule = PolicyDesk.rule("waits", traders: 1)
        rule.waitMs = minutes * minute
        return rule
    }

    private static func amend(_ id: SignalID, _ change: (inout Amendment) -> Void) -> Command {
        var amendment = Amendment()
        change(&amendment)
        return .amend(id, amendment, Command.SourceRequest(source: "tests"))
    }

    // MARK: Sign-offs fall

    @Test func `what was signed off is what was on the screen: an amendment takes all sign-offs away`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        desk.approve(id, "ann")
        #expect(desk.refusal(Self.amend(id) { $0.stopLoss = .set(149) }) == nil)
        #expect(desk.projection.signal(id)?.signOffs == nil)
        #expect(desk.approve(id, "ruth") == nil)
        #expect(desk.projection.signal(id)?.status == .pendingReview)
        #expect(desk.approve(id, "ann") == nil)
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    @Test func `an amendment that changes nothing leaves the sign-offs where they are`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        desk.approve(id, "ann")
        #expect(desk.refusal(Self.amend(id) { $0.side = .set(.buy) }) == nil)
        #expect(desk.projection.signal(id)?.approvers == [Sample.user("ann")])
    }

    @Test func `an undone approval has to be given by everybody anew`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive()
        desk.approve(id, "ann")
        desk.approve(id, "ruth")
        #expect(desk.refusal(.undo(id, Sample.click("bo"))) == nil)
        let signal = try #require(desk.projection.signal(id))
        #expect(signal.status == .pendingReview && signal.signOffs == nil && signal.decision == nil)
        #expect(desk.approve(id, "ruth") == nil)
        #expect(desk.projection.signal(id)?.status == .pendingReview)
    }

    @Test func `more time leaves the sign-offs where they are`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive(Sample.proposal(expiresAt: Self.later(1)))
        desk.approve(id, "ann")
        #expect(desk.refusal(.extend(id, minutes: 5, Sample.click("bo"))) == nil)
        #expect(desk.projection.signal(id)?.approvers == [Sample.user("ann")])
        #expect(desk.approve(id, "ruth") == nil)
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    // MARK: Who may

    @Test(arguments: [("zoe", "you are a viewer"), ("ada", "you are an admin")])
    func `who decides nothing undoes nothing and gives no time`(_ user: String, _ words: String) throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1)])
        let id = try desk.receive(Sample.proposal(expiresAt: Self.later(1)))
        let extending = desk.refusal(.extend(id, minutes: 5, Sample.click(user)))
        #expect(extending?.code == .notPermitted && extending?.detail == "You cannot extend AAPL: \(words).")
        desk.approve(id, "ann")
        let undoing = desk.refusal(.undo(id, Sample.click(user)))
        #expect(undoing?.code == .notPermitted)
        #expect(undoing?.detail == "You cannot undo the approval of AAPL: \(words).")
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    @Test func `who has the veto may undo, and who proposed it may take it off the desk`() throws {
        var base = Policy.Rule(name: "every signal")
        base.veto = [.admin]
        var desk = PolicyDesk(base: base, rules: [PolicyDesk.rule(traders: 1)])
        let id = try desk.receive()
        desk.approve(id, "ann")
        #expect(desk.refusal(.undo(id, Sample.click("ada"))) == nil)
        var proposal = Sample.proposal()
        proposal.proposedBy = Sample.user("ann")
        let hers = try desk.receive(proposal)
        #expect(desk.refusal(.reject(.signal(hers), reason: "Mistaken", Sample.click("ann"))) == nil)
    }

    @Test func `nobody approves what was sent under their name, whatever source it was called`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1)])
        var proposal = Sample.proposal()
        proposal.proposedBy = Sample.user("Ann")
        let id = try desk.receive(proposal)
        #expect(desk.approve(id, "ann")?.detail == "AAPL needs 1 trader; you proposed this.")
        #expect(desk.approve(id, "bo") == nil)
    }

    // MARK: Less is asked for than was

    @Test
    func `a change of the numbers approves nothing, and one of those who have approved may be the one who clicks`()
        throws
    {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 2)])
        let id = try desk.receive()
        #expect(desk.approve(id, "ann", as: .sell) == nil)
        #expect(desk.approve(id, "ann")?.code == .approvalAddsNothing)
        desk.policy = PolicyDesk(rules: [PolicyDesk.rule(traders: 1)]).policy
        #expect(desk.projection.signal(id)?.status == .pendingReview)
        #expect(try desk.verdict(id, "ann").approve.isAllowed)
        #expect(desk.approve(id, "bo", as: .buy)?.code == .sidesDiffer)
        #expect(desk.approve(id, "ann", as: .buy) == nil)
        let signal = try #require(desk.projection.signal(id))
        #expect(signal.status == .approved(.buy) && signal.approvers == [Sample.user("ann")])
        #expect(signal.signOffs?.map(\.needed) == [1])
    }

    @Test func `heat that falls below the line lets one trader approve`() throws {
        let hot = PolicyDesk.rule("hot", traders: 1, risk: 1, when: [.heatAfter(.init(atLeast: 90))])
        var desk = PolicyDesk(rules: [hot])
        func book(_ heat: Quantity) -> Command {
            .observe(
                .portfolio(
                    Portfolio(
                        totalHeat: heat,
                        availableCapacity: 10,
                        timestamp: Sample.now,
                        heatLimit: 6,
                        value: 100_000
                    )
                )
            )
        }
        var proposal = Sample.proposal()
        proposal.riskAmount = 600
        // 600 of 100,000 is 0.6 %, and that is 10 % of a limit of 6 %.
        let id = try desk.receive(proposal)
        try desk.run(book(80))
        #expect(try desk.verdict(id, "ruth").approve.isAllowed)
        desk.approve(id, "ann")
        #expect(desk.projection.signal(id)?.status == .pendingReview)
        try desk.run(book(79))
        desk.approve(id, "bo")
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    // MARK: Waiting

    @Test func `an amendment cannot outlast the policy, nor can more time`() throws {
        var desk = PolicyDesk(rules: [Self.waiting(10)])
        let id = try desk.receive(Sample.proposal(expiresAt: Self.later(4)))
        #expect(desk.refusal(Self.amend(id) { $0.expiresAt = .set(Self.later(60)) }) == nil)
        #expect(desk.projection.signal(id)?.proposal.expiresAt == Self.later(10))
        #expect(desk.refusal(Self.amend(id) { $0.expiresAt = .set(nil) }) == nil)
        #expect(desk.projection.signal(id)?.proposal.expiresAt == Self.later(10))
        let refusal = desk.refusal(.extend(id, minutes: 5, Sample.click("ann")))
        #expect(refusal?.code == .extensionLimit)
        #expect(refusal?.detail.contains("lets AAPL wait until \(Self.later(10))") == true)
        let other = try desk.receive(Sample.proposal(expiresAt: Self.later(4)))
        #expect(desk.refusal(.extend(other, minutes: 5, Sample.click("ann"))) == nil)
        #expect(desk.projection.signal(other)?.proposal.expiresAt == Self.later(9))
    }

    @Test func `what a signal is amended to may have to be decided sooner`() throws {
        var rule = PolicyDesk.rule("sells", risk: 1, when: [.side([.sell])])
        rule.waitMs = Self.minute
        var desk = PolicyDesk(rules: [rule])
        let id = try desk.receive()
        #expect(desk.projection.signal(id)?.proposal.expiresAt == nil)
        #expect(desk.refusal(Self.amend(id) { $0.side = .set(.sell) }) == nil)
        #expect(desk.projection.signal(id)?.proposal.expiresAt == Self.later(1))
    }

    // MARK: Any policy

    private static let users = ["ann", "bo", "ruth", "sam", "ada", "zoe"]

    private static func rule(_ name: String, _ random: inout SeededGenerator) -> Policy.Rule {
        let line = Quantity(integerLiteral: Int.random(in: 0...4, using: &random))
        let bounds = Bool.random(using: &random) ? Policy.Bounds(above: line) : Policy.Bounds(below: line)
        let conditions: [[Policy.Condition]] = [
            [], [.risk(bounds)], [.notional(bounds)], [.heatAfter(bounds)], [.campaignUtilisation(bounds)],
            [.campaignAfter(bounds)], [.grade([.a, .b])], [.symbol([.init("A*")])], [.source([.init("tests")])],
            [.side([.sell]), .risk(bounds)],
        ]
        var rule = PolicyDesk.rule(
            name,
            traders: .random(in: 0...2, using: &random),
            risk: .random(in: 0...2, using: &random),
            when: conditions.randomElement(using: &random)!
        )
        if Int.random(in: 0..<4, using: &random) == 0 {
            rule.excluded = [Sample.user(users.randomElement(using: &random)!)]
        }
        rule.approvalNeedsReason = Int.random(in: 0..<5, using: &random) == 0
        if Bool.random(using: &random) { rule.waitMs = .random(in: 1_000...9_000, using: &random) }
        if Bool.random(using: &random) { rule.undoWindowMs = .random(in: 0...9_000, using: &random) }
        return rule
    }

    private static func proposal(_ random: inout SeededGenerator) -> Proposal {
        func some() -> Quantity? {
            Bool.random(using: &random) ? Quantity(integerLiteral: Int.random(in: 0...5, using: &random)) : nil
        }
        var proposal = Sample.proposal(["AAPL", "MSFT"].randomElement(using: &random)!)
        let sides: [Side?] = [.buy, .sell, nil]
        proposal.side = sides.randomElement(using: &random)!
        (proposal.riskPercentage, proposal.riskAmount, proposal.quantity) = (some(), some(), some())
        (proposal.entryPrice, proposal.stopLoss, proposal.confidenceScore) = (some(), some(), some())
        proposal.campaignID = Bool.random(using: &random) ? "C-1" : nil
        return proposal
    }

    private static func numbers(_ proposal: Proposal, _ random: inout SeededGenerator) -> DeskNumbers {
        let portfolio = Portfolio(
            totalHeat: Quantity(integerLiteral: Int.random(in: 0...4, using: &random)),
            availableCapacity: 1,
            timestamp: Sample.now,
            heatLimit: Bool.random(using: &random) ? 100 : nil,
            value: Bool.random(using: &random) ? 100 : nil
        )
        let campaign = Campaign(campaignID: "C-1", riskAllocated: 2, positionsCount: 1, riskLimit: 100)
        return DeskNumbers(
            proposal,
            portfolio: Bool.random(using: &random) ? portfolio : nil,
            campaign: Bool.random(using: &random) ? campaign : nil
        )
    }

    /// Whether these people, each clicking again and again with a note, bring the approval about.
    private static func isApproved(
        by people: [String],
        _ proposal: Proposal,
        _ numbers: DeskNumbers,
        _ policy: Policy
    ) -> Bool {
        var signal = Signal(id: SignalID(), proposal: proposal, receivedAt: Sample.now)
        for user in people + people {
            let standing = policy.standing(of: signal, numbers)
            guard standing.verdict(for: Sample.user(user)).approve.isAllowed else { continue }
            let roles = policy.person(Sample.user(user)).roles
            let before = standing.missing
            signal.signOffs =
                (signal.signOffs ?? []) + [
                    SignOff(
                        id: DecisionID(),
                        user: Sample.user(user),
                        role: roles.contains(.risk) ? .risk : .trader,
                        side: .buy,
                        at: Sample.now,
                        note: nil,
                        needed: standing.needed,
                        version: signal.version + 1,
                        policy: policy.stamp
                    )
                ]
            if before.traders + before.risk == 1 { return true }
        }
        return false
    }

    @Test func `one rule more never makes an approval possible that was not, nor anything about it laxer`() throws {
        var random = SeededGenerator(seed: 21)
        var stricter = 0
        for _ in 0..<3_000 {
            let rules = (0..<Int.random(in: 1...4, using: &random)).map { Self.rule("rule \($0)", &random) }
            let proposal = Self.proposal(&random)
            let numbers = Self.numbers(proposal, &random)
            let policies = [rules.dropLast(), rules[...]].map { PolicyDesk(rules: Array($0)).policy }
            let (fewer, more) = (
                policies[0].requirements(for: proposal, numbers), policies[1].requirements(for: proposal, numbers)
            )
            #expect(more.people >= fewer.people && more.risk >= fewer.risk)
            #expect(more.matches.starts(with: fewer.matches))
            #expect(more.approvalNeedsReason || !fewer.approvalNeedsReason)
            #expect((more.waitMs ?? .max) <= (fewer.waitMs ?? .max))
            #expect((more.undoWindowMs ?? -1) >= (fewer.undoWindowMs ?? -1))
            let people = Array(Self.users.shuffled(using: &random).prefix(.random(in: 1...4, using: &random)))
            let (before, after) = (
                Self.isApproved(by: people, proposal, numbers, policies[0]),
                Self.isApproved(by: people, proposal, numbers, policies[1])
            )
            if before != after { stricter += 1 }
            #expect(before || !after, "\(people) \(rules)")
        }
        #expect(stricter > 100)
    }
}
