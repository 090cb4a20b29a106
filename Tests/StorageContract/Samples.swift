package import Domain
package import Storage

/// Events to store, made by hand: a store asks nothing of them but their versions.
package enum Samples {
    package static let monday = Timestamp(milliseconds: 1_710_513_000_000)

    /// A complete proposal, with prices whose last zero must survive.
    package static func received(_ id: SignalID = SignalID(), symbol: String = "AAPL") -> Event {
        .signalReceived(Signal(id: id, proposal: proposal(symbol: symbol), receivedAt: monday))
    }

    /// The same signal at a later version: approved by alice, then executed.
    package static func approved(_ id: SignalID, version: Int = 2) -> Event {
        .signalApproved(signal(id, .approved(.buy), version: version))
    }

    package static func executed(_ id: SignalID, version: Int = 3) -> Event {
        .signalExecuted(signal(id, .executed, version: version))
    }

    package static func notice(_ id: String) -> Event {
        .observed(.notice(Notice(id: id, message: "Opening auction in 5 minutes", kind: .info)))
    }

    package static func proposal(symbol: String) -> Proposal {
        var proposal = Proposal(symbol: Symbol(symbol)!, side: .buy, source: "wyckoff-detector")
        proposal.ts = monday
        proposal.expiresAt = monday.advanced(byMilliseconds: 900_000)
        proposal.patternType = .spring
        proposal.phase = "C"
        proposal.testConfirmed = true
        proposal.confidenceScore = Quantity("85")
        proposal.entryPrice = Quantity("150.25")
        proposal.stopLoss = Quantity("149.50")
        proposal.targetPrice = Quantity("152.75")
        proposal.quantity = Quantity("100")
        proposal.riskAmount = Quantity("75.00")
        proposal.riskPercentage = Quantity("0.750")
        proposal.campaignID = "camp-7"
        proposal.reasoning = "Spring below support on falling volume"
        return proposal
    }

    /// Of a desk that knows of no signal.
    package static func checkpoint(at offset: Int64, observations: [RecordedEvent] = []) -> Checkpoint {
        Checkpoint(offset: Offset(offset), signals: [], observations: observations, forgotten: .none)
    }

    package static func reader(_ name: String, acknowledged: Int64, seenAfterMs: Int64 = 60_000) -> Reader {
        Reader(
            user: UserName(name)!,
            knownSince: monday,
            acknowledged: Offset(acknowledged),
            lastSeenAt: monday.advanced(byMilliseconds: seenAfterMs)
        )
    }

    private static func signal(_ id: SignalID, _ status: SignalStatus, version: Int) -> Signal {
        var signal = Signal(id: id, proposal: proposal(symbol: "AAPL"), receivedAt: monday)
        signal.status = status
        signal.version = version
        signal.updatedAt = monday.advanced(byMilliseconds: 60_000)
        signal.decision = Decision(
            id: DecisionID("click-1"),
            outcome: .approved(as: .buy),
            decidedBy: UserName("alice")!,
            decidedAt: signal.updatedAt,
            note: "Volume confirms"
        )
        return signal
    }
}

extension Append {
    /// An append whose expectations are those its events imply.
    package init(_ events: Event..., at moment: Timestamp = Samples.monday, under receipt: NewReceipt? = nil) {
        self.init(events: events, recordedAt: moment, expectedVersions: [:], receipt: receipt)
    }
}

extension Append.NewReceipt {
    package init(_ key: String, scope: String = "user:alice", fingerprint: String = "print") {
        self.init(key: IdempotencyKey(scope: scope, key: key), fingerprint: fingerprint)
    }
}
