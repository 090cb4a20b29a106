import Domain
import Testing

/// Sources report sessions, people pause, stop and resume them, and people have the last word (SES-01, SES-04, GAP-07).
@Suite struct SessionControlTests {
    private typealias State = SessionStatus.State

    private static func report(_ state: SessionStatus.State, profit: String = "0", id: String = "s-1") -> Command {
        .observe(
            .session(
                SessionStatus(
                    sessionID: id,
                    state: state,
                    currentPnL: Sample.quantity(profit),
                    totalTrades: 1,
                    lossLimitUtilization: Sample.quantity("10"),
                    timeElapsed: 60,
                    performanceScore: nil
                )
            )
        )
    }

    private static func tell(_ action: SessionControl.Action, by user: String = "ann", why: String? = nil) -> Command {
        .controlSession("s-1", action, Sample.click(user, note: why))
    }

    private static func desk(_ commands: [Command]) throws -> Projection {
        var desk = Projection()
        for command in commands { try desk.run(command) }
        return desk
    }

    @Test func `a person's word is an event of its own, with who, why, and what the session was`() throws {
        var desk = try Self.desk([Self.report(.active, profit: "12.50")])
        let events = try desk.run(Self.tell(.pause, why: "Lunch"))
        let session = try #require(desk.session("s-1"))
        #expect(events == [.sessionControlled(session)])
        #expect(session.state == .paused && session.previousState == .active && session.reportedState == .active)
        #expect(session.control?.by == Sample.user("ann") && session.control?.reason == "Lunch")
        #expect(session.currentPnL == Sample.quantity("12.50"))
        #expect(events.allSatisfy { $0.isKeptForEver && $0.user == Sample.user("ann") })
    }

    @Test(arguments: SessionControl.Action.allCases, SessionStatus.State.allCases)
    func `only some words fit a state`(_ action: SessionControl.Action, _ state: SessionStatus.State) throws {
        var desk = try Self.desk([Self.report(state)])
        let fits: [SessionControl.Action: [SessionStatus.State]] = [
            .pause: [.active], .resume: [.paused, .emergencyStopped], .stop: [.active, .paused],
        ]
        if fits[action]?.contains(state) == true {
            try desk.run(Self.tell(action))
            #expect(desk.session("s-1")?.state == action.state)
        } else {
            let refusal = #expect(throws: Refusal.self) { try desk.run(Self.tell(action)) }
            #expect(refusal?.code == .sessionState && refusal?.session?.state == state)
        }
    }

    @Test func `a session nobody reported is not found`() throws {
        var desk = Projection()
        let refusal = #expect(throws: Refusal.self) { try desk.run(Self.tell(.pause)) }
        #expect(refusal?.code == .sessionNotFound)
    }

    @Test(
        arguments: [
            (.pause, .active, .paused), (.pause, .paused, .paused), (.pause, .emergencyStopped, .emergencyStopped),
            (.pause, .completed, .completed), (.stop, .active, .emergencyStopped), (.stop, .paused, .emergencyStopped),
            (.stop, .expired, .expired),
        ] as [(SessionControl.Action, SessionStatus.State, SessionStatus.State)]
    )
    func `a source goes on reporting figures, and undoes no pause and no stop`(
        _ action: SessionControl.Action,
        _ reported: SessionStatus.State,
        _ expected: SessionStatus.State
    ) throws {
        let desk = try Self.desk([Self.report(.active), Self.tell(action), Self.report(reported, profit: "-7.00")])
        let session = try #require(desk.session("s-1"))
        #expect(session.state == expected && session.currentPnL == Sample.quantity("-7.00"))
        #expect(session.reportedState == (expected == reported ? nil : reported))
        #expect(session.control?.by == Sample.user("ann"))
    }

    @Test func `a session that was said to be over and comes back is what the people left it`() throws {
        let desk = try Self.desk([
            Self.report(.active), Self.tell(.stop), Self.report(.completed), Self.report(.active),
        ])
        #expect(desk.session("s-1")?.state == .emergencyStopped)
    }

    @Test func `after somebody resumes, the source has the word again`() throws {
        var desk = try Self.desk([Self.report(.active), Self.tell(.pause), Self.tell(.resume, by: "bo")])
        #expect(desk.session("s-1")?.state == .active && desk.session("s-1")?.control?.action == .resume)
        try desk.run(Self.report(.paused))
        #expect(desk.session("s-1")?.state == .paused && desk.session("s-1")?.control == nil)
        #expect(desk.session("s-1")?.previousState == .active)
    }

    @Test func `no session is resumed while the desk is stopped; pausing and stopping go on`() throws {
        var desk = try Self.desk([Self.report(.active), .stopDesk(Sample.click("ann")), Self.tell(.pause)])
        let refusal = #expect(throws: Refusal.self) { try desk.run(Self.tell(.resume)) }
        #expect(refusal?.code == .deskStopped)
        try desk.run(Self.tell(.stop))
    }

    @Test func `only a change of state says what it was before`() throws {
        let desk = try Self.desk([Self.report(.active), Self.report(.active, profit: "1")])
        #expect(desk.session("s-1")?.previousState == nil)
    }

    @Test func `what people said outlives a thousand newer sessions, and a checkpoint`() throws {
        var desk = try Self.desk([Self.report(.active), Self.tell(.stop)])
        for number in 0..<(Projection.sessionsMax + 50) { try desk.run(Self.report(.active, id: "other-\(number)")) }
        #expect(desk.session("s-1")?.state == .emergencyStopped && desk.sessions.count == Projection.sessionsMax)
        let again = try #require(Projection(desk.checkpoint, signals: []))
        #expect(again.session("s-1") == desk.session("s-1"))
    }
}
