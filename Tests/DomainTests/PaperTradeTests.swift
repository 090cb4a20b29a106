import SeededRandom
import Testing

@testable import Domain

/// What a decided signal would have made, from the prices that followed (APR-19).
@Suite struct PaperTradeTests {
    // MARK: One trade after the other

    /// The golden plan: 150.25, stop 149.50, target 152.75, 3.33 R.
    private static func golden(_ side: Side? = .buy, _ change: (inout Proposal) -> Void = { _ in }) -> PaperTrade? {
        var proposal = Sample.proposal()
        proposal.side = side
        (proposal.entryPrice, proposal.stopLoss, proposal.targetPrice) = (
            Sample.quantity("150.25"), Sample.quantity("149.50"), Sample.quantity("152.75")
        )
        change(&proposal)
        return PaperTrade(of: rejected(proposal))
    }

    private static func rejected(_ proposal: Proposal) -> Signal {
        var signal = Signal(id: SignalID(), proposal: proposal, receivedAt: Sample.now)
        signal.status = .rejected
        signal.decision = Decision(
            id: DecisionID(),
            outcome: .rejected(reason: "no"),
            decidedBy: Sample.user(),
            decidedAt: Sample.now,
            note: nil
        )
        return signal
    }

    /// A price a second, then the end of time.
    private static func result(_ trade: PaperTrade?, _ prices: String...) throws -> PaperResult {
        var trade = try #require(trade)
        for (second, price) in prices.enumerated() {
            trade.see(Sample.quantity(price), at: after(second))
        }
        trade.end(at: after(3_600))
        return try #require(trade.result)
    }

    private static func after(_ seconds: Int) -> Timestamp {
        Sample.now.advanced(byMilliseconds: Int64(seconds) * 1000)
    }

    @Test func `a pullback is filled at the entry, and the target pays what the signal said`() throws {
        let result = try Self.result(Self.golden(), "150.60", "150.25", "151.00", "152.75")
        #expect(result.ending == .target && result.r == Self.golden()!.rMultipleOfPlan)
        #expect(result.r?.text == "3.33" && result.side == .buy)
        #expect(result.entryPrice == Sample.quantity("150.25") && result.exitPrice == Sample.quantity("152.75"))
        #expect(result.enteredAt == Self.after(1) && result.endedAt == Self.after(3))
        #expect(result.startedAt == Sample.now && result.unwatchedSeconds == 0)
    }

    @Test func `a stop costs one R, and more when it is jumped over`() throws {
        #expect(try Self.result(Self.golden(), "150.25", "149.50").r?.text == "-1.00")
        let gap = try Self.result(Self.golden(), "150.25", "149.20")
        #expect(gap.ending == .stop && gap.r?.text == "-1.40" && gap.exitPrice == Sample.quantity("149.20"))
    }

    @Test func `a target that is jumped over pays no more than the plan`() throws {
        #expect(try Self.result(Self.golden(), "150.25", "160.00").r?.text == "3.33")
    }

    @Test func `a breakout is filled at the price that was seen, never better than the entry`() throws {
        let result = try Self.result(Self.golden(), "150.00", "150.55", "152.75")
        #expect(result.entryPrice == Sample.quantity("150.55") && result.r?.text == "2.93")
        #expect(try Self.result(Self.golden(), "150.60", "149.90", "152.75").entryPrice == Sample.quantity("150.25"))
    }

    @Test func `entry and stop between two prices are a filled trade that was stopped`() throws {
        let result = try Self.result(Self.golden(), "150.60", "149.00")
        #expect(result.ending == .stop && result.r?.text == "-1.67" && result.enteredAt == result.endedAt)
    }

    @Test(arguments: [
        ["150.60", "152.75", "150.25", "149.00"],  // it ran away
        ["150.00", "149.50", "150.25"],  // it failed before it began
        ["150.00", "153.00"],  // a stop order would have been filled beyond the target
        ["149.50", "150.25"], ["149.00", "150.25"], ["152.75", "150.25"],  // past it at the decision
        ["150.60", "150.26", "152.74"],  // it never came
    ])
    func `what reaches stop or target before the entry, or never comes, is not filled`(_ prices: [String]) throws {
        var trade = try #require(Self.golden())
        for price in prices { trade.see(Sample.quantity(price), at: Sample.now) }
        trade.end(at: Self.after(1))
        #expect(trade.result?.ending == .notFilled && trade.result?.r == nil && trade.result?.entryPrice == nil)
    }

    @Test func `what is still open is marked to the last price`() throws {
        let result = try Self.result(Self.golden(), "150.25", "150.60", "151.00")
        #expect(result.ending == .time && result.r?.text == "1.00" && result.exitPrice == Sample.quantity("151.00"))
        #expect(result.endedAt == Self.after(3_600))
        // The book tells the newest one: in between nothing was reached.
        var trade = try #require(Self.golden())
        trade.see(Sample.quantity("150.25"), at: Sample.now)
        trade.end(at: Self.after(1), last: Sample.quantity("149.875"))
        #expect(trade.result?.r?.text == "-0.50")
    }

    @Test func `without prices nothing is known`() throws {
        let result = try Self.result(Self.golden())
        #expect(result.ending == .noPrices && result.r == nil)
    }

    @Test func `what nobody watched is told, rounded up`() throws {
        var trade = try #require(Self.golden())
        trade.missed(milliseconds: 60_000)
        trade.missed(milliseconds: 1)
        trade.missed(milliseconds: -5)
        trade.see(Sample.quantity("149.00"), at: Sample.now)
        #expect(trade.result?.unwatchedSeconds == 61)
    }

    @Test func `a short is the mirror image`() throws {
        let short = Self.golden(.sell) {
            ($0.stopLoss, $0.targetPrice) = (Sample.quantity("151.00"), Sample.quantity("147.75"))
        }
        #expect(try Self.result(short, "149.90", "150.25", "147.75").r?.text == "3.33")
        #expect(try Self.result(short, "150.25", "151.30").r?.text == "-1.40")
        #expect(try Self.result(short, "150.25", "150.25").r?.text == "0.00")
        #expect(try Self.result(short, "150.40", "150.10", "149.50").entryPrice == Sample.quantity("150.10"))
    }

    @Test func `a plan without a target ends at its stop or with its time`() throws {
        let trade = Self.golden { $0.targetPrice = nil }
        #expect(try Self.result(trade, "150.25", "200.00").r?.text == "66.33")
        #expect(try Self.result(trade, "150.25", "200.00", "149.50").ending == .stop)
    }

    @Test func `R is exact where binary floats are not`() throws {
        let trade = Self.golden {
            ($0.entryPrice, $0.stopLoss) = (Sample.quantity("0.3"), Sample.quantity("0.1"))
            $0.targetPrice = Sample.quantity("99999999999999999999")
        }
        // 0.005 and 0.015: halves, to even.
        #expect(try Self.result(trade, "0.3", "0.301").r?.text == "0.00")
        #expect(try Self.result(trade, "0.3", "0.303").r?.text == "0.02")
        #expect(try Self.result(trade, "0.3", "99999999999999999999.000000000001").ending == .target)
    }

    // MARK: What is followed

    @Test(arguments: [Side.hold, .neutral, .risk])
    func `what is no trade is not followed`(_ side: Side) {
        #expect(Self.golden(side) == nil)
    }

    @Test func `a plan that makes no sense, or is not there, is not followed`() {
        #expect(Self.golden(.sell) == nil)
        #expect(Self.golden { $0.entryPrice = nil } == nil && Self.golden { $0.stopLoss = nil } == nil)
        #expect(Self.golden { $0.stopLoss = $0.entryPrice } == nil)
        #expect(Self.golden { $0.targetPrice = Sample.quantity("150.00") } == nil)
    }

    @Test func `without a side the stop says which way it goes`() {
        #expect(Self.golden(nil)?.side == .buy)
        let short = Self.golden(nil) {
            ($0.stopLoss, $0.targetPrice) = (Sample.quantity("151.00"), Sample.quantity("147.75"))
        }
        #expect(short?.side == .sell)
    }

    @Test func `an approval is followed as the side it approves, once it has left`() {
        var proposal = Sample.proposal()
        (proposal.entryPrice, proposal.stopLoss) = (Sample.quantity("150.25"), Sample.quantity("149.50"))
        func trade(as side: Side, releasedAt: Timestamp?) -> PaperTrade? {
            var signal = Self.rejected(proposal)
            signal.status = .approved(side)
            signal.decision = Decision(
                id: DecisionID(),
                outcome: .approved(as: side),
                decidedBy: Sample.user(),
                decidedAt: Sample.now,
                note: nil
            )
            signal.releasedAt = releasedAt
            return PaperTrade(of: signal)
        }
        #expect(trade(as: .buy, releasedAt: nil) == nil)
        #expect(trade(as: .buy, releasedAt: Self.after(5))?.startedAt == Self.after(5))
        #expect(trade(as: .hold, releasedAt: Self.after(5)) == nil)
        #expect(trade(as: .sell, releasedAt: Self.after(5)) == nil)
    }

    // MARK: Against an oracle

    @Test(arguments: 0..<20)
    func `any path of prices ends as a plain search through it says`(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<400 {
            let plan = Plan(using: &random)
            let prices = plan.path(using: &random)
            var trade = try #require(plan.trade)
            for price in prices { trade.see(Plan.quantity(price), at: Sample.now) }
            trade.end(at: Sample.now)
            let result = try #require(trade.result)
            let expected = plan.outcome(of: prices)
            #expect(result.ending == expected.ending && result.r?.text == expected.r, "\(plan) \(prices)")
        }
    }

    @Test(arguments: 0..<20)
    func `prices strictly within its levels change nothing, and a price at one does`(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<400 {
            let plan = Plan(using: &random)
            var trade = try #require(plan.trade)
            for price in plan.path(using: &random).map(Plan.quantity) {
                let before = trade
                trade.see(price, at: Sample.now)
                guard before.stage != .new, before.result == nil else { continue }
                let (below, above) = before.levels
                let isReached = below.map { price <= $0 } == true || above.map { price >= $0 } == true
                #expect(isReached == (trade.stage != before.stage), "\(plan) \(price)")
            }
        }
    }

    /// Prices in hundredths, near each other so that everything happens often.
    private struct Plan: CustomStringConvertible {
        let isLong: Bool
        let entry: Int
        let stop: Int
        let target: Int?

        init(using random: inout SeededGenerator) {
            isLong = Bool.random(using: &random)
            entry = Int.random(in: 900...1100, using: &random)
            let sign = isLong ? 1 : -1
            stop = entry - sign * Int.random(in: 1...20, using: &random)
            target =
                Int.random(in: 0..<5, using: &random) == 0 ? nil : entry + sign * Int.random(in: 1...30, using: &random)
        }

        var description: String { "\(isLong ? "long" : "short") \(entry) stop \(stop) target \(target ?? 0)" }

        static func quantity(_ hundredths: Int) -> Quantity {
            Sample.quantity("\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)")
        }

        var trade: PaperTrade? {
            PaperTradeTests.golden(isLong ? .buy : .sell) {
                $0.entryPrice = Self.quantity(entry)
                $0.stopLoss = Self.quantity(stop)
                $0.targetPrice = target.map(Self.quantity)
            }
        }

        func path(using random: inout SeededGenerator) -> [Int] {
            var price = entry + Int.random(in: -25...25, using: &random)
            return (0..<Int.random(in: 0...30, using: &random)).map { _ in
                defer { price += Int.random(in: -8...8, using: &random) }
                return price
            }
        }

        /// Read off the whole path, as one would with a chart in hand.
        func outcome(of path: [Int]) -> (ending: PaperResult.Ending, r: String?) {
            // A short is a long in a mirror.
            let sign = isLong ? 1 : -1
            let (prices, entry, stop) = (path.map { sign * $0 }, sign * entry, sign * stop)
            let target = target.map { sign * $0 } ?? Int.max
            guard let first = prices.first else { return (.noPrices, nil) }
            guard first > stop, first < target else { return (.notFilled, nil) }
            let fillIndex: Int?
            let fill: Int
            if first >= entry {
                fillIndex = prices.firstIndex { $0 <= entry }
                fill = entry
                if let missed = prices.firstIndex(where: { $0 >= target }), missed < fillIndex ?? .max {
                    return (.notFilled, nil)
                }
            } else {
                fillIndex = prices.firstIndex { $0 >= entry }
                fill = fillIndex.map { prices[$0] } ?? 0
                if let failed = prices.firstIndex(where: { $0 <= stop }), failed < fillIndex ?? .max {
                    return (.notFilled, nil)
                }
                if fillIndex != nil, fill >= target { return (.notFilled, nil) }
            }
            guard let fillIndex else { return (.notFilled, nil) }
            let exit = prices[fillIndex...].first { $0 <= stop || $0 >= target }
            guard let exit else {
                return (.time, Self.r(prices[prices.count - 1] - fill, entry - stop))
            }
            return exit <= stop
                ? (.stop, Self.r(exit - fill, entry - stop)) : (.target, Self.r(target - fill, entry - stop))
        }

        /// Two decimals, half to even.
        private static func r(_ gain: Int, _ risk: Int) -> String {
            let (whole, rest) = (abs(gain) * 100).quotientAndRemainder(dividingBy: risk)
            let isUp = rest * 2 > risk || rest * 2 == risk && whole % 2 == 1
            let hundredths = whole + (isUp ? 1 : 0)
            let digits = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
            return gain < 0 && hundredths > 0 ? "-" + digits : digits
        }
    }
}

extension PaperTrade {
    fileprivate var rMultipleOfPlan: Quantity? {
        var proposal = Sample.proposal()
        (proposal.entryPrice, proposal.stopLoss, proposal.targetPrice) = (entry, stop, target)
        return proposal.rMultiple
    }
}

/// A measurement decides nothing.
@Suite struct MeasuringTests {
    private static func result(_ r: String = "1.00") -> PaperResult {
        PaperResult(.time, side: .buy, r: Sample.quantity(r), startedAt: Sample.now, endedAt: Sample.now)
    }

    @Test func `a decided signal is measured once, and stays what it was decided to be`() throws {
        var desk = Projection()
        let id = SignalID()
        try desk.run(.receive(id, Sample.proposal()))
        #expect(try desk.run(.measure(id, Self.result())) == [])
        try desk.run(.reject(.signal(id), reason: "no", Sample.click()))
        let decided = try #require(desk.signal(id))
        #expect(try desk.run(.measure(id, Self.result())).count == 1)
        let measured = try #require(desk.signal(id))
        #expect(measured.status == .rejected && measured.decision == decided.decision && measured.version == 3)
        #expect(measured.paperResult == Self.result() && desk.pendingCount == 0)
        #expect(try desk.run(.measure(id, Self.result("2.00"))) == [])
        #expect(try desk.run(.measure(SignalID(), Self.result())) == [])
    }

    @Test func `what was approved is measured once it has left, and can still be executed`() throws {
        var desk = Projection()
        let id = SignalID()
        try desk.run(.receive(id, Sample.proposal()))
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
        #expect(try desk.run(.measure(id, Self.result())) == [])
        try desk.run(.release(id))
        #expect(try desk.run(.measure(id, Self.result())).count == 1)
        try desk.run(.reportExecuted(id))
        #expect(desk.signal(id)?.status == .executed && desk.signal(id)?.paperResult == Self.result())
    }
}
