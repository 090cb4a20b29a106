import Domain
import Foundation

// A signal as its source knows it, in every shape the documents show (GAP-01).

extension Fields {
    /// Of the JSON form of a pending signal. A decision, an undone one before it, an extension and a report add at most 4.9 KB,
    /// so every message about it stays below 10 KB (ENV-09).
    static let signalBytesMax = 4900

    func signal(_ context: SourceMessage.Context) -> SourceMessage? {
        let faultsBefore = faults.count
        guard let data = payload else { return nil }
        let id = data.optional("id", "signal_id", as: Read.signalID) ?? SignalID(context.makeID())
        let symbol = data.required("symbol", as: Read.symbol)
        let proposal = data.proposal(of: symbol ?? Self.unread, context, envelope: self)
        guard faults.count == faultsBefore else { return nil }
        guard proposal.jsonBytesBound > Self.signalBytesMax else { return .command(.receive(id, proposal)) }
        let bytes = Signal(id: id, proposal: proposal, receivedAt: context.now).encoded.count
        guard bytes <= Self.signalBytesMax else {
            let what = proposal.recipients == nil ? "the reasoning" : "the reasoning or the list of recipients"
            faults.add(data.pointer, "is \(bytes) bytes as JSON; at most \(Self.signalBytesMax): shorten \(what)")
            return nil
        }
        return .command(.receive(id, proposal))
    }

    /// Stands for a symbol that is missing, so that the rest is read and all faults are told at once.
    private static let unread = Symbol("UNREAD")!

    private func proposal(of symbol: Symbol, _ context: SourceMessage.Context, envelope: Fields) -> Proposal {
        let source = optional("source", as: Read.line(charactersMax: 64)) ?? context.source
        var proposal = Proposal(symbol: symbol, side: optional("side", "action", as: Read.side), source: source)
        proposal.proposedBy = context.proposedBy
        readTimes(into: &proposal, context, envelope)
        readAnalysis(into: &proposal, envelope)
        readTradePlan(into: &proposal)
        proposal.recipients = optional("recipients", as: Read.recipients)
        checkPlan(proposal)
        if optional("status", as: Read.text).map({ $0 != SignalStatus.pendingReview.rawValue }) == true {
            fault("status", "must be PENDING_REVIEW or absent: only people decide")
        }
        return proposal
    }

    private func readTimes(into proposal: inout Proposal, _ context: SourceMessage.Context, _ envelope: Fields) {
        proposal.ts = optional("ts", "timestamp", as: Read.time)
        if proposal.ts == nil, envelope.pointer != pointer {
            proposal.ts = envelope.optional("timestamp", as: Read.time)
        }
        proposal.expiresAt = optional("expires_at", as: Read.time)
        if let expiresAt = proposal.expiresAt, expiresAt <= context.now {
            fault("expires_at", "must be in the future; now is \(context.now)")
        }
    }

    private func readAnalysis(into proposal: inout Proposal, _ envelope: Fields) {
        proposal.patternType = optional("pattern_type", as: Read.patternType)
        proposal.phase = optional("phase", as: Read.line(charactersMax: 32))
        proposal.testConfirmed = optional("test_confirmed", as: Read.flag)
        proposal.confidenceScore = envelope.isTradingSignal ? tradingConfidence : confidence
        proposal.campaignID = optional("campaign_id", "campaign", as: Read.line(charactersMax: 64))
        proposal.reasoning = reasoning
        proposal.unslugScore = optional("unslug_score", as: Read.decimal)
        proposal.fearScore = optional("fear_score", as: Read.decimal)
        proposal.combinedTrust = optional("combined_trust", as: Read.decimal)
        if let recommendation = nested("recommendation") {
            proposal.recommendation = Recommendation(
                suggested: recommendation.optional("suggested", as: Read.side),
                unslug: recommendation.optional("unslug", as: Read.decimal),
                fear: recommendation.optional("fear", as: Read.decimal)
            )
        }
    }

    private func readTradePlan(into proposal: inout Proposal) {
        proposal.entryPrice = optional("entry_price", "entry", as: Read.positive)
        proposal.stopLoss = optional("stop_loss", "stop", as: Read.positive)
        proposal.targetPrice = optional("target_price", "target", as: Read.positive)
        proposal.quantity = optional("quantity", as: Read.positive)
        proposal.riskAmount = optional("risk_amount", as: Read.notNegative)
        proposal.riskPercentage = optional("risk_percentage", "risk_percent", as: Read.notNegative)
    }

    private func checkPlan(_ proposal: Proposal) {
        for wrong in proposal.planFaults {
            let alias = wrong.field == .stopLoss ? "stop" : "target"
            fault(name(wrong.field.rawValue, alias), wrong.detail)
        }
    }

    private func name(_ name: String, _ alias: String) -> String { has(name) ? name : alias }

    /// What a source says beside its reasoning belongs to it.
    private var reasoning: String? {
        let read = Read.note(charactersMax: 4000, bytesMax: 5000)
        let texts = [optional("reasoning", as: read), optional("note", as: read)].compactMap(\.self)
        return texts.isEmpty ? nil : texts.joined(separator: "\n")
    }

    private var confidence: Quantity? {
        optional("confidence_score", "confidence", as: Read.confidence(scale: confidenceScale))
    }

    private var isTradingSignal: Bool { object["type"] == .string("trading_signal") }

    /// Who says `trading_signal` says by it that `confidence` is 0–1, as document 3 defines it. `confidence_score` is
    /// another document's word and 0–100; beside each other they must say the same.
    private var tradingConfidence: Quantity? {
        let declared = declaredConfidenceScale
        let score = optional("confidence_score", as: Read.confidence(scale: declared ?? 100))
        let confidence = optional("confidence", as: Read.confidence(scale: declared ?? 1))
        if let score, let confidence, score != confidence {
            fault("confidence", "says something else than confidence_score, which is 100 times as much")
        }
        return score ?? confidence
    }

    /// 100 or, when the source says so, 1.
    var confidenceScale: Int { declaredConfidenceScale ?? 100 }

    private var declaredConfidenceScale: Int? {
        optional("confidence_scale") { value throws(Mismatch) in
            let scale = try Read.decimal(value)
            guard scale == 1 || scale == 100 else { throw Mismatch("must be 100 or 1") }
            return scale == 1 ? 1 : 100
        }
    }
}

extension Proposal {
    /// What the JSON of a pending signal has besides its free texts: keys, times, and amounts within their limits.
    static let jsonFixedBytesMax = 1540

    /// No pending signal with this proposal is larger as JSON. Far less work than writing it; a byte of text takes at most
    /// six of JSON.
    var jsonBytesBound: Int {
        var textBytes = symbol.text.utf8.count + source.utf8.count
        for text in [phase, campaignID, reasoning, proposedBy?.text] { textBytes += text?.utf8.count ?? 0 }
        for name in recipients ?? [] { textBytes += name.text.utf8.count + 1 }
        return Self.jsonFixedBytesMax + 6 * textBytes
    }
}
