package import Domain

// The full signal (GAP-01): every key is always there.

extension Signal: WireEncodable {
    package func write(to json: inout JSONWriter) {
        let start = json.bytes.count
        json.object { json in
            json.text("id", id.description)
            json.text("symbol", symbol.text)
            json.text("side", proposal.side?.rawValue)
            json.text("status", status.rawValue)
            json.flag("awaiting_approval", status.isAwaitingApproval)
            json.integer("version", version)
            json.text("terms", TermsHash(terms).text)
            json.text("source", proposal.source)
            json.text("proposed_by", proposal.proposedBy?.text)
            json.time("ts", proposal.ts)
            json.time("received_at", receivedAt)
            json.time("updated_at", updatedAt)
            json.time("expires_at", proposal.expiresAt)
            json.time("released_at", releasedAt)
            json.texts("recipients", proposal.recipients?.map(\.text))
            json.member("undone", undone)
            json.member("extended", extended)
            json.member("report", report)
            writeAnalysis(to: &json)
            writeTradePlan(to: &json)
            json.score("unslug_score", proposal.unslugScore)
            json.score("fear_score", proposal.fearScore)
            json.score("combined_trust", proposal.combinedTrust)
            json.member("recommendation", proposal.recommendation)
            json.member("paper_result", paperResult)
            json.member("decision", decision)
            json.signOffs(signOffs, from: start)
        }
    }

    private func writeAnalysis(to json: inout JSONWriter) {
        json.text("pattern_type", proposal.patternType?.rawValue)
        json.text("phase", proposal.phase)
        json.flag("test_confirmed", proposal.testConfirmed)
        json.score("confidence_score", proposal.confidenceScore)
        json.text("confidence_grade", proposal.confidenceGrade?.rawValue)
    }

    private func writeTradePlan(to json: inout JSONWriter) {
        json.decimal("entry_price", proposal.entryPrice)
        json.decimal("stop_loss", proposal.stopLoss)
        json.decimal("target_price", proposal.targetPrice)
        json.decimal("quantity", proposal.quantity)
        json.decimal("risk_amount", proposal.riskAmount)
        json.decimal("risk_percentage", proposal.riskPercentage)
        json.decimal("r_multiple", proposal.rMultiple)
        json.text("campaign_id", proposal.campaignID)
        json.text("reasoning", proposal.reasoning)
    }
}

extension Recommendation: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("suggested", suggested?.rawValue)
            json.score("unslug", unslug)
            json.score("fear", fear)
        }
    }
}

extension Decision: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", id.text)
            switch outcome {
            case .approved: json.text("outcome", "approved")
            case .rejected: json.text("outcome", "rejected")
            }
            json.text("status", approvedSide?.rawValue)
            json.text("decided_by", decidedBy.text)
            json.time("decided_at", decidedAt)
            json.text("note", note)
            json.text("reason", rejectionReason)
            json.decimal("accepted_price", acceptedPrice)
            json.flag("veto", isVeto ?? false)
            json.integer("undo_window_ms", undoWindowMs)
            json.member("policy", policy)
        }
    }

    /// What was approved; `nil` when it was rejected.
    var approvedSide: Side? {
        if case .approved(let side) = outcome { side } else { nil }
    }

    private var rejectionReason: String? {
        if case .rejected(let reason) = outcome { reason } else { nil }
    }
}
