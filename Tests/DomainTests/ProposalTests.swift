import Domain
import Testing

/// What is computed from a proposal (APR-12, APR-14, APR-15, GAP-13).
@Suite struct ProposalTests {
    @Test(arguments: [
        ("100", Grade.aPlus), ("92.5", .aPlus), ("90", .aPlus), ("90.00", .aPlus), ("89.999999999999", .a), ("85", .a),
        ("84.99", .b), ("80", .b), ("79.999", .c), ("70", .c), ("69.99", .d), ("0", .d), ("-1", .d), ("1000", .aPlus),
    ])
    func `a grade begins exactly at its boundary`(_ score: String, grade: Grade) {
        #expect(Grade(score: Sample.quantity(score)) == grade)
    }

    @Test func `the golden case has 3.33 R and A+ (APR-14)`() {
        var proposal = Self.proposal("150.25", "149.50", "152.75")
        proposal.confidenceScore = Sample.quantity("92.5")
        #expect(proposal.rMultiple?.text == "3.33")
        #expect(proposal.confidenceGrade == .aPlus)
        #expect(proposal.confidenceGrade?.rawValue == "A+")
    }

    @Test(arguments: [
        ("100", "99", "98", "2.00"), ("100", "101", "95", "5.00"), ("100", "99", "100", "0.00"),
        ("1", "0", "0.125", "0.88"),
        ("0", "8", "0.84", "0.10"), ("0", "8", "0.92", "0.12"), ("3", "0", "4", "0.33"),
        ("100", "99.999999999999", "200", "100000000000000.00"),
    ])
    func `R is a ratio of distances, two digits, half to even`(
        _ entry: String,
        _ stop: String,
        _ target: String,
        r: String
    ) {
        #expect(Self.proposal(entry, stop, target).rMultiple?.text == r)
    }

    @Test func `there is no R without a risk`() {
        #expect(Self.proposal("150.25", "150.250", "152.75").rMultiple == nil)
        #expect(Self.proposal(nil, "149.50", "152.75").rMultiple == nil)
        #expect(Self.proposal("150.25", nil, "152.75").rMultiple == nil)
        #expect(Self.proposal("150.25", "149.50", nil).rMultiple == nil)
    }

    @Test func `the largest and smallest prices still have an R`() {
        let huge = "99999999999999999999.999999999999"
        #expect(Self.proposal("0", "0.000000000001", huge).rMultiple != nil)
        #expect(Self.proposal(huge, "-" + huge, "0").rMultiple?.text == "0.50")
    }

    @Test func `utilisation is exact and needs a limit above zero (GAP-10)`() {
        #expect(Self.campaign("2500", limit: "10000").utilisationPct?.text == "25.00")
        #expect(Self.campaign("1", limit: "3").utilisationPct?.text == "33.33")
        #expect(Self.campaign("1", limit: nil).utilisationPct == nil)
        #expect(Self.campaign("1", limit: "0.00").utilisationPct == nil)
        #expect(Self.campaign("1", limit: "-5").utilisationPct == nil)
    }

    @Test(arguments: [
        ("buy", Side.buy), ("SELL", .sell), ("Hold", .hold), ("neutral", .neutral), ("RISK", .risk), ("long", .buy),
        ("Short", .sell),
    ])
    func `a side is understood in any case`(_ text: String, side: Side) {
        #expect(Side(spoken: text) == side)
    }

    @Test(arguments: ["", "APPROVE", " buy", "b", "BUY\n"])
    func `other words are no side`(_ text: String) {
        #expect(Side(spoken: text) == nil)
    }

    @Test func `the patterns are the seven of the documents (APR-15)`() {
        #expect(PatternType.allCases.map(\.rawValue) == ["SPRING", "UTAD", "SOS", "LPS", "SC", "AR", "ST"])
    }

    private static func proposal(_ entry: String?, _ stop: String?, _ target: String?) -> Proposal {
        var proposal = Sample.proposal()
        proposal.entryPrice = entry.map(Sample.quantity)
        proposal.stopLoss = stop.map(Sample.quantity)
        proposal.targetPrice = target.map(Sample.quantity)
        return proposal
    }

    private static func campaign(_ risk: String, limit: String?) -> Campaign {
        Campaign(
            campaignID: "c",
            riskAllocated: Sample.quantity(risk),
            positionsCount: 1,
            riskLimit: limit.map(Sample.quantity)
        )
    }
}
