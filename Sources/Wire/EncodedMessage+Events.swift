package import Domain

// Messages that tell what happened. One case per event; the shapes are those of docs/Protocol.md.

extension EncodedMessage {
    /// The message that tells everybody of a logged event.
    package init(recorded: RecordedEvent) {
        let event = recorded.event
        self.init(
            MessageType(event),
            at: recorded.recordedAt,
            offset: recorded.offset,
            deliveryClass: event.deliveryClass
        ) { json in
            switch event {
            case .signalReceived(let signal), .signalRejected(let signal), .signalExpired(let signal),
                .signalExecuted(let signal), .signalUndone(let signal), .signalExtended(let signal),
                .signalWithdrawn(let signal), .signalFailed(let signal), .signalSignedOff(let signal),
                .signalPostponed(let signal), .signalMeasured(let signal):
                json.member("data", signal)
            case .signalApproved(let signal): Self.approval(signal, &json)
            case .signalReleased(let signal): Self.release(signal, &json)
            case .signalAmended(let signal, let changes):
                json.member("data", signal)
                json.list("changes", changes)
            case .deskStopped(let stop), .deskResumeSignedOff(let stop), .deskResumed(let stop):
                json.member("data", stop)
            case .sessionControlled(let session): session.writeMembers(to: &json)
            case .observed(let observation): Self.observation(observation, &json)
            }
        }
    }

    /// The newest price of a symbol. Not in the log.
    package init(price: Price) {
        self.init(.priceUpdate, at: price.at) { json in
            json.text("symbol", price.symbol.text)
            json.object("data") { price.writeFigures(to: &$0) }
        }
    }

    private static func approval(_ signal: Signal, _ json: inout JSONWriter) {
        let start = json.bytes.count
        json.object("data") { json in
            json.text("symbol", signal.symbol.text)
            json.text("approved_status", signal.decision?.approvedSide?.rawValue)
            json.text("approved_by", signal.decision?.decidedBy.text)
            json.time("approved_at", signal.decision?.decidedAt)
            json.text("note", signal.decision?.note)
            json.decimal("accepted_price", signal.decision?.acceptedPrice)
            json.text("signal_id", signal.id.description)
            json.text("decision_id", signal.decision?.id.text)
            json.text("status", signal.status.rawValue)
            json.integer("version", signal.version)
            json.integer("undo_window_ms", signal.decision?.undoWindowMs)
            json.member("policy", signal.decision?.policy)
            json.signOffs(signal.signOffs, from: start)
        }
    }

    /// The trade plan, flat and with some numbers, as document 4 has it (MSG-26).
    private static func release(_ signal: Signal, _ json: inout JSONWriter) {
        let plan = signal.proposal
        json.text("signal_id", signal.id.description)
        json.text("symbol", signal.symbol.text)
        json.text("pattern_type", plan.patternType?.rawValue)
        json.score("confidence_score", plan.confidenceScore)
        json.text("confidence_grade", plan.confidenceGrade?.rawValue)
        json.decimal("entry_price", plan.entryPrice)
        json.decimal("stop_loss", plan.stopLoss)
        json.decimal("target_price", plan.targetPrice)
        json.decimal("risk_amount", plan.riskAmount)
        json.score("risk_percentage", plan.riskPercentage)
        json.score("r_multiple", plan.rMultiple)
        json.time("expires_at", plan.expiresAt)
        json.text("side", signal.decision?.approvedSide?.rawValue)
        json.decimal("quantity", plan.quantity)
        json.text("approved_by", signal.decision?.decidedBy.text)
        json.time("approved_at", signal.decision?.decidedAt)
        json.text("decision_id", signal.decision?.id.text)
        json.integer("version", signal.version)
        json.texts("approvers", signal.approvers.map(\.text))
    }

    private static func observation(_ observation: Observation, _ json: inout JSONWriter) {
        switch observation {
        case .pattern(let pattern):
            json.member("data", pattern)
            json.text("full_details_url", "/api/v1/patterns/\(pattern.pathSegment)")
        case .portfolio(let portfolio): json.member("data", portfolio)
        case .campaign(let campaign): json.member("data", campaign)
        case .session(let status): status.writeMembers(to: &json)
        case .algorithm(let decision): decision.writeMembers(to: &json)
        case .alert(let alert): json.member("data", alert)
        case .notice(let notice): json.member("data", notice)
        case .risk(let alert): alert.writeMembers(to: &json)
        }
    }
}
