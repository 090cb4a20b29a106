import Testing

@testable import Domain

/// How a team decides (APR-19, APR-20).
@Suite struct DecisionStatisticsTests {
    private static let midnight = Timestamp(milliseconds: 1_769_126_400_000)

    private static func decided(
        by user: String,
        afterMs delay: Int64,
        atHour hour: Int64 = 10,
        approved: Bool = true
    ) -> RecordedEvent {
        let at = midnight.advanced(byMilliseconds: hour * 3_600_000)
        var signal = Signal(
            id: SignalID(),
            proposal: Proposal(symbol: Symbol("AAPL")!, side: .buy, source: "engine"),
            receivedAt: at.advanced(byMilliseconds: -delay)
        )
        signal.decision = Decision(
            id: DecisionID(),
            outcome: approved ? .approved(as: .buy) : .rejected(reason: "late"),
            decidedBy: UserName(user)!,
            decidedAt: at,
            note: nil
        )
        let event: Event = approved ? .signalApproved(signal) : .signalRejected(signal)
        return RecordedEvent(offset: Offset(1), recordedAt: at, event: event)
    }

    @Test func `nothing decided has no times and nobody`() {
        let statistics = DecisionStatistics([])
        #expect(statistics.approved == 0 && statistics.people.isEmpty)
        #expect(statistics.delays.count == 0 && statistics.delays.medianMs == nil && statistics.delays.longestMs == nil)
    }

    @Test func `times are those that occurred, by nearest rank`() {
        let ten = DecisionStatistics((1...10).map { Self.decided(by: "ann", afterMs: $0 * 100) })
        #expect(ten.delays.medianMs == 500 && ten.delays.p90Ms == 900 && ten.delays.longestMs == 1000)
        let one = DecisionStatistics([Self.decided(by: "ann", afterMs: 7)])
        #expect(one.delays.medianMs == 7 && one.delays.p90Ms == 7)
    }

    @Test func `a clock that was set back makes no negative time`() {
        #expect(DecisionStatistics([Self.decided(by: "ann", afterMs: -5)]).delays.longestMs == 0)
    }

    @Test func `people come by how much they decided, then by name, each with their own hours and times`() {
        let statistics = DecisionStatistics([
            Self.decided(by: "bo", afterMs: 1, atHour: 9), Self.decided(by: "ann", afterMs: 2, atHour: 23),
            Self.decided(by: "cy", afterMs: 30, atHour: 9),
            Self.decided(by: "cy", afterMs: 10, atHour: 0, approved: false),
        ])
        #expect(statistics.people.map(\.user.text) == ["cy", "ann", "bo"])
        #expect(statistics.approved == 3 && statistics.rejected == 1)
        let cy = statistics.people[0]
        #expect(cy.approved == 1 && cy.rejected == 1 && cy.delays.longestMs == 30)
        #expect(cy.approvalsByHour == (0..<24).map { $0 == 9 ? 1 : 0 })
        #expect(cy.rejectionsByHour == (0..<24).map { $0 == 0 ? 1 : 0 })
    }

    @Test(arguments: [(0, 23), (60, 0), (-720, 11), (840, 13), (30, 23)])
    func `hours are those of the clock that is asked for`(_ offsetMinutes: Int, _ hour: Int) {
        let event = Self.decided(by: "ann", afterMs: 1, atHour: 23)
        let hours = DecisionStatistics([event], utcOffsetMinutes: offsetMinutes).people[0].approvalsByHour
        #expect(hours.firstIndex(of: 1) == hour && hours.count == 24)
    }

    @Test func `what expired is counted, and what else happens is not`() {
        let signal = Signal(
            id: SignalID(),
            proposal: Proposal(symbol: Symbol("AAPL")!, side: .buy, source: "engine"),
            receivedAt: Self.midnight
        )
        let events = [Event.signalReceived(signal), .signalExpired(signal)].map {
            RecordedEvent(offset: Offset(1), recordedAt: Self.midnight, event: $0)
        }
        #expect(DecisionStatistics(events).expired == 1)
    }
}
