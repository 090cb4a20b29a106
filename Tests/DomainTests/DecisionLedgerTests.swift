import Testing

@testable import Domain

/// What decisions saved and cost (APR-19).
@Suite struct DecisionLedgerTests {
    private enum Verdict { case approved, rejected, expired, withdrawn }

    private static func measured(
        _ verdict: Verdict,
        _ r: String?,
        by user: String = "ann",
        reason: String = "Risk too high",
        ending: PaperResult.Ending = .time,
        unwatchedSeconds: Int = 0,
        _ change: (inout Proposal) -> Void = { _ in }
    ) -> RecordedEvent {
        var proposal = Sample.proposal()
        change(&proposal)
        var signal = Signal(id: SignalID(), proposal: proposal, receivedAt: Sample.now)
        var outcome: Decision.Outcome?
        switch verdict {
        case .approved: (signal.status, outcome) = (.executed, .approved(as: .buy))
        case .rejected: (signal.status, outcome) = (.rejected, .rejected(reason: reason))
        case .expired: signal.status = .expired
        case .withdrawn: signal.status = .withdrawn
        }
        signal.decision = outcome.map {
            Decision(id: DecisionID(), outcome: $0, decidedBy: Sample.user(user), decidedAt: Sample.now, note: nil)
        }
        signal.paperResult = PaperResult(
            ending,
            side: .buy,
            r: r.map { Sample.quantity($0) },
            startedAt: Sample.now,
            endedAt: Sample.now,
            unwatchedSeconds: unwatchedSeconds
        )
        return Sample.recorded(.signalMeasured(signal), at: 1)
    }

    private static func lines(_ ledger: DecisionLedger, _ grouping: DecisionLedger.Grouping) -> [DecisionLedger.Line] {
        ledger.groups.first { $0.grouping == grouping }?.lines ?? []
    }

    @Test func `R is summed exactly, and its mean is of those that were filled`() {
        let ledger = DecisionLedger([
            Self.measured(.rejected, "-1.00"), Self.measured(.rejected, "-1.40"), Self.measured(.rejected, "0.10"),
            Self.measured(.rejected, nil, ending: .notFilled), Self.measured(.rejected, nil, ending: .noPrices),
            Self.measured(.approved, "3.33", unwatchedSeconds: 1),
        ])
        let rejected = ledger.total[.rejected]
        #expect(rejected.signals == 5 && rejected.filled == 3 && rejected.notFilled == 1 && rejected.noPrices == 1)
        #expect(rejected.rSum.text == "-2.30" && rejected.rMean?.text == "-0.77" && rejected.unwatched == 0)
        #expect(ledger.total[.approved].rSum.text == "3.33" && ledger.total[.approved].unwatched == 1)
        #expect(ledger.total[.expired].signals == 0 && ledger.total[.expired].rMean == nil)
        #expect(ledger.total[.expired].rSum.text == "0.00" && ledger.total.signals == 6)
    }

    @Test func `lines are by person, reason, source, grade and pattern, most signals first`() {
        let ledger = DecisionLedger([
            Self.measured(.rejected, "1.00", by: "bo"), Self.measured(.rejected, "2.00", by: "bo", reason: "Late"),
            Self.measured(.approved, "1.00", by: "ann"),
            Self.measured(.expired, "5.00") {
                $0.source = "other"
                $0.confidenceScore = Sample.quantity("91")
                $0.patternType = .spring
            },
        ])
        #expect(Self.lines(ledger, .person).map(\.name) == ["bo", "ann"])
        #expect(Self.lines(ledger, .person)[0].tallies[.rejected].rSum.text == "3.00")
        #expect(Self.lines(ledger, .person)[0].tallies[.approved].signals == 0)
        #expect(Self.lines(ledger, .reason).map(\.name) == ["Late", "Risk too high"])
        #expect(Self.lines(ledger, .source).map(\.name) == ["tests", "other"])
        #expect(Self.lines(ledger, .grade).map(\.name) == ["A+"])
        #expect(Self.lines(ledger, .pattern).map(\.name) == ["SPRING"])
        #expect(Self.lines(ledger, .pattern)[0].tallies[.expired].rSum.text == "5.00")
    }

    @Test func `of too many lines those with fewest signals are counted only`() {
        let many = (0..<DecisionLedger.linesMax + 3).map { number in
            Self.measured(.expired, "1.00") { $0.source = "source \(number)" }
        }
        let group = DecisionLedger(many + [many[7]]).groups.first { $0.grouping == .source }
        #expect(group?.lines.count == DecisionLedger.linesMax && group?.leftOut == 3)
        #expect(group?.lines.first?.name == "source 7")
    }

    @Test func `nothing measured is an empty ledger`() {
        let signal = Signal(id: SignalID(), proposal: Sample.proposal(), receivedAt: Sample.now)
        let ledger = DecisionLedger([Sample.recorded(.signalReceived(signal), at: 1)])
        #expect(ledger.total.signals == 0 && ledger.groups.allSatisfy(\.lines.isEmpty))
    }
}
