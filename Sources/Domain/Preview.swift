import Foundation

/// What the book will look like when a signal has been approved and taken: how much of each limit is used before and after
/// (issue 5, part 7). The page shows it and policies ask it; both have the same numbers from here.
///
/// What is already approved but not yet in the portfolio's own report is not in it either.
package struct Preview: Hashable, Sendable {
    /// How much of a limit is used, in per cent of it.
    package struct Use: Hashable, Sendable {
        package let before: Quantity
        /// Two decimals, half to even.
        package let after: Quantity
        /// The lines that lie between: not above them before, above them after. Compared before ``after`` is rounded.
        package let crosses: [Quantity]

        /// `nil` for what is too large to mean anything.
        init?(before: Quantity, adding percent: Decimal, lines: [Quantity]) {
            let after = before.value + percent
            guard after.isFinite, after.magnitude < Self.sensibleMax else { return nil }
            self.before = before.normal
            self.after = Quantity(after, fractionDigits: 2).normal
            crosses = lines.filter { before.value <= $0.value && after > $0.value }
        }

        private static let sensibleMax = Decimal(1_000_000_000)
    }

    /// The lines a desk watches unless it says otherwise, per cent of a limit.
    package static let lines: [Quantity] = [70, 80, 100]

    /// What the trade risks, see ``TradeRisk``.
    package let riskAmount: Quantity?
    package let riskPercentage: Quantity?
    /// `nil` when the portfolio, its heat limit or the trade's risk is not known.
    package let heat: Use?
    /// `nil` without a campaign that has a limit, or without the trade's risk in money.
    package let campaignID: String?
    package let campaign: Use?
    /// The loss limit of each session that is open, as it will be if this trade goes to its stop.
    package let sessions: [Session]

    package struct Session: Hashable, Sendable {
        package let sessionID: String
        package let lossLimit: Use
    }

    /// - Parameter campaign: that of the proposal, if it has one.
    package init(
        of proposal: Proposal,
        portfolio: Portfolio?,
        campaign: Campaign?,
        sessions: [SessionStatus],
        lines: [Quantity] = Preview.lines
    ) {
        let risk = TradeRisk(of: proposal, in: portfolio)
        let amount = risk.amount
        // As the source wrote it, where that is what counts.
        riskAmount =
            amount == proposal.riskAmount?.value ? proposal.riskAmount : amount.flatMap { Self.sensible($0) }
        riskPercentage =
            risk.percent == proposal.riskPercentage?.value
            ? proposal.riskPercentage : risk.percent.flatMap { Self.sensible($0) }
        heat = portfolio.flatMap { portfolio in
            guard let added = risk.heat(addedTo: portfolio) else { return nil }
            return Use(before: portfolio.totalHeat, adding: added, lines: lines)
        }
        campaignID = proposal.campaignID
        self.campaign = campaign.flatMap { campaign in
            guard let used = campaign.utilisationPct, let added = risk.use(addedTo: campaign) else { return nil }
            return Use(before: used, adding: added, lines: lines)
        }
        self.sessions = sessions.compactMap { session in
            guard session.isOpen, let amount, let limit = session.lossLimit,
                let use = Use(before: session.lossLimitUtilization, adding: amount * 100 / limit, lines: lines)
            else { return nil }
            return Session(sessionID: session.sessionID, lossLimit: use)
        }
    }

    private static func sensible(_ number: Decimal) -> Quantity? {
        guard number.isFinite, number.magnitude < Decimal(sign: .plus, exponent: 20, significand: 1) else { return nil }
        return Quantity(number, fractionDigits: 2).normal
    }
}

extension SessionStatus {
    fileprivate var isOpen: Bool { state == .active || state == .paused }

    /// What may be lost, in money: told by a session that has lost some and says how much of its limit that is.
    fileprivate var lossLimit: Decimal? {
        guard currentPnL < 0, lossLimitUtilization > 0 else { return nil }
        return -currentPnL.value * 100 / lossLimitUtilization.value
    }
}
