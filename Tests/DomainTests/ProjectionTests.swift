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

    @Test func `of campaigns and sessions those reported last are known`() throws {
        var desk = Projection()
        for index in 0..<(Projection.campaignsMax + 3) {
            let campaign = Campaign(
                campaignID: "c\(index)",
                riskAllocated: Sample.quantity("1"),
                positionsCount: 1,
                riskLimit: nil
            )
            try desk.run(.observe(.campaign(campaign)))
            // Reported again and again, it is never the one to go.
            if index > 0 { try desk.run(.observe(.campaign(first(desk.campaigns, "c0")))) }
        }
        #expect(desk.campaigns.count == Projection.campaignsMax)
        #expect(Set(desk.campaigns.map(\.campaignID)).isDisjoint(with: ["c1", "c2", "c3"]))
        #expect(desk.campaigns.last?.campaignID == "c0")
    }

    private func first(_ campaigns: [Campaign], _ id: String) throws -> Campaign {
        try #require(campaigns.first { $0.campaignID == id })
    }

    @Test func `what changed since a moment is told although the clock was set back`() throws {
        var desk = Projection()
        var ids: [SignalID] = []
        for second in [10, 30, 20, 5, 40] as [Int64] {
            let id = SignalID()
            try desk.run(.receive(id, Sample.proposal()), at: Sample.now.advanced(byMilliseconds: second * 1_000))
            ids.append(id)
        }
        func changed(since second: Int64) -> [SignalID] {
            desk.signals(changedSince: Sample.now.advanced(byMilliseconds: second * 1_000)).map(\.signal.id)
        }
        #expect(changed(since: 15) == [ids[1], ids[2], ids[4]])
        #expect(changed(since: 4) == ids)
        #expect(changed(since: 30) == [ids[4]])
        #expect(changed(since: 40).isEmpty)
    }

    @Test func `only as many changes are told as are asked for, of those that are wanted`() throws {
        var desk = Projection()
        let ids = try (0..<10).map { _ in try desk.receive() }
        for id in ids { try desk.run(.reject(.signal(id), reason: "no", Sample.click())) }
        let wanted = Set([ids[2], ids[5], ids[7]])
        let changes = desk.signals(changedAfter: .start, limit: 2) { wanted.contains($0.id) }
        #expect(changes.map(\.signal.id) == [ids[2], ids[5]])
        #expect(desk.signals(changedAfter: changes[1].changedAt, limit: 2) { wanted.contains($0.id) }.count == 1)
        #expect(desk.signals(changedAfter: .start, limit: 0).isEmpty)
    }

    @Test func `the decisions of algorithms displace no notice`() throws {
        var desk = Projection()
        try desk.run(.observe(Sample.notice("kept")))
        for _ in 0..<(Projection.noticesMax + 1) { try desk.run(.observe(Sample.algorithmDecision)) }
        #expect(desk.notices.map(\.event) == [.observed(Sample.notice("kept"))])
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
        #expect(desk.campaigns.map(\.riskAllocated.text) == ["20"])
        #expect(desk.sessions.map(\.status.currentPnL.text) == ["20"])
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
