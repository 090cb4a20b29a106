import Domain

// The JSON of every value an event carries, spelled out: what stands here is in every log. Keys are in ascending order.

extension Signal {
    func write(to json: inout PayloadWriter) {
        json.object { json in
            if let decision { decision.write(under: "decision", to: &json) }
            if let extended { extended.write(under: "extended", to: &json) }
            json.text("id", id.uuid.hyphenated(isUpperCase: true))
            if let paperResult { paperResult.write(under: "paperResult", to: &json) }
            proposal.write(under: "proposal", to: &json)
            json.time("receivedAt", receivedAt)
            json.time("releasedAt", releasedAt)
            if let report { report.write(under: "report", to: &json) }
            json.objects("signOffs", signOffs) { $0.writeMembers(to: &$1) }
            json.text("status", status.rawValue)
            if let undone { undone.write(under: "undone", to: &json) }
            json.time("updatedAt", updatedAt)
            json.integer("version", version)
        }
    }
}

extension Signal {
    /// A signal that was amended, with what has changed about it.
    func write(_ changes: [Difference], to json: inout PayloadWriter) {
        json.object { json in
            json.objects("changes", changes) { change, json in
                json.choice("field", change.field)
                json.text("is", change.is)
                json.text("was", change.was)
            }
            json.member("signal") { write(to: &$0) }
        }
    }
}

/// What that reads back as.
struct StoredAmendment: Codable {
    let changes: [Difference]
    let signal: Signal

    var event: Event { .signalAmended(signal, changes: changes) }
}

extension Proposal {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.text("campaignID", campaignID)
            json.amount("combinedTrust", combinedTrust)
            json.amount("confidenceScore", confidenceScore)
            json.amount("entryPrice", entryPrice)
            json.time("expiresAt", expiresAt)
            json.amount("fearScore", fearScore)
            json.choice("patternType", patternType)
            json.text("phase", phase)
            json.text("proposedBy", proposedBy?.text)
            json.amount("quantity", quantity)
            json.text("reasoning", reasoning)
            json.texts("recipients", recipients?.map(\.text))
            if let recommendation { recommendation.write(under: "recommendation", to: &json) }
            json.amount("riskAmount", riskAmount)
            json.amount("riskPercentage", riskPercentage)
            json.choice("side", side)
            json.text("source", source)
            json.amount("stopLoss", stopLoss)
            json.text("symbol", symbol.text)
            json.amount("targetPrice", targetPrice)
            json.flag("testConfirmed", testConfirmed)
            json.time("ts", ts)
            json.amount("unslugScore", unslugScore)
        }
    }
}

extension Recommendation {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.amount("fear", fear)
            json.choice("suggested", suggested)
            json.amount("unslug", unslug)
        }
    }
}

extension Decision {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.amount("acceptedPrice", acceptedPrice)
            json.time("decidedAt", decidedAt)
            json.text("decidedBy", decidedBy.text)
            json.text("id", id.text)
            json.flag("isVeto", isVeto)
            json.text("note", note)
            json.object("outcome") { json in
                switch outcome {
                case .approved(let side): json.object("approved") { $0.choice("as", side) }
                case .rejected(let reason): json.object("rejected") { $0.text("reason", reason) }
                }
            }
            if let policy { policy.write(to: &json) }
            json.integer("undoWindowMs", undoWindowMs)
        }
    }
}

extension SignOff {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.time("at", at)
        json.text("id", id.text)
        json.integer("needed", needed)
        json.text("note", note)
        policy.write(to: &json)
        json.choice("role", role)
        json.choice("side", side)
        json.text("user", user.text)
        json.integer("version", version)
    }
}

extension Policy.Stamp {
    fileprivate func write(to json: inout PayloadWriter) {
        json.object("policy") { json in
            json.text("hash", hash)
            json.text("version", version)
        }
    }
}

extension ExpiryExtension {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.time("extendedAt", extendedAt)
            json.text("extendedBy", extendedBy.text)
            json.integer("minutes", minutes)
            json.integer("times", times)
        }
    }
}

extension SourceReport {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.text("orderID", orderID)
            json.amount("price", price)
            json.amount("quantity", quantity)
            json.text("reason", reason)
            json.time("reportedAt", reportedAt)
            json.text("reportedBy", reportedBy)
        }
    }
}

extension PaperResult {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.time("endedAt", endedAt)
            json.choice("ending", ending)
            json.time("enteredAt", enteredAt)
            json.amount("entryPrice", entryPrice)
            json.amount("exitPrice", exitPrice)
            json.amount("r", r)
            json.choice("side", side)
            json.time("startedAt", startedAt)
            json.integer("unwatchedSeconds", unwatchedSeconds)
        }
    }
}

extension Undoing {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.choice("approvedAs", approvedAs)
            json.time("approvedAt", approvedAt)
            json.text("approvedBy", approvedBy.text)
            json.text("id", id.text)
            json.time("undoneAt", undoneAt)
            json.text("undoneBy", undoneBy.text)
        }
    }
}

extension Observation {
    func write(to json: inout PayloadWriter) {
        json.object { json in
            switch self {
            case .pattern(let pattern): pattern.writeMembers(to: &json)
            case .portfolio(let portfolio): portfolio.writeMembers(to: &json)
            case .campaign(let campaign): campaign.writeMembers(to: &json)
            case .session(let status): status.writeMembers(to: &json)
            case .algorithm(let decision): decision.writeMembers(to: &json)
            case .alert(let alert): alert.writeMembers(to: &json)
            case .notice(let notice): notice.writeMembers(to: &json)
            case .risk(let alert): alert.writeMembers(to: &json)
            }
        }
    }
}

extension Pattern {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.amount("confidenceScore", confidenceScore)
        json.text("id", id)
        json.choice("patternType", patternType)
        json.text("phase", phase)
        json.text("symbol", symbol.text)
        json.flag("testConfirmed", testConfirmed)
    }
}

extension Portfolio {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.amount("availableCapacity", availableCapacity)
        json.amount("heatLimit", heatLimit)
        json.amount("sessionPnL", sessionPnL)
        json.time("timestamp", timestamp)
        json.amount("totalHeat", totalHeat)
        json.amount("value", value)
    }
}

extension Campaign {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.text("campaignID", campaignID)
        json.integer("positionsCount", positionsCount)
        json.amount("riskAllocated", riskAllocated)
        json.amount("riskLimit", riskLimit)
    }
}

extension DeskStop {
    func write(to json: inout PayloadWriter) {
        json.object { json in
            json.text("id", id.text)
            json.text("reason", reason)
            json.choice("resumeRole", resumeRole)
            json.time("resumedAt", resumedAt)
            json.objects("signOffs", signOffs) { signOff, json in
                json.time("at", signOff.at)
                json.text("by", signOff.by.text)
                json.text("id", signOff.id.text)
            }
            json.time("since", since)
            json.time("stoppedAt", stoppedAt)
            json.text("stoppedBy", stoppedBy.text)
        }
    }
}

extension SessionControl {
    fileprivate func write(under key: StaticString, to json: inout PayloadWriter) {
        json.object(key) { json in
            json.choice("action", action)
            json.time("at", at)
            json.text("by", by.text)
            json.text("id", id.text)
            json.text("reason", reason)
        }
    }
}

extension SessionStatus {
    func write(to json: inout PayloadWriter) { json.object { writeMembers(to: &$0) } }

    fileprivate func writeMembers(to json: inout PayloadWriter) {
        if let control { control.write(under: "control", to: &json) }
        json.amount("currentPnL", currentPnL)
        json.amount("lossLimitUtilization", lossLimitUtilization)
        json.amount("performanceScore", performanceScore)
        json.choice("previousState", previousState)
        json.choice("reportedState", reportedState)
        json.text("sessionID", sessionID)
        json.choice("state", state)
        json.integer("timeElapsed", timeElapsed)
        json.integer("totalTrades", totalTrades)
    }
}

extension AlgorithmDecision {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.text("algorithmID", algorithmID)
        json.choice("choice", choice)
        json.amount("confidence", confidence)
        json.amount("price", price)
        json.text("reasoning", reasoning)
        json.text("sessionID", sessionID)
        json.text("symbol", symbol.text)
        json.integer("volume", volume)
    }
}

extension Alert {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.text("id", id)
        json.text("message", message)
        json.choice("severity", severity)
        json.text("symbol", symbol?.text)
        json.text("type", type)
    }
}

extension Notice {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.text("id", id)
        json.choice("kind", kind)
        json.text("message", message)
    }
}

extension RiskAlert {
    fileprivate func writeMembers(to json: inout PayloadWriter) {
        json.choice("cause", cause)
        json.amount("currentValue", currentValue)
        json.choice("level", level)
        json.text("message", message)
        json.text("sessionID", sessionID)
        json.amount("threshold", threshold)
    }
}

extension PayloadWriter {
    fileprivate mutating func amount(_ key: StaticString, _ quantity: Quantity?) { text(key, quantity?.text) }
    fileprivate mutating func time(_ key: StaticString, _ time: Timestamp?) { integer(key, time?.milliseconds) }

    fileprivate mutating func choice(_ key: StaticString, _ choice: (some RawRepresentable<String>)?) {
        text(key, choice?.rawValue)
    }
}
