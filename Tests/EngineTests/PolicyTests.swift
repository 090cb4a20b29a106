import Domain
import Engine
import Storage
import Testing

/// The writer decides under the policy in force at that moment (issue 5, part 1).
@Suite struct PolicyTests {
    private static func policy(
        _ version: String,
        traders: Int = 1,
        risk: Int = 0,
        heatAbove: Quantity? = nil,
        undoWindowMs: Int64? = nil
    ) -> Policy {
        var rule = Policy.Rule(name: "rule of \(version)")
        rule.approvals = .init(traders: traders, risk: risk)
        rule.undoWindowMs = undoWindowMs
        if let heatAbove { rule.conditions = [.heatAfter(.init(above: heatAbove))] }
        return Policy(
            stamp: Policy.Stamp(version: version, hash: version),
            people: [UserName("ruth")!: .init(roles: [.risk])],
            defaultRole: .trader,
            base: Policy.Rule(name: "every signal"),
            rules: [rule]
        )
    }

    private static func approve(_ id: SignalID, _ user: String) -> Command {
        .approve(.signal(id), as: .buy, Command.Click(decisionID: DecisionID(), user: UserName(user)!))
    }

    @Test(arguments: StoreKind.allCases)
    func `sign-offs outlive a restart, and a repeated click is the same click (GAP-09)`(_ kind: StoreKind) async throws
    {
        try await kind.withStore { store in
            let clock = ManualClock()
            let board = PolicyBoard(Self.policy("v1", risk: 1))
            var id = SignalID()
            try await RunningDesk.with(store, clock: clock, policies: board) { running in
                id = try await running.receive()
                #expect(await running.desk.ask(Self.approve(id, "ann")).isDone)
                #expect(await running.desk.ask(Self.approve(id, "ann")).refusal?.code == .approvalAddsNothing)
            }
            try await RunningDesk.with(store, clock: clock, policies: board) { running in
                let kept = try await running.desk.signal(id)
                #expect(kept?.approvers == [UserName("ann")!])
                #expect(await running.desk.ask(Self.approve(id, "bo")).refusal?.code == .approvalAddsNothing)
                #expect(await running.desk.ask(Self.approve(id, "ruth")).isDone)
                #expect(try await running.desk.signal(id)?.status == .approved(.buy))
            }
        }
    }

    @Test func `an approval is released by the window it was given under, whatever the policy says later`() async throws
    {
        let board = PolicyBoard(Self.policy("v1", undoWindowMs: 20_000))
        try await RunningDesk.with(policies: board) { running in
            let id = try await running.receive()
            #expect(await running.desk.ask(Self.approve(id, "ann")).isDone)
            board.adopt(Self.policy("v2", undoWindowMs: 0), at: running.clock.now())
            await running.clock.turn(milliseconds: 19_900)
            #expect(try await running.desk.signal(id)?.releasedAt == nil)
            await running.clock.turn(milliseconds: 400)
            #expect(try await running.desk.signal(id)?.releasedAt != nil)
            #expect(try await running.desk.signal(id)?.decision?.policy?.version == "v1")
        }
    }

    @Test func `a policy taken on while the desk runs holds for the next decision`() async throws {
        let board = PolicyBoard()
        try await RunningDesk.with(policies: board) { running in
            let (one, other) = (try await running.receive("A"), try await running.receive("B"))
            #expect(await running.desk.ask(Self.approve(one, "ann")).isDone)
            #expect(try await running.desk.signal(one)?.decision?.policy == nil)
            board.adopt(Self.policy("v1", risk: 1), at: running.clock.now())
            #expect(await running.desk.ask(Self.approve(other, "ann")).isDone)
            #expect(try await running.desk.signal(other)?.status == .pendingReview)
            board.note(fault: "broken")
            #expect(board.inForce?.stamp.version == "v1" && board.status.fault == "broken")
        }
    }

    @Test func `heat that is not known is heat that is too high, and a report in the same request counts`() async throws
    {
        let board = PolicyBoard(Self.policy("v1", risk: 1, heatAbove: 90))
        try await RunningDesk.with(policies: board) { running in
            let id = try await running.receive()
            #expect(await running.desk.ask(Self.approve(id, "ann")).isDone)
            #expect(try await running.desk.signal(id)?.status == .pendingReview)
            #expect(await running.desk.standing(of: id)?.standing.missingWords == "1 risk officer")

            let other = SignalID()
            var proposal = Proposal(symbol: Sample.symbol(), side: .buy, source: "tests")
            proposal.riskPercentage = 1
            let cool = Portfolio(
                totalHeat: 10,
                availableCapacity: 90,
                timestamp: Sample.now,
                heatLimit: 6,
                value: 100_000
            )
            let answer = await running.desk.ask(
                .receive(other, proposal),
                .observe(.portfolio(cool)),
                Self.approve(other, "ann")
            )
            #expect(answer.isDone, "\(answer)")
            #expect(try await running.desk.signal(other)?.status == .approved(.buy))
        }
    }
}
