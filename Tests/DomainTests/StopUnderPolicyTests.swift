import Domain
import Testing

/// Who may stop and who may resume when people have roles (GAP-06, GAP-07).
@Suite struct StopUnderPolicyTests {
    private static func stop(_ user: String) -> Command { .stopDesk(Sample.click(user)) }
    private static func resume(_ user: String) -> Command { .resumeDesk(from: nil, Sample.click(user)) }

    @Test func `whoever decides may stop, nobody else`() throws {
        var desk = PolicyDesk()
        for user in ["ada", "nobody"] {
            let refusal = desk.refusal(Self.stop(user))
            #expect(refusal?.code == .notPermitted)
            #expect(refusal?.detail.hasPrefix("A trader or a risk officer stops the desk; you are ") == true)
        }
        #expect(desk.refusal(Self.stop("ann")) == nil)
        #expect(desk.projection.stop?.resumeRole == .risk)
    }

    @Test func `two risk officers resume, traders do not`() throws {
        var desk = PolicyDesk()
        try desk.run(Self.stop("ann"))
        let refusal = desk.refusal(Self.resume("ann"))
        #expect(
            refusal?.code == .notPermitted && refusal?.detail == "A risk officer resumes the desk; you are a trader."
        )
        #expect(desk.refusal(Self.resume("ruth")) == nil)
        #expect(desk.refusal(Self.resume("ruth"))?.code == .resumeAddsNothing)
        #expect(desk.refusal(Self.resume("sam")) == nil)
        #expect(desk.projection.stop == nil)
    }

    @Test func `who is no risk officer any more is not counted`() throws {
        var desk = PolicyDesk()
        try desk.run(Self.stop("ann"))
        try desk.run(Self.resume("ruth"))
        var people = PolicyDesk.people
        people["ruth"] = .init(roles: [.trader])
        people["rob"] = .init(roles: [.risk])
        desk.policy = PolicyDesk(people: people).policy
        try desk.run(Self.resume("sam"))
        #expect(desk.projection.stop?.signOffs.map(\.by.text) == ["sam"])
        try desk.run(Self.resume("rob"))
        #expect(desk.projection.stop == nil)
    }

    @Test func `a sign-off is an approval too, and what was signed off outlives a stop`() throws {
        var desk = PolicyDesk(rules: [PolicyDesk.rule(traders: 1, risk: 1)])
        let id = try desk.receive(Sample.proposal(expiresAt: Sample.now.advanced(byMilliseconds: 60_000)))
        #expect(desk.approve(id, "ann") == nil)
        try desk.run(Self.stop("ann"))
        #expect(desk.approve(id, "ruth")?.code == .deskStopped)
        let later = Sample.now.advanced(byMilliseconds: 600_000)
        try desk.run(Self.resume("ruth"), at: later)
        try desk.run(Self.resume("sam"), at: later)
        #expect(desk.projection.signal(id)?.signOffs?.map(\.user.text) == ["ann"])
        #expect(desk.projection.signal(id)?.proposal.expiresAt == later.advanced(byMilliseconds: 60_000))
        #expect(desk.approve(id, "ruth") == nil)
        #expect(desk.projection.signal(id)?.status == .approved(.buy))
    }

    @Test func `a session goes on after an emergency stop when a risk officer says so`() throws {
        var desk = PolicyDesk()
        let status = SessionStatus(
            sessionID: "s-1",
            state: .active,
            currentPnL: Sample.quantity("0"),
            totalTrades: 0,
            lossLimitUtilization: Sample.quantity("0"),
            timeElapsed: 0,
            performanceScore: nil
        )
        try desk.run(.observe(.session(status)))
        func tell(_ action: SessionControl.Action, _ user: String) -> Command {
            .controlSession("s-1", action, Sample.click(user))
        }
        #expect(desk.refusal(tell(.pause, "ada"))?.code == .notPermitted)
        #expect(desk.refusal(tell(.pause, "ann")) == nil)
        #expect(desk.refusal(tell(.resume, "bo")) == nil)
        #expect(desk.refusal(tell(.stop, "ann")) == nil)
        #expect(desk.refusal(tell(.resume, "ann"))?.code == .notPermitted)
        #expect(desk.refusal(tell(.resume, "ruth")) == nil)
    }
}
