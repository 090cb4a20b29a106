import Domain
import Testing

/// What the desk remembers, and what it forgets so that it does not grow for ever.
@Suite struct ProjectionTests {
    @Test func `settled signals beyond the bound are forgotten, the oldest first`() throws {
        var desk = Projection(decidedMax: 10)
        let ids = try (0..<50).map { _ in try desk.receiveAndReject() }
        let known = ids.filter { desk.signal($0) != nil }
        #expect((10...11).contains(known.count))
        #expect(known == ids.suffix(known.count))
        #expect(desk.settledSignals(last: 100).map(\.id) == known.reversed())
        #expect(desk.signals(changedAfter: .start).map(\.signal.id) == known)
    }

    @Test func `what was forgotten limits from where all changes are known`() throws {
        var desk = Projection(decidedMax: 10)
        for _ in 0..<8 { _ = try desk.receiveAndReject() }
        #expect(desk.knowsAllChanges(after: .start))
        #expect(desk.knowsAllChanges(since: Timestamp(milliseconds: 0)))
        for _ in 0..<50 { _ = try desk.receiveAndReject() }
        let oldest = try #require(desk.signals(changedAfter: .start).first?.changedAt)
        #expect(!desk.knowsAllChanges(after: .start))
        #expect(!desk.knowsAllChanges(since: Timestamp(milliseconds: 0)))
        #expect(desk.knowsAllChanges(after: Offset(oldest.value - 1)))
        #expect(desk.knowsAllChanges(after: desk.offset))
    }

    @Test func `pending signals are never forgotten`() throws {
        var desk = Projection(decidedMax: 5)
        let pending = try (0..<30).map { _ in try desk.receive() }
        for _ in 0..<100 { try desk.receiveAndReject() }
        #expect(pending.allSatisfy { desk.signal($0) != nil })
        #expect(desk.pendingCount == 30)
    }

    @Test func `a forgotten signal that changes once more is forgotten again`() throws {
        var desk = Projection(decidedMax: 5)
        var forgotten: [Signal] = []
        for _ in 0..<50 {
            let id = try desk.receive()
            try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
            if let signal = desk.signal(id) { forgotten.append(signal) }
        }
        for var signal in forgotten where desk.signal(signal.id) == nil {
            signal.status = .executed
            signal.version += 1
            desk.apply(Sample.recorded(.signalExecuted(signal), at: desk.offset.next.value))
        }
        #expect(desk.signals(changedAfter: .start).count <= 6)
    }

    @Test func `a signal that is undone and decided again counts once`() throws {
        var desk = Projection(decidedMax: 10)
        let id = try desk.receive()
        try desk.run(.approve(.signal(id), as: .buy, Sample.click()))
        var undone = try #require(desk.signal(id))
        undone.status = .pendingReview
        undone.version += 1
        desk.apply(Sample.recorded(.signalReceived(undone), at: desk.offset.next.value))
        #expect(desk.settledSignals(last: 10).isEmpty)
        #expect(desk.pending(Sample.symbol()).map(\.id) == [id])
        try desk.run(.reject(.signal(id), reason: "no", Sample.click()))
        #expect(desk.settledSignals(last: 10).map(\.id) == [id])
        #expect(desk.pendingCount == 0)
    }

    @Test func `the newest notices and patterns are kept, each pattern once`() throws {
        var desk = Projection()
        for index in 0..<(Projection.noticesMax + 20) { try desk.run(.observe(Sample.notice("\(index)"))) }
        for index in 0..<(Projection.patternsMax + 20) { try desk.run(.observe(.pattern(Sample.pattern("\(index)")))) }
        var changed = Sample.pattern("\(Projection.patternsMax)")
        changed.phase = "D"
        try desk.run(.observe(.pattern(changed)))
        #expect(desk.notices.count == Projection.noticesMax)
        #expect(desk.notices.last?.event == .observed(Sample.notice("\(Projection.noticesMax + 19)")))
        #expect(desk.patterns.count == Projection.patternsMax)
        #expect(desk.patterns.last == changed)
        #expect(Set(desk.patterns.map(\.id)).count == Projection.patternsMax)
    }

    @Test func `portfolio, campaigns and sessions show their latest state`() throws {
        var desk = Projection()
        for heat in ["10", "20"] {
            let portfolio = Portfolio(
                totalHeat: Sample.quantity(heat),
                availableCapacity: Sample.quantity("5"),
                timestamp: Sample.now
            )
            try desk.run(.observe(.portfolio(portfolio)))
            let campaign = Campaign(
                campaignID: "c1",
                riskAllocated: Sample.quantity(heat),
                positionsCount: 1,
                riskLimit: nil
            )
            try desk.run(.observe(.campaign(campaign)))
            let session = SessionStatus(
                sessionID: "s1",
                state: .active,
                currentPnL: Sample.quantity(heat),
                totalTrades: 1,
                lossLimitUtilization: Sample.quantity("1"),
                timeElapsed: 1,
                performanceScore: nil
            )
            try desk.run(.observe(.session(session)))
        }
        #expect(desk.portfolio?.totalHeat.text == "20")
        #expect(desk.campaigns["c1"]?.riskAllocated.text == "20")
        #expect(desk.sessions["s1"]?.status.currentPnL.text == "20")
        #expect(desk.sessions.count == 1 && desk.campaigns.count == 1)
    }
}

extension Projection {
    @discardableResult
    fileprivate mutating func receiveAndReject() throws(Refusal) -> SignalID {
        let id = try receive()
        try run(.reject(.signal(id), reason: "no", Sample.click()))
        return id
    }
}
