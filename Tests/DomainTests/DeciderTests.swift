import Domain
import Testing

/// What follows from a command, and why nothing does (C4, GAP-03, GAP-09).
@Suite struct DeciderTests {
    static let expiry = Sample.now.advanced(byMilliseconds: 300_000)

    // MARK: Legal steps

    @Test func `a received signal waits for approval at version 1 (APR-07)`() throws {
        var desk = Projection()
        let id = SignalID()
        let events = try desk.run(.receive(id, Sample.proposal()))
        let signal = try #require(desk.signal(id))
        #expect(events == [.signalReceived(signal)])
        #expect(signal.status == .pendingReview)
        #expect(signal.version == 1)
        #expect(signal.decision == nil)
        #expect(signal.receivedAt == Sample.now && signal.updatedAt == Sample.now)
    }

    @Test(arguments: Side.allCases)
    func `an approval says who, as what, when and why (APR-04, APR-05, APR-06)`(_ side: Side) throws {
        var desk = Projection()
        let id = try desk.receive()
        let click = Sample.click("alice", note: "RSI oversold.", version: 1)
        let events = try desk.run(.approve(.signal(id), as: side, click), at: Self.expiry)
        let signal = try #require(desk.signal(id))
        #expect(events == [.signalApproved(signal)])
        #expect(signal.status.rawValue == "APPROVED_\(side.rawValue)")
        #expect(!signal.status.isAwaitingApproval)
        #expect(signal.version == 2)
        let expected = Decision(
            id: click.decisionID,
            outcome: .approved(as: side),
            decidedBy: Sample.user(),
            decidedAt: Self.expiry,
            note: "RSI oversold."
        )
        #expect(signal.decision == expected)
        #expect(signal.updatedAt == Self.expiry)
    }

    @Test func `a rejection says who, when and the reason (APR-09)`() throws {
        var desk = Projection()
        let id = try desk.receive()
        let click = Sample.click("bob")
        let events = try desk.run(.reject(.signal(id), reason: "Too late in the day", click))
        let signal = try #require(desk.signal(id))
        #expect(events == [.signalRejected(signal)])
        #expect(signal.status == .rejected)
        #expect(signal.decision?.outcome == .rejected(reason: "Too late in the day"))
        #expect(signal.decision?.decidedBy == Sample.user("bob"))
    }

    @Test func `an approved signal can be executed and keeps its decision (APR-10)`() throws {
        var desk = Projection()
        let id = try desk.receive()
        try desk.run(.approve(.signal(id), as: .sell, Sample.click()))
        let decision = desk.signal(id)?.decision
        try desk.run(.release(id))
        try desk.run(.reportExecuted(id))
        #expect(desk.signal(id)?.status == .executed)
        #expect(desk.signal(id)?.decision == decision)
        #expect(desk.signal(id)?.version == 4)
    }

    @Test func `an observation is logged as it came and changes no signal`() throws {
        var desk = Projection()
        let id = try desk.receive()
        let before = desk.signal(id)
        #expect(try desk.run(.observe(Sample.notice("n"))) == [.observed(Sample.notice("n"))])
        #expect(desk.signal(id) == before)
    }

    // MARK: Every command in every status

    /// What a command meets in a status: `nil` when it is carried out.
    static func refusal(_ command: String, in status: SignalStatus) -> Refusal.Code? {
        switch (command, status) {
        case ("receive", _): .signalExists
        case ("approve", .pendingReview), ("reject", .pendingReview), ("withdraw", .pendingReview): nil
        case ("extend", .pendingReview): .extensionLimit
        case ("approve", .expired), ("reject", .expired), ("withdraw", .expired), ("extend", .expired): .signalExpired
        case ("approve", _), ("reject", _), ("withdraw", _), ("extend", _): .alreadyDecided
        case ("executed", .approved), ("failed", .approved): .notReleased
        case ("executed", _), ("failed", _), ("undo", _): .notApproved
        default: nil
        }
    }

    @Test(
        arguments: ["receive", "approve", "reject", "executed", "failed", "withdraw", "undo", "extend", "expire"],
        SignalStatus.all
    )
    func `a command is carried out or refused as the table says`(_ name: String, in status: SignalStatus) throws {
        var (desk, id) = Self.desk(with: status)
        let before = desk.signal(id)
        do throws(Refusal) {
            let events = try desk.run(Self.command(name, id))
            #expect(Self.refusal(name, in: status) == nil)
            #expect(events.isEmpty == (name == "expire"))
        } catch {
            #expect(error.code == Self.refusal(name, in: status))
            #expect(error.detail.hasSuffix("."))
            #expect(error.signals.first == before)
            #expect(desk.signal(id) == before)
        }
    }

    @Test(arguments: ["approve", "reject", "executed"])
    func `an unknown signal is named in the refusal`(_ name: String) throws {
        let id = SignalID()
        let refusal = Self.refused(Self.command(name, id), in: Projection())
        #expect(refusal?.code == .signalNotFound)
        #expect(refusal?.detail == "There is no signal with the id \(id).")
        #expect(try Decider.decide(.expire(id), in: Projection(), at: Sample.now).isEmpty)
    }

    // MARK: Sentences

    @Test func `the loser reads who decided what and when (GAP-09)`() throws {
        var desk = Projection()
        let id = try desk.receive()
        try desk.run(.approve(.signal(id), as: .buy, Sample.click("alice")))
        let late = Self.refused(.reject(.signal(id), reason: "no", Sample.click("bob")), in: desk)
        #expect(late?.detail == "alice decided first: AAPL was approved as BUY at 2024-01-15T10:30:00.000Z.")
        #expect(late?.signals.first == desk.signal(id))
        try desk.run(.release(id))
        try desk.run(.reportExecuted(id))
        let later = Self.refused(.approve(.signal(id), as: .buy, Sample.click("bob")), in: desk)
        #expect(later?.code == .alreadyDecided)
        #expect(later?.detail == late?.detail)
    }

    @Test func `a rejected signal says so to the next one`() throws {
        var desk = Projection()
        let id = try desk.receive()
        try desk.run(.reject(.signal(id), reason: "no", Sample.click("carol")))
        let late = Self.refused(.approve(.signal(id), as: .buy, Sample.click("bob")), in: desk)
        #expect(late?.detail == "carol decided first: AAPL was rejected at 2024-01-15T10:30:00.000Z.")
    }

    @Test func `executing what is not approved says what it is`() throws {
        var desk = Projection()
        let id = try desk.receive()
        let refusal = Self.refused(.reportExecuted(id), in: desk)
        #expect(refusal?.detail == "AAPL is PENDING_REVIEW: only an approved signal can be executed.")
    }

    // MARK: Expiry

    @Test func `a signal can be decided until the millisecond before it expires (APR-13)`() throws {
        var desk = Projection()
        let id = try desk.receive(expiresAt: Self.expiry)
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()), at: Self.expiry.advanced(byMilliseconds: -1))
        #expect(desk.signal(id)?.status == .approved(.buy))
    }

    @Test(arguments: [Int64(0), 1, 86_400_000])
    func `from that moment it is refused although nobody has written so yet`(_ late: Int64) throws {
        var desk = Projection()
        let id = try desk.receive(expiresAt: Self.expiry)
        for name in ["approve", "reject"] {
            let refusal = Self.refused(Self.command(name, id), in: desk, at: Self.expiry.advanced(byMilliseconds: late))
            #expect(refusal?.code == .signalExpired)
            #expect(
                refusal?.detail
                    == "AAPL expired at 2024-01-15T10:35:00.000Z and can no longer be decided. Ask its source for a new signal."
            )
        }
    }

    @Test func `expiring is nothing before its moment, an event at it, and nothing again`() throws {
        var desk = Projection()
        let id = try desk.receive(expiresAt: Self.expiry)
        #expect(try desk.run(.expire(id), at: Self.expiry.advanced(byMilliseconds: -1)).isEmpty)
        #expect(try desk.run(.expire(id), at: Self.expiry).count == 1)
        #expect(desk.signal(id)?.status == .expired)
        #expect(desk.signal(id)?.decision == nil)
        #expect(try desk.run(.expire(id), at: Self.expiry).isEmpty)
    }

    @Test func `a signal without an expiry never expires`() throws {
        var desk = Projection()
        let id = try desk.receive()
        #expect(try desk.run(.expire(id), at: Timestamp(milliseconds: 253_402_300_799_999)).isEmpty)
    }

    // MARK: Versions and symbols

    @Test func `deciding on terms that are no longer there is refused`() throws {
        var desk = Projection()
        let id = try desk.receive()
        for version in [-1, 0, 2, Int.max] {
            let refusal = Self.refused(.approve(.signal(id), as: .buy, Sample.click(version: version)), in: desk)
            #expect(refusal?.code == .versionConflict)
            #expect(refusal?.detail.contains("(version \(version), now 1)") == true)
            #expect(refusal?.signals.first == desk.signal(id))
        }
    }

    @Test func `that somebody was first matters more than the version`() throws {
        var desk = Projection()
        let id = try desk.receive()
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
        #expect(
            Self.refused(.approve(.signal(id), as: .buy, Sample.click(version: 1)), in: desk)?.code == .alreadyDecided
        )
    }

    @Test func `a symbol stands for its only pending signal (GAP-03)`() throws {
        var desk = Projection()
        let decided = try desk.receive()
        try desk.run(.reject(.signal(decided), reason: "no", Sample.click()))
        let other = try desk.receive("MSFT")
        let id = try desk.receive()
        try desk.run(.approve(.symbol(Sample.symbol("aapl")), as: .buy, Sample.click()))
        #expect(desk.signal(id)?.status == .approved(.buy))
        #expect(desk.signal(other)?.status == .pendingReview)
        #expect(desk.signal(decided)?.status == .rejected)
    }

    @Test func `a symbol with several pending signals is refused with the list, oldest first`() throws {
        var desk = Projection()
        let ids = try (0..<3).map { _ in try desk.receive() }
        let refusal = Self.refused(.reject(.symbol(Sample.symbol()), reason: "no", Sample.click()), in: desk)
        #expect(refusal?.code == .symbolAmbiguous)
        #expect(refusal?.signals.map(\.id) == ids)
        #expect(refusal?.detail == "3 signals of AAPL are waiting. Decide on one of them by its id.")
    }

    @Test func `a symbol without a pending signal is refused`() throws {
        var desk = Projection()
        let id = try desk.receive()
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
        let refusal = Self.refused(.approve(.symbol(Sample.symbol()), as: .buy, Sample.click()), in: desk)
        #expect(refusal?.code == .symbolNotPending)
        #expect(refusal?.detail == "No signal of AAPL is waiting for a decision.")
    }

    @Test func `a symbol's only signal is refused too when it has expired`() throws {
        var desk = Projection()
        try desk.receive(expiresAt: Self.expiry)
        let refusal = Self.refused(
            .approve(.symbol(Sample.symbol()), as: .buy, Sample.click()),
            in: desk,
            at: Self.expiry
        )
        #expect(refusal?.code == .signalExpired)
    }

    @Test func `a second signal under a known id is refused with the first`() throws {
        var desk = Projection()
        let id = try desk.receive()
        let refusal = Self.refused(.receive(id, Sample.proposal("MSFT")), in: desk)
        #expect(refusal?.code == .signalExists)
        #expect(refusal?.signals.first == desk.signal(id))
    }

    // MARK: Helpers

    static func command(_ name: String, _ id: SignalID) -> Command {
        switch name {
        case "receive": .receive(id, Sample.proposal())
        case "approve": .approve(.signal(id), as: .buy, Sample.click())
        case "reject": .reject(.signal(id), reason: "no", Sample.click())
        case "executed": .reportExecuted(id)
        case "failed": .reportFailed(id, Command.Report(by: "broker", reason: "halted"))
        case "withdraw": .withdraw(id, Command.Report(by: "tests"))
        case "undo": .undo(id, Sample.click())
        case "extend": .extend(id, minutes: 5, Sample.click())
        default: .expire(id)
        }
    }

    /// A desk with one signal in `status`, also where no command leads there yet.
    static func desk(with status: SignalStatus) -> (Projection, SignalID) {
        var signal = Signal(id: SignalID(), proposal: Sample.proposal(), receivedAt: Sample.now)
        var desk = Projection()
        desk.apply(Sample.recorded(.signalReceived(signal), at: 1))
        guard status != .pendingReview else { return (desk, signal.id) }
        signal.status = status
        signal.version = 2
        desk.apply(Sample.recorded(.signalRejected(signal), at: 2))
        return (desk, signal.id)
    }

    static func refused(_ command: Command, in desk: Projection, at now: Timestamp = Sample.now) -> Refusal? {
        do throws(Refusal) {
            _ = try Decider.decide(command, in: desk, at: now)
            Issue.record("\(command) was not refused")
            return nil
        } catch {
            return error
        }
    }
}

extension Projection {
    @discardableResult
    mutating func receive(_ symbol: String = "AAPL", expiresAt: Timestamp? = nil) throws(Refusal) -> SignalID {
        let id = SignalID()
        try run(.receive(id, Sample.proposal(symbol, expiresAt: expiresAt)))
        return id
    }
}
