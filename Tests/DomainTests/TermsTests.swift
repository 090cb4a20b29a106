import Domain
import Foundation
import SeededRandom
import Testing

/// Nobody approves what they have not seen (issue 5, "Terms"; GAP-02).
@Suite struct TermsTests {
    static let expiry = Sample.now.advanced(byMilliseconds: 300_000)

    static func proposal() -> Proposal {
        var proposal = Sample.proposal(expiresAt: expiry)
        proposal.entryPrice = Quantity("150.25")
        proposal.stopLoss = Quantity("149.50")
        proposal.targetPrice = Quantity("152.75")
        proposal.quantity = Quantity("100")
        proposal.riskAmount = Quantity("75.00")
        return proposal
    }

    /// A change of each field, with what it is told as.
    static let changes: [(Terms.Field, String?, WritableChange)] = [
        (.side, "SELL", { $0.side = .sell }), (.side, nil, { $0.side = nil }),
        (.entryPrice, "150.26", { $0.entryPrice = Quantity("150.26") }),
        (.stopLoss, "149.51", { $0.stopLoss = Quantity("149.51") }), (.stopLoss, nil, { $0.stopLoss = nil }),
        (.targetPrice, "152.750000000001", { $0.targetPrice = Quantity("152.750000000001") }),
        (.quantity, "1000", { $0.quantity = Quantity("1000") }),
        (.riskAmount, "75.01", { $0.riskAmount = Quantity("75.01") }),
        (.riskPercentage, "0", { $0.riskPercentage = Quantity("0") }),
        (.expiresAt, "2024-01-15T10:35:00.001Z", { $0.expiresAt = expiry.advanced(byMilliseconds: 1) }),
    ]
    typealias WritableChange = @Sendable (inout Proposal) -> Void

    // MARK: The canonical text

    @Test func `the canonical text is one line per field, in a fixed order, and nothing for what is missing`() {
        let id = SignalID("550e8400-e29b-41d4-a716-446655440000")!
        #expect(
            Terms(of: id, Self.proposal()).canonicalText == """
                countersign-terms=1
                id=550e8400-e29b-41d4-a716-446655440000
                symbol=AAPL
                side=BUY
                entry_price=150.25
                stop_loss=149.5
                target_price=152.75
                quantity=100
                risk_amount=75
                risk_percentage=
                expires_at=2024-01-15T10:35:00.000Z

                """
        )
    }

    @Test(arguments: changes.indices) func `every term that changes changes the text, and is told`(_ index: Int) {
        let (field, now, change) = Self.changes[index]
        let id = SignalID()
        var proposal = Self.proposal()
        let before = Terms(of: id, proposal)
        change(&proposal)
        let after = Terms(of: id, proposal)
        #expect(before != after)
        #expect(before.canonicalText != after.canonicalText)
        #expect(before.differences(to: after).map(\.field) == [field])
        #expect(before.differences(to: after).first?.is == now)
        #expect(before.differences(to: after).first?.was == after.differences(to: before).first?.is)
    }

    @Test func `the same terms of another signal are other terms`() {
        #expect(
            Terms(of: SignalID(), Self.proposal()).canonicalText
                != Terms(of: SignalID(), Self.proposal()).canonicalText
        )
    }

    @Test(arguments: [
        ("149.50", "149.5"), ("149.5", "149.5"), ("0149.500", "149.5"), ("100", "100"), ("100.000", "100"), ("0", "0"),
        ("-0.00", "0"), ("000", "0"), ("0.10", "0.1"), ("-0.10", "-0.1"), ("00012.0034000", "12.0034"),
        ("99999999999999999999.999999999999", "99999999999999999999.999999999999"),
    ])
    func `a decimal has one normal form`(_ written: String, _ normal: String) {
        #expect(Sample.quantity(written).normalText == normal)
    }

    @Test func `two amounts have the same normal form exactly when they are equal`() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<20_000 {
            let (one, other) = (Self.amount(using: &random), Self.amount(using: &random))
            #expect((one == other) == (one.normalText == other.normalText), "\(one) \(other)")
            #expect(Quantity(one.normalText) == one)
        }
    }

    private static func amount(using random: inout SeededGenerator) -> Quantity {
        let digits = String(Int.random(in: 0...120, using: &random))
        let zeros = String(repeating: "0", count: Int.random(in: 0...2, using: &random))
        let fraction = ["", ".0", ".10", ".1", ".100", ".01"].randomElement(using: &random)!
        return Sample.quantity((Bool.random(using: &random) ? "-" : "") + zeros + digits + fraction)
    }

    // MARK: Approving

    @Test func `terms that were seen are approved, however they were written`() throws {
        var (desk, id) = try Self.desk()
        var seen = Self.proposal()
        seen.stopLoss = Quantity("0149.5000")
        try desk.run(.approve(.signal(id), as: .buy, Self.click(seeing: Terms(of: id, seen))))
        #expect(desk.signal(id)?.status == .approved(.buy))
    }

    @Test(arguments: changes.indices)
    func `terms that are no longer there are refused, with the fields that changed`(_ index: Int) throws {
        let (desk, id) = try Self.desk()
        var seen = Self.proposal()
        Self.changes[index].2(&seen)
        let command = Command.approve(.signal(id), as: .buy, Self.click(seeing: Terms(of: id, seen), version: 1))
        let refusal = DeciderTests.refused(command, in: desk)
        #expect(refusal?.code == .termsChanged)
        #expect(refusal?.differences.map(\.field) == [Self.changes[index].0])
        #expect(refusal?.differences.first?.was == Self.changes[index].1)
        #expect(refusal?.signals.first == desk.signal(id))
    }

    @Test func `what has changed is said rather than that the version is another one`() throws {
        var (desk, id) = try Self.desk()
        let seen = try #require(desk.signal(id)?.terms)
        try desk.run(.amend(id, Self.stop("149.10"), .init(source: "tests")))
        let refusal = DeciderTests.refused(
            .approve(.signal(id), as: .buy, Self.click(seeing: seen, version: 1)),
            in: desk
        )
        #expect(refusal?.code == .termsChanged)
        #expect(refusal?.differences == [Difference(field: .stopLoss, was: "149.50", is: "149.10")])
    }

    // MARK: Amending

    @Test func `an amendment is an event with the whole signal, what changed, and the next version`() throws {
        var (desk, id) = try Self.desk()
        let before = try #require(desk.signal(id))
        var amendment = Self.stop("149.10")
        amendment.expiresAt = .set(nil)
        let later = Sample.now.advanced(byMilliseconds: 1_000)
        let events = try desk.run(.amend(id, amendment, .init(source: "tests", expectedVersion: 1)), at: later)
        let signal = try #require(desk.signal(id))
        let changes = [
            Difference(field: .stopLoss, was: "149.50", is: "149.10"),
            Difference(field: .expiresAt, was: "2024-01-15T10:35:00.000Z", is: nil),
        ]
        #expect(events == [.signalAmended(signal, changes: changes)])
        #expect(signal.version == 2 && signal.updatedAt == later && signal.status == .pendingReview)
        #expect(signal.proposal.stopLoss == Quantity("149.10") && signal.proposal.expiresAt == nil)
        #expect(signal.receivedAt == before.receivedAt && signal.proposal.source == before.proposal.source)
        #expect(events.first?.isKeptForEver == true)
    }

    @Test func `an amendment that changes nothing is no event`() throws {
        var (desk, id) = try Self.desk()
        #expect(try desk.run(.amend(id, Self.stop("149.5"), .init(source: "tests"))).isEmpty)
        #expect(desk.signal(id)?.version == 1)
    }

    @Test func `an amended signal keeps its place among those that wait (GAP-03)`() throws {
        var desk = Projection()
        let ids = [SignalID(), SignalID()]
        for id in ids { try desk.run(.receive(id, Self.proposal())) }
        try desk.run(.amend(ids[0], Self.stop("149.10"), .init(source: "tests")))
        #expect(desk.pending(Sample.symbol()).map(\.id) == ids)
        #expect(desk.pendingCount == 2)
    }

    @Test func `only its own source amends a signal`() throws {
        let (desk, id) = try Self.desk()
        let refusal = DeciderTests.refused(.amend(id, Self.stop("149.10"), .init(source: "other")), in: desk)
        #expect(refusal?.code == .sourceMismatch)
    }

    @Test func `a source that saw another version is told`() throws {
        let (desk, id) = try Self.desk()
        let request = Command.SourceRequest(source: "tests", expectedVersion: 2)
        #expect(DeciderTests.refused(.amend(id, Self.stop("149.10"), request), in: desk)?.code == .versionConflict)
    }

    @Test(arguments: SignalStatus.all) func `only what still waits can be amended`(_ status: SignalStatus) throws {
        let (desk, id) = DeciderTests.desk(with: status)
        let command = Command.amend(id, Self.stop("1"), .init(source: "tests"))
        guard status != .pendingReview else {
            #expect(try Decider.decide(command, in: desk, at: Sample.now).count == 1)
            return
        }
        let code = DeciderTests.refused(command, in: desk)?.code
        #expect(code == (status == .expired ? .signalExpired : .alreadyDecided))
    }

    @Test func `a signal whose time is up is not given more by an amendment`() throws {
        let (desk, id) = try Self.desk()
        var amendment = Amendment()
        amendment.expiresAt = .set(Self.expiry.advanced(byMilliseconds: 60_000))
        let refusal = DeciderTests.refused(.amend(id, amendment, .init(source: "tests")), in: desk, at: Self.expiry)
        #expect(refusal?.code == .signalExpired)
    }

    @Test(arguments: [
        ("stop above", Terms.Field.stopLoss), ("stop at entry", .stopLoss), ("target below", .targetPrice),
        ("short with a long's plan", .stopLoss), ("expiry now", .expiresAt), ("entry below the stop", .stopLoss),
    ])
    func `a plan that cannot be meant is refused as a whole`(_ name: String, _ field: Terms.Field) throws {
        let (desk, id) = try Self.desk()
        var amendment = Amendment()
        switch name {
        case "stop above": amendment.stopLoss = .set(Quantity("150.26"))
        case "stop at entry": amendment.stopLoss = .set(Quantity("150.250"))
        case "target below": amendment.targetPrice = .set(Quantity("150.24"))
        case "short with a long's plan": amendment.side = .set(.sell)
        case "expiry now": amendment.expiresAt = .set(Sample.now)
        default: amendment.entryPrice = .set(Quantity("149.49"))
        }
        let refusal = DeciderTests.refused(.amend(id, amendment, .init(source: "tests")), in: desk)
        #expect(refusal?.code == .invalidTerms)
        #expect(refusal?.faults.first?.field == field)
    }

    // MARK: Helpers

    static func desk(_ proposal: Proposal = proposal()) throws -> (Projection, SignalID) {
        var desk = Projection()
        let id = SignalID()
        try desk.run(.receive(id, proposal))
        return (desk, id)
    }

    static func stop(_ text: String) -> Amendment {
        var amendment = Amendment()
        amendment.stopLoss = .set(Sample.quantity(text))
        return amendment
    }

    static func click(seeing terms: Terms?, version: Int? = nil, accepting price: String? = nil) -> Command.Click {
        Command.Click(
            decisionID: DecisionID(),
            user: Sample.user(),
            expectedVersion: version,
            terms: terms,
            acceptedPrice: price.map(Sample.quantity)
        )
    }
}
