/// A trade on paper: a decided signal, carried by its own plan along the prices that come after the decision. It says what was
/// missed by a rejection, and what was avoided.
///
/// The plan is the one that was decided on. The signal does not say what kind of order it means, so the entry is a level: the
/// trade begins when the market is at it or goes through it, from whichever side it was at the decision. The fill is never
/// better than the entry. From the target's side (a pullback: a resting order) it is the entry; from the stop's side (a
/// breakout: a stop order) it is the price that was seen, the jump included. What reaches the stop or the target before the
/// entry is not filled. In the market, the stop is filled at the price that was seen, so a gap costs more than 1 R; the target
/// at the target, never better.
///
/// A value; ``see(_:at:)`` and ``end(at:last:)`` are its only changes. It needs to be shown only prices at or beyond its
/// ``levels``: all others change nothing.
package struct PaperTrade: Hashable, Sendable, Codable {
    package enum Stage: Hashable, Sendable, Codable {
        /// No price has been seen yet.
        case new
        /// Between stop and entry, or between entry and target.
        case waiting(isBeyondEntry: Bool)
        case open(at: Quantity, since: Timestamp)
        case ended(PaperResult)
    }

    package let symbol: Symbol
    package let side: Side
    package let entry: Quantity
    package let stop: Quantity
    package let target: Quantity?
    package let startedAt: Timestamp
    package private(set) var stage = Stage.new
    package private(set) var unwatchedMs: Int64 = 0
    /// The newest price that was seen, as far as it was noted: see ``end(at:last:)``.
    package var last: Quantity?

    /// - Returns: `nil` when there is nothing to follow: it is not decided, or its side, entry and stop make no trade.
    package init?(of signal: Signal) {
        guard let startedAt = signal.paperTradeStart, let entry = signal.proposal.entryPrice,
            let stop = signal.proposal.stopLoss, entry != stop
        else { return nil }
        let side = signal.paperTradeSide ?? (stop < entry ? .buy : .sell)
        guard side == (stop < entry ? .buy : .sell), side == .buy || side == .sell else { return nil }
        if let target = signal.proposal.targetPrice {
            guard side == .buy ? target > entry : target < entry else { return nil }
        }
        symbol = signal.symbol
        self.side = side
        self.entry = entry
        self.stop = stop
        target = signal.proposal.targetPrice
        self.startedAt = startedAt
    }

    package var result: PaperResult? {
        if case .ended(let result) = stage { result } else { nil }
    }

    /// The nearest prices below and above at which something happens; `nil` where there is none. Of a new trade every price
    /// counts, of an ended one none.
    package var levels: (below: Quantity?, above: Quantity?) {
        let levels: (towardsStop: Quantity?, towardsTarget: Quantity?) =
            switch stage {
            case .new, .ended: (nil, nil)
            case .waiting(isBeyondEntry: true): (entry, target)
            case .waiting(isBeyondEntry: false): (stop, entry)
            case .open: (stop, target)
            }
        return side == .buy ? levels : (levels.towardsTarget, levels.towardsStop)
    }

    /// The market is at `price`.
    package mutating func see(_ price: Quantity, at now: Timestamp) {
        last = price
        switch stage {
        case .new: begin(price, now)
        case .waiting(isBeyondEntry: true):
            if reaches(target, price) {
                finish(.notFilled, now)
            } else if !isBeyond(entry, price) {
                open(at: entry, price, now)
            }
        case .waiting(isBeyondEntry: false):
            if isStopped(price) || reaches(target, price) {
                finish(.notFilled, now)
            } else if reaches(entry, price) {
                open(at: price, price, now)
            }
        case .open(let fill, _): follow(from: fill, price, now)
        case .ended: break
        }
    }

    /// The time to follow it is over.
    ///
    /// - Parameter last: the newest price of the symbol, if one is known.
    package mutating func end(at now: Timestamp, last newest: Quantity? = nil) {
        last = newest ?? last
        switch stage {
        case .new: finish(.noPrices, now)
        case .waiting: finish(.notFilled, now)
        case .open(let fill, _): finish(.time, now, from: fill, to: last ?? fill)
        case .ended: break
        }
    }

    /// Nobody was there to see prices.
    package mutating func missed(milliseconds: Int64) { unwatchedMs += max(0, milliseconds) }

    // MARK: Steps

    /// Where the market stands when the plan is decided on. One that is past its stop or its target is no trade any more.
    private mutating func begin(_ price: Quantity, _ now: Timestamp) {
        if isStopped(price) || reaches(target, price) {
            finish(.notFilled, now)
        } else if price == entry {
            stage = .open(at: entry, since: now)
        } else {
            stage = .waiting(isBeyondEntry: isBeyond(entry, price))
        }
    }

    private mutating func open(at fill: Quantity, _ price: Quantity, _ now: Timestamp) {
        stage = .open(at: fill, since: now)
        follow(from: fill, price, now)
    }

    private mutating func follow(from fill: Quantity, _ price: Quantity, _ now: Timestamp) {
        if isStopped(price) {
            finish(.stop, now, from: fill, to: price)
        } else if let target, reaches(target, price) {
            finish(.target, now, from: fill, to: target)
        }
    }

    private mutating func finish(
        _ ending: PaperResult.Ending,
        _ now: Timestamp,
        from fill: Quantity? = nil,
        to exit: Quantity? = nil
    ) {
        var enteredAt: Timestamp?
        if case .open(_, let since) = stage { enteredAt = since }
        stage = .ended(
            PaperResult(
                ending,
                side: side,
                r: fill.flatMap { fill in exit.map { r(from: fill, to: $0) } },
                startedAt: startedAt,
                endedAt: now,
                entryPrice: fill,
                enteredAt: enteredAt,
                exitPrice: exit,
                unwatchedSeconds: Int((unwatchedMs + 999) / 1_000)
            )
        )
    }

    // MARK: Prices as the plan sees them

    /// Strictly on the target's side of `level`.
    private func isBeyond(_ level: Quantity, _ price: Quantity) -> Bool {
        side == .buy ? price > level : price < level
    }

    private func reaches(_ level: Quantity?, _ price: Quantity) -> Bool {
        guard let level else { return false }
        return price == level || isBeyond(level, price)
    }

    private func isStopped(_ price: Quantity) -> Bool { !isBeyond(stop, price) }

    private func r(from fill: Quantity, to exit: Quantity) -> Quantity {
        let gain = side == .buy ? exit.number - fill.number : fill.number - exit.number
        return Quantity(gain.divided(by: (entry.number - stop.number).magnitude, scale: 2))
    }
}

extension Signal {
    /// From when on a trade on paper follows it: when it was rejected, expired, was withdrawn or left the desk. What was
    /// approved and can still be undone is not decided yet.
    package var paperTradeStart: Timestamp? {
        switch status {
        case .pendingReview: nil
        case .rejected: decision?.decidedAt ?? updatedAt
        case .expired, .withdrawn: updatedAt
        case .approved, .executed, .failed: releasedAt
        }
    }

    /// The side that was approved, or else proposed.
    fileprivate var paperTradeSide: Side? {
        if case .approved(let side)? = decision?.outcome { side } else { proposal.side }
    }

    func measured(_ result: PaperResult, at now: Timestamp) -> Signal {
        var next = changed(at: now)
        next.paperResult = result
        return next
    }
}
