import Domain
import Testing

/// An entry that the market has left is not approved by a click on an old screen (issue 5, "Terms").
@Suite struct DriftTests {
    /// A desk that knows one price.
    private struct Market: DeskState {
        var desk: Projection
        var quote: Price?
        var driftLimits = DriftLimits()

        func signal(_ id: SignalID) -> Signal? { desk.signal(id) }
        func pending(_ symbol: Symbol) -> [Signal] { desk.pending(symbol) }
        func price(of symbol: Symbol) -> Price? { quote.flatMap { $0.symbol == symbol ? $0 : nil } }
    }

    private static func price(_ text: String, ageMs: Int64 = 0) -> Price {
        Price(
            symbol: Sample.symbol(),
            price: Sample.quantity(text),
            change: 0,
            changePct: 0,
            volume: 0,
            bid: nil,
            ask: nil,
            at: Sample.now.advanced(byMilliseconds: -ageMs)
        )
    }

    /// Of the golden plan (entry 150.25, stop 149.50: R is 0.75, a quarter of it 0.1875) or its mirror image.
    private static func refusal(
        at price: Price?,
        accepting accepted: String? = nil,
        limits: DriftLimits = DriftLimits(),
        change: (inout Proposal) -> Void = { _ in }
    ) throws -> Refusal? {
        var proposal = TermsTests.proposal()
        change(&proposal)
        let (desk, id) = try TermsTests.desk(proposal)
        let market = Market(desk: desk, quote: price, driftLimits: limits)
        let click = TermsTests.click(seeing: desk.signal(id)?.terms, accepting: accepted)
        do throws(Refusal) {
            _ = try Decider.decide(.approve(.signal(id), as: .buy, click), in: market, at: Sample.now)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["150.25", "150.0625", "150.4375", "150.4374999999", "150.0625000001"])
    func `up to a quarter of R from the entry an approval goes through`(_ price: String) throws {
        #expect(try Self.refusal(at: Self.price(price)) == nil)
    }

    @Test(arguments: [
        ("150.43750001", "0.25"), ("150.0624999999", "-0.25"), ("150.60", "0.4667"), ("149.50", "-1"),
        ("140", "-13.6667"),
        ("99999999999999999999.999999999999", "133333333333333333133"),
    ])
    func `further away, either way, it is refused with the price`(_ price: String, _ r: String) throws {
        let refusal = try #require(try Self.refusal(at: Self.price(price)))
        #expect(refusal.code == .priceMoved)
        #expect(refusal.differences == [Difference(field: .price, was: "150.25", is: price)])
        #expect(refusal.drift?.r.text == r)
        #expect(refusal.detail.contains("AAPL is at \(price)"))
    }

    @Test func `below the entry of a SELL is away from its stop`() throws {
        func short(_ proposal: inout Proposal) {
            proposal.side = .sell
            proposal.stopLoss = Quantity("151.00")
            proposal.targetPrice = Quantity("147.75")
        }
        #expect(try Self.refusal(at: Self.price("149.50"), change: short)?.drift?.r.text == "1")
        #expect(try Self.refusal(at: Self.price("151.00"), change: short)?.drift?.r.text == "-1")
        #expect(try Self.refusal(at: Self.price("150.40"), change: short) == nil)
    }

    @Test func `without a price, or with an old one, an approval goes through`() throws {
        #expect(try Self.refusal(at: nil) == nil)
        #expect(try Self.refusal(at: Self.price("100", ageMs: 60_001)) == nil)
        #expect(try Self.refusal(at: Self.price("100", ageMs: 60_000))?.code == .priceMoved)
        #expect(try Self.refusal(at: Self.price("100", ageMs: -5_000))?.code == .priceMoved)
    }

    @Test func `without entry and stop there is no R to measure with`() throws {
        #expect(try Self.refusal(at: Self.price("1")) { $0.stopLoss = nil } == nil)
        #expect(try Self.refusal(at: Self.price("1")) { $0.entryPrice = nil } == nil)
        #expect(try Self.refusal(at: Self.price("1")) { ($0.side, $0.stopLoss) = (nil, $0.entryPrice) } == nil)
    }

    @Test func `who says that they take the price gets it, and no other`() throws {
        #expect(try Self.refusal(at: Self.price("150.60"), accepting: "150.60") == nil)
        #expect(try Self.refusal(at: Self.price("150.70"), accepting: "150.60") == nil)
        #expect(try Self.refusal(at: Self.price("150.79"), accepting: "150.60")?.code == .priceMoved)
        #expect(try Self.refusal(at: Self.price("150.60"), accepting: "999999")?.code == .priceMoved)
        // It came back to the entry meanwhile.
        #expect(try Self.refusal(at: Self.price("150.25"), accepting: "151.60") == nil)
    }

    @Test func `how far is too far can be set, or let be`() throws {
        var limits = DriftLimits()
        limits.rMax = Quantity("1.5")
        #expect(try Self.refusal(at: Self.price("151.30"), limits: limits) == nil)
        #expect(try Self.refusal(at: Self.price("151.38"), limits: limits)?.code == .priceMoved)
        limits.rMax = nil
        #expect(try Self.refusal(at: Self.price("1"), limits: limits) == nil)
    }

    @Test func `changed terms and a price that has moved are told together`() throws {
        let (desk, id) = try TermsTests.desk()
        var seen = TermsTests.proposal()
        seen.quantity = Quantity("1")
        let market = Market(desk: desk, quote: Self.price("151"))
        let click = TermsTests.click(seeing: Terms(of: id, seen))
        #expect {
            try Decider.decide(.approve(.signal(id), as: .buy, click), in: market, at: Sample.now)
        } throws: { error in
            let refusal = error as? Refusal
            return refusal?.code == .termsChanged && refusal?.differences.map(\.field) == [.quantity, .price]
        }
    }

    @Test func `a rejection asks nothing of terms or prices`() throws {
        let (desk, id) = try TermsTests.desk()
        let market = Market(desk: desk, quote: Self.price("1"))
        let click = TermsTests.click(seeing: nil)
        #expect(
            try Decider.decide(.reject(.signal(id), reason: "no", click), in: market, at: Sample.now).count == 1
        )
    }
}
