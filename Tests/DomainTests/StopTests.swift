import Domain
import SeededRandom
import Testing

/// The emergency stop (GAP-07): one person stops the desk, nothing is approved or leaves, two people resume it.
@Suite struct StopTests {
    private static let later = Sample.now.advanced(byMilliseconds: 60_000)

    private static func stopped(
        by user: String = "ann",
        reason: String? = nil
    ) throws -> (desk: Projection, id: SignalID) {
        var desk = Projection()
        let id = SignalID()
        try desk.run(.receive(id, Sample.proposal()))
        try desk.run(.stopDesk(Sample.click(user, note: reason)))
        return (desk, id)
    }

    @Test func `stopping says who, when and why, and is kept for ever`() throws {
        var desk = Projection()
        let click = Sample.click("ann", note: "The feed is wrong")
        let events = try desk.run(.stopDesk(click))
        let stop = try #require(desk.stop)
        #expect(events == [.deskStopped(stop)])
        #expect(
            stop.id == click.decisionID && stop.stoppedBy == Sample.user("ann") && stop.reason == "The feed is wrong"
        )
        #expect(stop.since == Sample.now && stop.stoppedAt == Sample.now && stop.isInForce && stop.signOffs == [])
        #expect(events.allSatisfy { $0.isKeptForEver && $0.user == Sample.user("ann") && $0.signal == nil })
    }

    @Test func `while it is stopped every approval is refused, whatever it is of`() throws {
        var (desk, id) = try Self.stopped(reason: "The feed is wrong")
        let targets: [Command.Target] = [
            .signal(id), .symbol(Sample.symbol()), .signal(SignalID()), .symbol(Sample.symbol("NONE")),
        ]
        for target in targets {
            let refusal = #expect(throws: Refusal.self) { try desk.run(.approve(target, as: .buy, Sample.click("bo"))) }
            #expect(refusal?.code == .deskStopped && refusal?.stop == desk.stop)
            #expect(refusal?.detail.contains("ann stopped the desk") == true)
            #expect(refusal?.detail.contains("The feed is wrong") == true && refusal?.detail.contains("resume") == true)
        }
        #expect(desk.signal(id)?.status == .pendingReview)
    }

    @Test func `the safe direction stays open: reject, undo, withdraw, and more time`() throws {
        var desk = Projection()
        let ids = (0..<4).map { _ in SignalID() }
        for id in ids { try desk.run(.receive(id, Sample.proposal(expiresAt: Self.later))) }
        try desk.run(.approve(.signal(ids[1]), as: .buy, Sample.click()))
        try desk.run(.stopDesk(Sample.click("ann")))
        try desk.run(.reject(.signal(ids[0]), reason: "no", Sample.click()))
        try desk.run(.undo(ids[1], Sample.click("bo")))
        try desk.run(.withdraw(ids[2], Command.Report(by: "tests")))
        try desk.run(.extend(ids[3], minutes: 5, Sample.click()))
        #expect(ids.map { desk.signal($0)?.status } == [.rejected, .pendingReview, .withdrawn, .pendingReview])
    }

    @Test func `nothing leaves and nothing expires`() throws {
        var desk = Projection()
        let (approved, waiting) = (SignalID(), SignalID())
        try desk.run(.receive(approved, Sample.proposal()))
        try desk.run(.receive(waiting, Sample.proposal("MSFT", expiresAt: Self.later)))
        try desk.run(.approve(.signal(approved), as: .buy, Sample.click()))
        try desk.run(.stopDesk(Sample.click("ann")))
        let muchLater = Self.later.advanced(byMilliseconds: 3_600_000)
        #expect(try desk.run(.release(approved), at: muchLater) == [])
        #expect(try desk.run(.expire(waiting), at: muchLater) == [])
        // It had time left when the desk stopped, so it can still be rejected.
        try desk.run(.reject(.signal(waiting), reason: "no", Sample.click()), at: muchLater)
    }

    @Test func `signals go on arriving, and what was released before is still reported`() throws {
        var desk = Projection()
        let id = SignalID()
        try desk.run(.receive(id, Sample.proposal()))
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
        try desk.run(.release(id))
        try desk.run(.stopDesk(Sample.click("ann")))
        try desk.run(.receive(SignalID(), Sample.proposal("MSFT")))
        try desk.run(.reportExecuted(id))
        #expect(desk.pendingCount == 1 && desk.signal(id)?.status == .executed)
    }

    // MARK: Resuming

    @Test func `resuming takes two different people, of whom the one who stopped may be one`() throws {
        var (desk, id) = try Self.stopped()
        let first = try desk.run(.resumeDesk(from: desk.stop?.id, Sample.click("ann")))
        let signedOff = try #require(desk.stop)
        #expect(first == [.deskResumeSignedOff(signedOff)])
        #expect(first.first?.user == Sample.user("ann"))
        for again in ["ann", "Ann", "ANN"] {
            let refusal = #expect(throws: Refusal.self) { try desk.run(.resumeDesk(from: nil, Sample.click(again))) }
            #expect(refusal?.code == .resumeAddsNothing)
        }
        #expect(desk.stop?.signOffs.count == 1)
        #expect(throws: Refusal.self) { try desk.run(.approve(.signal(id), as: .buy, Sample.click())) }
        let second = try desk.run(.resumeDesk(from: desk.stop?.id, Sample.click("bo")), at: Self.later)
        let last = try #require(desk.lastStop)
        #expect(second == [.deskResumed(last)] && second.first?.user == Sample.user("bo"))
        #expect(desk.stop == nil && last.resumedAt == Self.later && last.signOffs.map(\.by.text) == ["ann", "bo"])
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
    }

    @Test func `stopping once more takes back what was signed off, and without that is no news`() throws {
        var (desk, _) = try Self.stopped()
        let first = try #require(desk.stop)
        #expect(try desk.run(.stopDesk(Sample.click("bo"))) == [])
        try desk.run(.resumeDesk(from: nil, Sample.click("cy")))
        try desk.run(.stopDesk(Sample.click("bo", note: "Not yet")), at: Self.later)
        let anew = try #require(desk.stop)
        #expect(anew.signOffs == [] && anew.stoppedBy == Sample.user("bo") && anew.stoppedAt == Self.later)
        // It has stood still since the first.
        #expect(anew.since == first.since && anew.id != first.id)
        let refusal = #expect(throws: Refusal.self) { try desk.run(.resumeDesk(from: first.id, Sample.click("dee"))) }
        #expect(refusal?.code == .stopChanged && refusal?.stop == anew)
    }

    @Test func `there is nothing to resume on a desk that runs`() throws {
        var desk = Projection()
        let refusal = #expect(throws: Refusal.self) { try desk.run(.resumeDesk(from: nil, Sample.click())) }
        #expect(refusal?.code == .deskNotStopped)
    }

    // MARK: Time

    @Test func `a time limit goes on with what was left of it when the desk stopped, or when the signal came`() throws {
        var desk = Projection()
        let (early, late, over, free) = (SignalID(), SignalID(), SignalID(), SignalID())
        func at(_ seconds: Int64) -> Timestamp { Sample.now.advanced(byMilliseconds: seconds * 1_000) }
        try desk.run(.receive(early, Sample.proposal(expiresAt: at(100))))
        try desk.run(.receive(over, Sample.proposal("OVER", expiresAt: at(20))))
        try desk.run(.receive(free, Sample.proposal("FREE")))
        try desk.run(.stopDesk(Sample.click("ann")), at: at(30))
        try desk.run(.receive(late, Sample.proposal("LATE", expiresAt: at(90))), at: at(50))
        try desk.run(.resumeDesk(from: nil, Sample.click("ann")), at: at(1_000))
        let events = try desk.run(.resumeDesk(from: nil, Sample.click("bo")), at: at(1_030))
        #expect(desk.signal(early)?.proposal.expiresAt == at(1_100))
        #expect(desk.signal(late)?.proposal.expiresAt == at(1_070))
        #expect(desk.signal(over)?.proposal.expiresAt == at(20))
        #expect(desk.signal(free)?.version == 1)
        // The word that time goes on is the last.
        let resumed = try #require(desk.lastStop)
        #expect(events.count == 3 && events.last == .deskResumed(resumed))
        #expect(events.dropLast().allSatisfy { $0.signal?.version == 2 })
        #expect(try desk.run(.expire(over), at: at(1_030)).count == 1)
    }

    @Test func `an approval that could be undone keeps its time limit too`() throws {
        var desk = Projection()
        let id = SignalID()
        try desk.run(.receive(id, Sample.proposal(expiresAt: Self.later)))
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
        try desk.run(.stopDesk(Sample.click("ann")))
        try desk.run(.resumeDesk(from: nil, Sample.click("ann")))
        let resumed = Self.later.advanced(byMilliseconds: 5_000)
        try desk.run(.resumeDesk(from: nil, Sample.click("bo")), at: resumed)
        #expect(desk.signal(id)?.proposal.expiresAt == Self.later.advanced(byMilliseconds: 65_000))
        #expect(desk.signal(id)?.status == .approved(.buy))
    }

    @Test(arguments: [(0, 10, 0), (0, 30, 10), (25, 100, 15), (0, 100, 20), (50, 100, 0)] as [(Int64, Int64, Int64)])
    func `how much of a span the desk stood still`(_ from: Int64, _ to: Int64, _ still: Int64) {
        func at(_ ms: Int64) -> Timestamp { Sample.now.advanced(byMilliseconds: ms) }
        let stop = DeskStop(
            id: DecisionID(),
            since: at(20),
            stoppedBy: Sample.user(),
            stoppedAt: at(20),
            reason: nil,
            resumedAt: at(40)
        )
        #expect(stop.standstillMs(from: at(from), to: at(to)) == still)
    }

    // MARK: Kept

    @Test(arguments: [0, 1, 2]) func `a checkpoint holds the stop and how far resuming is`(_ signOffs: Int) throws {
        var (desk, _) = try Self.stopped()
        for user in ["ann", "bo"].prefix(signOffs) { try desk.run(.resumeDesk(from: nil, Sample.click(user))) }
        let signals = desk.checkpoint.signals.map { offset in
            RecordedEvent(offset: offset, recordedAt: Sample.now, event: .signalReceived(desk.pendingSignals[0]))
        }
        let again = try #require(Projection(desk.checkpoint, signals: signals))
        #expect(again.lastStop == desk.lastStop && again.stop == desk.stop && again.checkpoint == desk.checkpoint)
        #expect((again.stop == nil) == (signOffs == 2))
    }

    @Test(arguments: 1...20)
    func `in no order of commands is anything approved or released between a stop and its end`(
        _ seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        var desk = Projection()
        var isStopped = false
        let users = ["ann", "bo", "cy"]
        for step in 0..<400 {
            let now = Sample.now.advanced(byMilliseconds: Int64(step) * 700)
            let ids = (desk.pendingSignals + desk.settledSignals(last: .max)).map(\.id)
            let id = ids.randomElement(using: &random) ?? SignalID()
            let click = Sample.click(users.randomElement(using: &random) ?? "ann")
            let command: Command =
                switch Int.random(in: 0..<10, using: &random) {
                case 0, 1: .receive(SignalID(), Sample.proposal(expiresAt: now.advanced(byMilliseconds: 20_000)))
                case 2, 3: .approve(.signal(id), as: .buy, click)
                case 4: .undo(id, click)
                case 5: .release(id)
                case 6: .expire(id)
                case 7: .stopDesk(click)
                default: .resumeDesk(from: nil, click)
                }
            for event in (try? desk.run(command, at: now)) ?? [] {
                switch event {
                case .deskStopped: isStopped = true
                case .deskResumed: isStopped = false
                case .signalApproved, .signalReleased, .signalExpired: #expect(!isStopped, "\(event)")
                default: break
                }
            }
            #expect((desk.stop != nil) == isStopped)
        }
    }
}
