extension Decider {
    /// Puts off the time limit of a pending signal, within the bounds of ``ExpiryExtension`` (APR-13).
    static func extend(
        _ id: SignalID,
        by minutes: Int,
        _ click: Command.Click,
        under policy: Policy?,
        in desk: some DeskState,
        at now: Timestamp
    ) throws(Refusal) -> Event {
        let signal = try pendingSignal(.signal(id), click, in: desk, at: now)
        try checkMayHandle(signal, click, to: "extend", under: policy, in: desk)
        guard let expiresAt = signal.proposal.expiresAt else {
            throw Refusal(
                .extensionLimit,
                "\(signal.symbol) has no time limit: there is nothing to extend.",
                signals: [signal]
            )
        }
        let (times, total) = ((signal.extended?.times ?? 0) + 1, (signal.extended?.minutes ?? 0) + minutes)
        guard times <= ExpiryExtension.timesMax, total <= ExpiryExtension.minutesMax else {
            let often = times == 2 ? "once" : "\(times - 1) times"
            throw Refusal(
                .extensionLimit,
                "\(signal.symbol) was extended \(often) by \(total - minutes) min in all; at most "
                    + "\(ExpiryExtension.timesMax) times and \(ExpiryExtension.minutesMax) min are possible. Decide, or ask its "
                    + "source for a new signal.",
                signals: [signal]
            )
        }
        let later = expiresAt.advanced(byMilliseconds: Int64(minutes) * 60_000)
        if let latest = latestExpiry(of: signal.proposal, since: signal.receivedAt, under: policy, in: desk),
            later > latest
        {
            throw Refusal(
                .extensionLimit,
                "The policy lets \(signal.symbol) wait until \(latest) and no longer. Decide, or ask its source for a new "
                    + "signal.",
                signals: [signal]
            )
        }
        var next = signal.changed(at: now)
        next.proposal.expiresAt = later
        next.extended = ExpiryExtension(extendedBy: click.user, extendedAt: now, times: times, minutes: total)
        return .signalExtended(next)
    }
}
