import Domain

@testable import Wire

/// The messages of `Tests/Fixtures/wire`, made from values.
enum GoldenMessages {
    /// Ann has two tabs; Bo and somebody without a name look at the example.
    static let presence = EncodedMessage.presenceUpdated(
        at: time("2026-01-23T10:32:00.250Z"),
        Presence(
            users: [
                Presence.User(user: UserName("ann")!, tabs: 2, since: time("2026-01-23T10:30:00Z")),
                Presence.User(user: UserName("bo")!, tabs: 1, since: time("2026-01-23T10:31:00Z")),
            ],
            anonymousTabs: 1,
            looking: [
                Presence.Look(signal: Example.signal.id, user: nil, tabs: 1, since: time("2026-01-23T10:32:00Z")),
                Presence.Look(
                    signal: Example.signal.id,
                    user: UserName("bo")!,
                    tabs: 1,
                    since: time("2026-01-23T10:31:20Z")
                ),
            ]
        )
    )

    /// Who has acknowledged what was decided about the example.
    static let receipts = EncodedMessage.receiptsUpdated(
        at: time("2026-01-23T10:30:00.300Z"),
        Receipts(
            signal: Example.signal.id,
            offset: Offset(4712),
            sentAt: time("2026-01-23T10:30:00Z"),
            seen: [
                Receipts.Seen(user: UserName("ann")!, at: time("2026-01-23T10:30:00.041Z"), attempt: 1, latencyMs: 41)
            ],
            waiting: [
                Receipts.Waiting(user: UserName("bo")!, offlineSince: time("2026-01-23T10:25:00Z")),
                Receipts.Waiting(user: UserName("cy")!, offlineSince: nil),
            ]
        )
    )

    static let all: [String: EncodedMessage] = [signals, observations, stops, connection, batches].reduce(into: [:]) {
        $0.merge($1) { one, _ in one }
    }

    private static var batches: [String: EncodedMessage] {
        let parts = ["signal-new": signals, "pattern_detected": observations, "alert_triggered": observations]
        let messages = parts.compactMap { $1[$0] }.sorted { ($0.offset ?? .start) < ($1.offset ?? .start) }
        let joined = EncodedMessage.joined(messages, at: time("2026-01-23T10:30:00.620Z"))
        return ["batch_update": joined[0]]
    }

    private static func recorded(_ offset: Int64, _ moment: String, _ event: Event) -> EncodedMessage {
        EncodedMessage(recorded: RecordedEvent(offset: Offset(offset), recordedAt: time(moment), event: event))
    }

    private static var signals: [String: EncodedMessage] {
        var approved = Example.signal(.approved(.buy), version: 2, at: "2025-10-28T22:16:30Z")
        approved.decision = Decision(
            id: Example.approval.id,
            outcome: .approved(as: .buy),
            decidedBy: Example.approval.decidedBy,
            decidedAt: time("2025-10-28T22:16:30Z"),
            note: Example.approval.note
        )
        let rejection = Decision(
            id: Example.approval.id,
            outcome: .rejected(reason: "Volume too low."),
            decidedBy: UserName("bob")!,
            decidedAt: time("2026-01-23T10:31:02Z"),
            note: nil
        )
        let executed = ended(
            .executed,
            Command.Report(
                by: "broker-bridge",
                price: decimal("150.30"),
                quantity: decimal("100"),
                orderID: "A-4711"
            )
        )
        let failed = ended(
            .failed,
            Command.Report(by: "broker-bridge", reason: "Rejected by the venue: halted.", orderID: "A-4711")
        )
        let rejected = Example.signal(.rejected, version: 2, at: "2026-01-23T10:31:02Z", decision: rejection)
        let expired = Example.signal(.expired, version: 2, at: "2026-01-23T10:35:00Z")
        let released = Example.signal(
            .approved(.buy),
            version: 3,
            at: "2026-01-23T10:30:00Z",
            decision: Example.approval
        )
        var amended = Example.signal(.pendingReview, version: 2, at: "2026-01-23T10:31:00Z")
        amended.proposal.stopLoss = decimal("149.10")
        amended.proposal.quantity = decimal("65")
        let changes = Example.signal.terms.differences(to: amended.terms)
        var withdrawn = Example.signal(.withdrawn, version: 2, at: "2026-01-23T10:32:00Z")
        withdrawn.report = SourceReport(
            reportedBy: "wyckoff-engine",
            reportedAt: withdrawn.updatedAt,
            reason: "The level broke."
        )
        var signedOff = Example.signal(.pendingReview, version: 2, at: "2026-01-23T10:30:30Z")
        signedOff.signOffs = [
            SignOff(
                id: Example.approval.id,
                user: UserName("ann")!,
                role: .trader,
                side: .buy,
                at: time("2026-01-23T10:30:30Z"),
                note: "Volume confirms.",
                needed: 2,
                version: 2,
                policy: Policy.Stamp(version: "7", hash: String(repeating: "0", count: 64))
            )
        ]
        var measured = Example.signal(.rejected, version: 3, at: "2026-01-23T10:45:02.300Z", decision: rejection)
        measured.paperResult = PaperResult(
            .target,
            side: .buy,
            r: decimal("3.33"),
            startedAt: rejection.decidedAt,
            endedAt: time("2026-01-23T10:45:02Z"),
            entryPrice: decimal("150.25"),
            enteredAt: time("2026-01-23T10:31:40Z"),
            exitPrice: decimal("152.75")
        )
        return [
            "signal-measured": recorded(4727, "2026-01-23T10:45:02.300Z", .signalMeasured(measured)),
            "signal-new": recorded(4711, "2026-01-23T10:30:00.120Z", .signalReceived(Example.signal)),
            "signal-signed_off": recorded(4729, "2026-01-23T10:30:30Z", .signalSignedOff(signedOff)),
            "approval_notification": recorded(4712, "2025-10-28T22:16:30Z", .signalApproved(approved)),
            "signal-rejected": recorded(4713, "2026-01-23T10:31:02Z", .signalRejected(rejected)),
            "signal-executed": recorded(4714, "2026-01-23T10:31:10Z", .signalExecuted(executed)),
            "signal-failed": recorded(4715, "2026-01-23T10:31:10Z", .signalFailed(failed)),
            "signal-undone": recorded(4719, "2026-01-23T10:31:05Z", .signalUndone(undone)),
            "signal-extended": recorded(4720, "2026-01-23T10:34:10Z", .signalExtended(extended)),
            "signal-expired": recorded(4716, "2026-01-23T10:35:00Z", .signalExpired(expired)),
            "signal-amended": recorded(
                4726,
                "2026-01-23T10:31:00Z",
                .signalAmended(amended, changes: changes)
            ),
            "signal_approved": recorded(4718, "2026-01-23T10:30:00Z", .signalReleased(released)),
            "signal-released": releasedToOthers(released),
            "signal-withdrawn": recorded(4717, "2026-01-23T10:32:00Z", .signalWithdrawn(withdrawn)),
        ]
    }

    /// What those hear whom a release is not for.
    private static func releasedToOthers(_ signal: Signal) -> EncodedMessage {
        let moment = time("2026-01-23T10:30:00Z")
        var proposal = signal.proposal
        proposal.recipients = [UserName("ann")!]
        var released = Signal(id: signal.id, proposal: proposal, receivedAt: signal.receivedAt)
        (released.status, released.version, released.decision) = (signal.status, signal.version, signal.decision)
        (released.updatedAt, released.releasedAt) = (moment, moment)
        let recorded = RecordedEvent(offset: Offset(4718), recordedAt: moment, event: .signalReleased(released))
        guard let message = EncodedMessage(toOthers: recorded) else { preconditionFailure("it is for ann") }
        return message
    }

    /// The approved example after it has left the desk, as a program reports it.
    private static func ended(_ status: SignalStatus, _ report: Command.Report) -> Signal {
        var signal = Example.signal(status, version: 4, at: "2026-01-23T10:31:10Z", decision: Example.approval)
        signal.releasedAt = time("2026-01-23T10:31:07Z")
        signal.report = SourceReport(
            reportedBy: report.by,
            reportedAt: signal.updatedAt,
            reason: report.reason,
            price: report.price,
            quantity: report.quantity,
            orderID: report.orderID
        )
        return signal
    }

    private static var undone: Signal {
        var signal = Example.signal(.pendingReview, version: 3, at: "2026-01-23T10:31:05Z")
        signal.undone = Undoing(
            id: DecisionID("0b8d9f5e-3c1a-4f7e-9a55-1d2c3b4a5f60"),
            undoneBy: UserName("bo")!,
            undoneAt: signal.updatedAt,
            approvedAs: .buy,
            approvedBy: Example.approval.decidedBy,
            approvedAt: Example.approval.decidedAt
        )
        return signal
    }

    private static var extended: Signal {
        var proposal = Example.proposal
        proposal.expiresAt = time("2026-01-23T10:40:00Z")
        var signal = Signal(id: Example.id, proposal: proposal, receivedAt: Example.now)
        signal.version = 2
        signal.updatedAt = time("2026-01-23T10:34:10Z")
        signal.extended = ExpiryExtension(
            extendedBy: UserName("bo")!,
            extendedAt: signal.updatedAt,
            times: 1,
            minutes: 5
        )
        return signal
    }

    /// Ann stops the desk, Bo and Cy resume it.
    private static var stops: [String: EncodedMessage] {
        let users = (ann: UserName("ann")!, bo: UserName("bo")!, cy: UserName("cy")!)
        var postponed = Example.signal(.pendingReview, version: 2, at: "2026-01-23T10:33:00Z")
        postponed.proposal.expiresAt = time("2026-01-23T10:37:00Z")
        var stop = DeskStop(
            id: DecisionID("5f0c2f0e-7a35-4f0b-8a57-0c6f0d1b2a3c"),
            since: time("2026-01-23T10:31:00Z"),
            stoppedBy: users.ann,
            stoppedAt: time("2026-01-23T10:31:00Z"),
            reason: "The feed is wrong"
        )
        let stopped = stop
        stop.signOffs = [DeskStop.SignOff(id: DecisionID("bo-1"), by: users.bo, at: time("2026-01-23T10:32:30Z"))]
        let signedOff = stop
        stop.signOffs.append(DeskStop.SignOff(id: DecisionID("cy-1"), by: users.cy, at: time("2026-01-23T10:33:00Z")))
        stop.resumedAt = time("2026-01-23T10:33:00Z")
        let answers = StopAcknowledgements(
            offset: Offset(4730),
            tabs: 6,
            acknowledged: 5,
            waiting: [.init(user: users.bo, tabs: 1, isConnected: false)]
        )
        return [
            "desk-stopped": recorded(4730, "2026-01-23T10:31:00Z", .deskStopped(stopped)),
            "desk-resume_signed_off": recorded(4731, "2026-01-23T10:32:30Z", .deskResumeSignedOff(signedOff)),
            "signal-postponed": recorded(4732, "2026-01-23T10:33:00Z", .signalPostponed(postponed)),
            "desk-resumed": recorded(4733, "2026-01-23T10:33:00Z", .deskResumed(stop)),
            "desk-acknowledged": .deskAcknowledged(at: time("2026-01-23T10:31:00.300Z"), answers),
        ]
    }

    private static var observations: [String: EncodedMessage] {
        let march = "2024-03-15T14:30:00Z"
        let january = "2026-01-06T12:00:00Z"
        let portfolio = Portfolio(
            totalHeat: decimal("62.5"),
            availableCapacity: decimal("37.5"),
            timestamp: time(march),
            heatLimit: decimal("6.0"),
            value: decimal("250000.00"),
            sessionPnL: decimal("1250.00")
        )
        let session = SessionStatus(
            sessionID: "session-1",
            state: .active,
            currentPnL: decimal("1250.50"),
            totalTrades: 12,
            lossLimitUtilization: decimal("40"),
            timeElapsed: 3600,
            performanceScore: decimal("71.5")
        )
        let choice = AlgorithmDecision(
            sessionID: "session-1",
            algorithmID: "momentum-2",
            choice: .buy,
            reasoning: "Strong bullish momentum...",
            confidence: decimal("85"),
            symbol: Symbol("AAPL")!,
            price: decimal("185.50"),
            volume: 45_000_000
        )
        let risk = RiskAlert(
            sessionID: "session-1",
            level: .critical,
            cause: .lossLimit,
            message: "Loss limit almost reached",
            currentValue: decimal("950.00"),
            threshold: decimal("1000.00")
        )
        let campaign = Campaign(
            campaignID: "C-123",
            riskAllocated: decimal("1700.00"),
            positionsCount: 3,
            riskLimit: decimal("2000.00")
        )
        let alert = Alert(
            id: "alert-123",
            symbol: Symbol("AAPL"),
            type: "price_threshold",
            message: "AAPL crossed $185",
            severity: .info
        )
        let notice = Notice(id: "notif-456", message: "Model training completed", kind: .success)
        return [
            "pattern_detected": recorded(4718, march, .observed(.pattern(pattern))),
            "portfolio-updated": recorded(4719, march, .observed(.portfolio(portfolio))),
            "campaign-updated": recorded(4720, march, .observed(.campaign(campaign))),
            "alert_triggered": recorded(4721, january, .observed(.alert(alert))),
            "notification": recorded(4722, january, .observed(.notice(notice))),
            "session_status": recorded(4723, january, .observed(.session(session))),
            "algorithm_decision": recorded(4724, january, .observed(.algorithm(choice))),
            "risk_alert": recorded(4725, january, .observed(.risk(risk))),
            "price_update": EncodedMessage(price: price),
        ]
    }

    static let pattern = Pattern(
        id: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        symbol: Symbol("AAPL")!,
        patternType: .spring,
        confidenceScore: decimal("87"),
        phase: "C",
        testConfirmed: true
    )

    static let price = Price(
        symbol: Symbol("AAPL")!,
        price: decimal("185.50"),
        change: decimal("2.30"),
        changePct: decimal("1.26"),
        volume: 45_000_000,
        bid: decimal("185.45"),
        ask: decimal("185.55"),
        at: time("2026-01-06T12:00:00Z")
    )

    private static var connection: [String: EncodedMessage] {
        let alice = Me(name: UserName("alice"), role: .trader)
        let resumedAt = time("2026-01-23T10:29:59.200Z")
        return [
            "connected": .connected(
                at: time("2026-01-23T10:29:59Z"),
                connectionID: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                epoch: Epoch("01J9ZV0C4T"),
                offset: Offset(4711),
                oldestOffset: Offset(1),
                user: alice,
                settings: Settings(),
                desk: DeskStanding()
            ),
            "subscription_confirmed": .subscriptionConfirmed(
                at: time("2026-01-23T10:29:59.050Z"),
                channels: [.prices, .signals, .alerts, .notifications, .portfolio],
                symbols: [Symbol("AAPL")!],
                symbol: Symbol("AAPL")
            ),
            "resumed": .resumed(at: resumedAt, replayed: 37, offset: Offset(4748)),
            "resumed-not-recovered": .notResumed(at: resumedAt, reason: .trimmed, offset: Offset(4748)),
            "receipts-updated": receipts,
            "presence-updated": presence,
            "pong": .pong(at: time("2025-10-28T22:17:00Z")),
            "error": .error(
                at: time("2026-01-06T12:00:00Z"),
                .unknownChannel,
                "Unknown channel: invalid_channel"
            ),
        ]
    }
}
