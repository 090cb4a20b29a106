import Domain
import Foundation

/// A made-up book of positions: heat, campaigns and a session that drift.
struct DemoBook {
    private var heatTenths = 620
    private var campaigns: [(id: String, allocated: Int, limit: Int, positions: Int)] = [
        ("C-101", 1_240, 2_000, 3), ("C-114", 610, 1_500, 1), ("C-123", 1_580, 2_000, 4),
    ]
    private var profitCents = 42_500
    private var trades = 7

    static let sessionID = "demo-session"

    /// - Parameter isTrading: whether people let the session trade.
    mutating func move(isTrading: Bool, using random: inout some RandomNumberGenerator) {
        heatTenths = min(970, max(250, heatTenths + Int.random(in: -18...20, using: &random)))
        for index in campaigns.indices {
            let step = Int.random(in: -40...42, using: &random)
            campaigns[index].allocated = min(campaigns[index].limit - 20, max(200, campaigns[index].allocated + step))
        }
        guard isTrading else { return }
        profitCents += Int.random(in: -9_000...9_500, using: &random)
        if Int.random(in: 0..<6, using: &random) == 0 { trades += 1 }
    }

    func observations(at now: Timestamp) -> [Observation] {
        let heat = Decimal(heatTenths) / 10
        let portfolio = Portfolio(
            totalHeat: Quantity(heat, fractionDigits: 1),
            availableCapacity: Quantity(100 - heat, fractionDigits: 1),
            timestamp: now,
            heatLimit: Quantity("6.0"),
            value: Quantity("250000.00"),
            sessionPnL: DemoMarket.money(profitCents)
        )
        return [.portfolio(portfolio)]
            + campaigns.map { campaign in
                .campaign(
                    Campaign(
                        campaignID: campaign.id,
                        riskAllocated: DemoMarket.money(campaign.allocated * 100),
                        positionsCount: campaign.positions,
                        riskLimit: DemoMarket.money(campaign.limit * 100)
                    )
                )
            }
    }

    func session(secondsElapsed: Int) -> Observation {
        let lossPct = max(0, Decimal(-profitCents) * 100 / 500_000)
        return .session(
            SessionStatus(
                sessionID: Self.sessionID,
                state: .active,
                currentPnL: DemoMarket.money(profitCents),
                totalTrades: trades,
                lossLimitUtilization: Quantity(lossPct, fractionDigits: 1),
                timeElapsed: secondsElapsed,
                performanceScore: Quantity("71.5")
            )
        )
    }
}
