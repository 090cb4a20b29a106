package import Domain
import Foundation

extension Samples {
    /// One event of each kind there is, with fixed identifiers.
    package static let everyKind: [Event] = signals + stops + observations

    /// The hashes at the end of a log of ``everyKind``, all recorded on ``monday``, and of its last entry kept for ever.
    package static let everyKindHead = "9175b617fbce29986e30260678f5d4f20c5b746f2a8fec48ea33a6952c1453b8"
    package static let everyKindKeptHead = "fe95a8780fe76727a84fcd91a5f012d5ed600bd1c6884862869fc60427c46820"

    private static let id = SignalID(UUID(uuidString: "0A9C3C52-6B1D-4F0E-9B42-6C0A5D6E7F80")!)

    private static var signals: [Event] {
        let received = Signal(id: id, proposal: fullProposal, receivedAt: monday)
        func moved(_ status: SignalStatus, _ version: Int, _ outcome: Decision.Outcome?) -> Signal {
            var signal = received
            signal.status = status
            signal.version = version
            signal.updatedAt = monday.advanced(byMilliseconds: Int64(version) * 1000)
            signal.decision = outcome.map {
                Decision(
                    id: DecisionID("click-\(version)"),
                    outcome: $0,
                    decidedBy: UserName("alice")!,
                    decidedAt: signal.updatedAt,
                    note: version == 2 ? "Volume confirms" : nil
                )
            }
            return signal
        }
        var released = moved(.approved(.buy), 6, .approved(as: .buy))
        released.releasedAt = released.updatedAt
        var amended = moved(.pendingReview, 7, nil)
        amended.proposal.stopLoss = Quantity("149.10")
        amended.proposal.expiresAt = nil
        return [
            .signalReceived(received),
            .signalApproved(moved(.approved(.buy), 2, .approved(as: .buy))),
            .signalExecuted(moved(.executed, 3, .approved(as: .buy))),
            .signalRejected(moved(.rejected, 4, .rejected(reason: "Spread too wide"))),
            .signalExpired(moved(.expired, 5, nil)),
            .signalReleased(released),
            .signalAmended(amended, changes: received.terms.differences(to: amended.terms)),
        ] + afterwards(received) + underPolicy(received) + [onPaper(received)]
    }

    private static func underPolicy(_ received: Signal) -> [Event] {
        let stamp = Policy.Stamp(version: "7 \"tight\"", hash: "0a1b")
        var signedOff = received
        signedOff.proposal.proposedBy = UserName("bo")
        signedOff.version = 12
        signedOff.updatedAt = monday.advanced(byMilliseconds: 12_000)
        signedOff.signOffs = [
            SignOff(
                id: DecisionID("click-12"),
                user: UserName("ann")!,
                role: .risk,
                side: .buy,
                at: monday,
                note: "Volume confirms",
                needed: 2,
                version: 12,
                policy: stamp
            )
        ]
        var vetoed = signedOff
        vetoed.version = 13
        vetoed.status = .rejected
        vetoed.updatedAt = monday.advanced(byMilliseconds: 13_000)
        vetoed.decision = Decision(
            id: DecisionID("click-13"),
            outcome: .rejected(reason: "Too hot"),
            decidedBy: UserName("alice")!,
            decidedAt: vetoed.updatedAt,
            note: nil
        )
        vetoed.decision?.policy = stamp
        vetoed.decision?.undoWindowMs = 10_000
        vetoed.decision?.isVeto = true
        return [.signalSignedOff(signedOff), .signalRejected(vetoed)]
    }

    private static func afterwards(_ received: Signal) -> [Event] {
        func changed(_ version: Int, _ status: SignalStatus) -> Signal {
            var signal = received
            signal.version = version
            signal.status = status
            signal.updatedAt = monday.advanced(byMilliseconds: Int64(version) * 1000)
            return signal
        }
        var undone = changed(8, .pendingReview)
        undone.undone = Undoing(
            id: DecisionID("click-8"),
            undoneBy: UserName("bo")!,
            undoneAt: undone.updatedAt,
            approvedAs: .buy,
            approvedBy: UserName("alice")!,
            approvedAt: monday
        )
        var extended = changed(9, .pendingReview)
        extended.extended = ExpiryExtension(
            extendedBy: UserName("bo")!,
            extendedAt: extended.updatedAt,
            times: 2,
            minutes: 10
        )
        var withdrawn = changed(10, .withdrawn)
        withdrawn.report = SourceReport(reportedBy: "tests", reportedAt: withdrawn.updatedAt, reason: "Gone")
        var failed = changed(11, .failed)
        failed.report = SourceReport(
            reportedBy: "broker",
            reportedAt: failed.updatedAt,
            reason: "Halted",
            price: Quantity("150.30"),
            quantity: Quantity("10"),
            orderID: "A-1"
        )
        return [
            .signalUndone(undone), .signalExtended(extended), .signalWithdrawn(withdrawn), .signalFailed(failed),
        ]
    }

    private static func onPaper(_ received: Signal) -> Event {
        var measured = received
        measured.version = 14
        measured.status = .rejected
        measured.updatedAt = monday.advanced(byMilliseconds: 14_000)
        measured.paperResult = PaperResult(
            .stop,
            side: .buy,
            r: Quantity("-1.20"),
            startedAt: monday,
            endedAt: measured.updatedAt,
            entryPrice: Quantity("150.25"),
            enteredAt: monday.advanced(byMilliseconds: 500),
            exitPrice: Quantity("149.35"),
            unwatchedSeconds: 7
        )
        return .signalMeasured(measured)
    }

    private static var stops: [Event] {
        var postponed = Signal(id: id, proposal: fullProposal, receivedAt: monday)
        postponed.version = 15
        postponed.updatedAt = monday.advanced(byMilliseconds: 15_000)
        postponed.proposal.expiresAt = monday.advanced(byMilliseconds: 960_000)
        let (ann, bo) = (UserName("ann")!, UserName("bo")!)
        var stop = DeskStop(
            id: DecisionID("click-12"),
            since: monday,
            stoppedBy: ann,
            stoppedAt: monday.advanced(byMilliseconds: 1_000),
            reason: "The feed is \"wrong\""
        )
        let stopped = stop
        stop.signOffs = [
            DeskStop.SignOff(id: DecisionID("click-13"), by: ann, at: monday.advanced(byMilliseconds: 2_000))
        ]
        let signedOff = stop
        stop.signOffs.append(
            DeskStop.SignOff(id: DecisionID("click-14"), by: bo, at: monday.advanced(byMilliseconds: 3_000))
        )
        stop.resumedAt = monday.advanced(byMilliseconds: 3_000)
        let session = SessionStatus(
            sessionID: "s-1",
            state: .emergencyStopped,
            currentPnL: Quantity("-80.00")!,
            totalTrades: 12,
            lossLimitUtilization: Quantity("80.0")!,
            timeElapsed: 3600,
            performanceScore: nil,
            control: SessionControl(
                id: DecisionID("click-15"),
                action: .stop,
                by: bo,
                at: monday,
                reason: "Too many losses"
            ),
            reportedState: .active,
            previousState: .paused
        )
        return [
            .signalPostponed(postponed), .deskStopped(stopped), .deskResumeSignedOff(signedOff), .deskResumed(stop),
            .sessionControlled(session),
        ]
    }

    private static var fullProposal: Proposal {
        var proposal = proposal(symbol: "AAPL")
        proposal.unslugScore = Quantity("0.82")
        proposal.fearScore = Quantity("0.10")
        proposal.combinedTrust = Quantity("0.720")
        proposal.recommendation = Recommendation(suggested: .buy, unslug: Quantity("0.82"), fear: nil)
        proposal.recipients = [UserName("ann")!, UserName("bo \"the bear\"")!]
        return proposal
    }

    private static var observations: [Event] {
        let symbol = Symbol("MSFT")!
        let observations: [Observation] = [
            .pattern(
                Pattern(
                    id: "p-1",
                    symbol: symbol,
                    patternType: .signOfStrength,
                    confidenceScore: Quantity("88")!,
                    phase: "D",
                    testConfirmed: false
                )
            ),
            .portfolio(
                Portfolio(
                    totalHeat: Quantity("7.50")!,
                    availableCapacity: Quantity("2.50")!,
                    timestamp: monday,
                    heatLimit: Quantity("10"),
                    value: Quantity("250000.00"),
                    sessionPnL: Quantity("-120.50")
                )
            ),
            .campaign(
                Campaign(
                    campaignID: "camp-7",
                    riskAllocated: Quantity("3.20")!,
                    positionsCount: 4,
                    riskLimit: Quantity("5")
                )
            ),
            .session(
                SessionStatus(
                    sessionID: "s-1",
                    state: .emergencyStopped,
                    currentPnL: Quantity("-80.00")!,
                    totalTrades: 12,
                    lossLimitUtilization: Quantity("80.0")!,
                    timeElapsed: 3600,
                    performanceScore: Quantity("61")
                )
            ),
            .algorithm(
                AlgorithmDecision(
                    sessionID: "s-1",
                    algorithmID: "momentum-2",
                    choice: .closePosition,
                    reasoning: "Trend broke",
                    confidence: Quantity("74")!,
                    symbol: symbol,
                    price: Quantity("415.10")!,
                    volume: 1200
                )
            ),
            .alert(
                Alert(
                    id: "a-1",
                    symbol: symbol,
                    type: "price_threshold",
                    message: "MSFT above 415",
                    severity: .warning
                )
            ),
            .notice(Notice(id: "n-1", message: "Maintenance at 22:00", kind: .success)),
            .risk(
                RiskAlert(
                    sessionID: nil,
                    level: .emergency,
                    cause: .lossLimit,
                    message: "Loss limit reached",
                    currentValue: Quantity("1000.00")!,
                    threshold: Quantity("1000")!
                )
            ),
        ]
        return observations.map { .observed($0) }
    }
}
