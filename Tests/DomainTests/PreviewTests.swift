import Domain
import Foundation
import SeededRandom
import Testing

/// What heat, campaign and sessions will be (issue 5, part 7; GAP-10), by exact arithmetic.
@Suite struct PreviewTests {
    private static func portfolio(_ heat: String, limit: String? = "6.0", value: String? = "250000.00") -> Portfolio {
        Portfolio(
            totalHeat: Sample.quantity(heat),
            availableCapacity: 0,
            timestamp: Sample.now,
            heatLimit: limit.map(Sample.quantity),
            value: value.map(Sample.quantity)
        )
    }

    private static func campaign(_ allocated: String, limit: String? = "2000.00") -> Campaign {
        Campaign(
            campaignID: "C-1",
            riskAllocated: Sample.quantity(allocated),
            positionsCount: 1,
            riskLimit: limit.map(Sample.quantity)
        )
    }

    private static func session(_ profit: String, _ used: String, _ state: SessionStatus.State = .active)
        -> SessionStatus
    {
        SessionStatus(
            sessionID: "s-1",
            state: state,
            currentPnL: Sample.quantity(profit),
            totalTrades: 1,
            lossLimitUtilization: Sample.quantity(used),
            timeElapsed: 1,
            performanceScore: nil
        )
    }

    private static func preview(
        amount: String? = nil,
        percent: String? = nil,
        portfolio: Portfolio? = nil,
        campaign: Campaign? = nil,
        sessions: [SessionStatus] = []
    ) -> Preview {
        var proposal = Sample.proposal()
        proposal.riskAmount = amount.map(Sample.quantity)
        proposal.riskPercentage = percent.map(Sample.quantity)
        return Preview(of: proposal, portfolio: portfolio, campaign: campaign, sessions: sessions)
    }

    @Test func `heat grows by the money at risk, as a share of the limit`() {
        // 1,350 of 250,000 is 0.54 %, and that is 9 % of a limit of 6 %.
        let heat = Self.preview(amount: "1350.00", percent: "99", portfolio: Self.portfolio("62.0")).heat
        #expect(heat?.before.text == "62")
        #expect(heat?.after.text == "71")
        #expect(heat?.crosses == [70])
    }

    @Test func `without money at risk the percentage says it`() {
        let preview = Self.preview(percent: "1.5", portfolio: Self.portfolio("62.5", value: nil))
        #expect(preview.heat?.after.text == "87.5")
        #expect(preview.heat?.crosses == [70, 80])
        #expect(preview.riskAmount == nil && preview.riskPercentage?.text == "1.5")
        #expect(Self.preview(percent: "1.5", portfolio: Self.portfolio("0")).riskAmount?.text == "3750")
    }

    @Test func `to reach a line is not to cross it, and to stand on it and go on is`() {
        #expect(Self.preview(percent: "0.6", portfolio: Self.portfolio("60")).heat?.crosses == [])
        #expect(Self.preview(percent: "0.0000000001", portfolio: Self.portfolio("70")).heat?.crosses == [70])
        #expect(Self.preview(percent: "0.6", portfolio: Self.portfolio("70.1")).heat?.crosses == [80])
        #expect(Self.preview(percent: "0", portfolio: Self.portfolio("70")).heat?.crosses == [])
        #expect(Self.preview(percent: "6", portfolio: Self.portfolio("69")).heat?.crosses == [70, 80, 100])
    }

    @Test func `a campaign is used by the money at risk`() {
        let campaign = Self.preview(amount: "75.00", campaign: Self.campaign("1580.00")).campaign
        #expect(campaign?.before.text == "79")
        #expect(campaign?.after.text == "82.75")
        #expect(campaign?.crosses == [80])
    }

    @Test func `a session that has lost some says what is left of its limit`() {
        // 2,000 lost is 40 %, so the limit is 5,000.
        let sessions = Self.preview(amount: "500", sessions: [Self.session("-2000.00", "40")]).sessions
        #expect(sessions.map(\.sessionID) == ["s-1"])
        #expect(sessions.first?.lossLimit.after.text == "50")
        #expect(Self.preview(amount: "500", sessions: [Self.session("2000", "0")]).sessions.isEmpty)
        #expect(Self.preview(amount: "500", sessions: [Self.session("-2000", "40", .completed)]).sessions.isEmpty)
    }

    @Test func `what is not known is not guessed`() {
        let bare = Self.preview(portfolio: Self.portfolio("50"), campaign: Self.campaign("1"))
        #expect(bare.heat == nil && bare.campaign == nil && bare.riskAmount == nil)
        #expect(Self.preview(amount: "75").heat == nil)
        #expect(Self.preview(percent: "1", portfolio: Self.portfolio("50", limit: nil)).heat == nil)
        #expect(Self.preview(amount: "75", campaign: Self.campaign("1", limit: nil)).campaign == nil)
        #expect(Self.preview(amount: "75", portfolio: Self.portfolio("50", value: "0")).heat == nil)
        #expect(Self.preview(amount: "75", portfolio: Self.portfolio("50", value: "-5")).heat == nil)
    }

    @Test func `amounts at their limits are no trap`() {
        let (most, least) = ("99999999999999999999.999999999999", "0.000000000001")
        for (amount, value, limit) in [(most, least, least), (least, most, most), (most, most, least)] {
            let preview = Self.preview(
                amount: amount,
                portfolio: Self.portfolio("50", limit: limit, value: value),
                campaign: Self.campaign(amount, limit: limit),
                sessions: [Self.session("-\(least)", most)]
            )
            for use in [preview.heat, preview.campaign, preview.sessions.first?.lossLimit] {
                #expect(use.map { $0.after >= 0 } ?? true)
            }
        }
    }

    /// Held against whole numbers: cents, basis points and 128 bits.
    @Test func `heat and campaign are exact, and their lines too`() {
        var random = SeededGenerator(seed: 77)
        for _ in 0..<5_000 {
            let risk = Int128(Int.random(in: 0...500_000, using: &random))
            let value = Int128(Int.random(in: 1...50_000_000, using: &random))
            let limit = Int128(Int.random(in: 1...2_000, using: &random))
            let before = Int128(Int.random(in: 0...12_000, using: &random))
            let preview = Self.preview(
                amount: Self.hundredths(risk),
                portfolio: Self.portfolio(
                    Self.hundredths(before),
                    limit: Self.hundredths(limit),
                    value: Self.hundredths(value)
                ),
                campaign: Self.campaign("0", limit: Self.hundredths(value))
            )
            // before/100 + (risk/value·100)/(limit/100)·100 = (before·value·limit + risk·10⁸)/(100·value·limit)
            let (above, below) = (before * value * limit + risk * 100_000_000, 100 * value * limit)
            if above / below < 1_000_000_000 {
                #expect(preview.heat?.after.normalText == Self.rounded(above, below))
                let crossed = [70, 80, 100].filter { before <= $0 * 100 && above > $0 * below }
                #expect(preview.heat?.crosses == crossed.map { Quantity(integerLiteral: Int($0)) })
            }
            #expect(preview.campaign?.after.normalText == Self.rounded(risk * 100, value))
        }
    }

    private static func hundredths(_ number: Int128) -> String {
        let fraction = String(number % 100)
        return "\(number / 100).\(fraction.count == 1 ? "0" : "")\(fraction)"
    }

    /// To two decimals, half to even, without needless zeros.
    private static func rounded(_ above: Int128, _ below: Int128) -> String {
        var (quotient, rest) = (above * 100).quotientAndRemainder(dividingBy: below)
        if rest * 2 > below || (rest * 2 == below && quotient % 2 == 1) { quotient += 1 }
        return Sample.quantity(hundredths(quotient)).normalText
    }
}
