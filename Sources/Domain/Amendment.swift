/// What a source changes about a signal that still waits. Only terms can be changed; who, what and why stay.
package struct Amendment: Hashable, Sendable, Codable {
    package enum Change<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
        case keep
        /// `nil` takes the value away.
        case set(Value?)

        fileprivate func applied(to value: Value?) -> Value? {
            if case .set(let new) = self { new } else { value }
        }
    }

    package var side: Change<Side> = .keep
    package var entryPrice: Change<Quantity> = .keep
    package var stopLoss: Change<Quantity> = .keep
    package var targetPrice: Change<Quantity> = .keep
    package var quantity: Change<Quantity> = .keep
    package var riskAmount: Change<Quantity> = .keep
    package var riskPercentage: Change<Quantity> = .keep
    package var expiresAt: Change<Timestamp> = .keep

    package init() {}

    func applied(to proposal: Proposal) -> Proposal {
        var next = proposal
        next.side = side.applied(to: proposal.side)
        next.entryPrice = entryPrice.applied(to: proposal.entryPrice)
        next.stopLoss = stopLoss.applied(to: proposal.stopLoss)
        next.targetPrice = targetPrice.applied(to: proposal.targetPrice)
        next.quantity = quantity.applied(to: proposal.quantity)
        next.riskAmount = riskAmount.applied(to: proposal.riskAmount)
        next.riskPercentage = riskPercentage.applied(to: proposal.riskPercentage)
        next.expiresAt = expiresAt.applied(to: proposal.expiresAt)
        return next
    }
}

extension Signal {
    /// The signal with another proposal, still waiting.
    func amended(to proposal: Proposal, at now: Timestamp) -> Signal {
        var next = self
        next.proposal = proposal
        next.version += 1
        next.updatedAt = now
        return next
    }
}

extension Proposal {
    /// What cannot be meant, by the field it is about.
    package struct Fault: Hashable, Sendable {
        package let field: Terms.Field
        /// To be read behind the field's name: `must be below the entry of a BUY`.
        package let detail: String

        package init(_ field: Terms.Field, _ detail: String) {
            self.field = field
            self.detail = detail
        }
    }

    /// A stop that makes money and a target that loses it are mistakes of the source, never a plan.
    package var planFaults: [Fault] {
        guard let entry = entryPrice else { return [] }
        let isLong: Bool
        switch side {
        case .buy: isLong = true
        case .sell: isLong = false
        default: return []
        }
        let trade = isLong ? "BUY" : "SELL"
        var faults: [Fault] = []
        if let stop = stopLoss, isLong ? stop >= entry : stop <= entry {
            faults.append(Fault(.stopLoss, "must be \(isLong ? "below" : "above") the entry of a \(trade)"))
        }
        if let target = targetPrice, isLong ? target <= entry : target >= entry {
            faults.append(Fault(.targetPrice, "must be \(isLong ? "above" : "below") the entry of a \(trade)"))
        }
        return faults
    }
}
