import Domain

// Prices and observations as sources report them: documents 0, 1 and 3.

extension Fields {
    private static var message: (JSONValue) throws(Mismatch) -> String { Read.note(charactersMax: 500, bytesMax: 5000) }
    private static var label: (JSONValue) throws(Mismatch) -> String { Read.line(charactersMax: 64) }

    func price(_ context: SourceMessage.Context) -> SourceMessage? {
        guard let data = payload else { return nil }
        let symbol = (has("symbol") ? self : data).required("symbol", as: Read.symbol)
        let price = data.required("price", as: Read.positive)
        let change = data.required("change", as: Read.decimal)
        let changePct = data.required("change_pct", as: Read.decimal)
        let volume = data.required("volume", as: Read.count)
        let bid = data.optional("bid", as: Read.positive)
        let ask = data.optional("ask", as: Read.positive)
        let at = optional("timestamp", as: Read.time) ?? context.now
        guard let symbol, let price, let change, let changePct, let volume else { return nil }
        return .price(
            Price(
                symbol: symbol,
                price: price,
                change: change,
                changePct: changePct,
                volume: volume,
                bid: bid,
                ask: ask,
                at: at
            )
        )
    }

    func pattern(_ context: SourceMessage.Context) -> Pattern? {
        guard let data = payload else { return nil }
        let id = data.optional("id", as: Self.label) ?? context.freshText
        let symbol = data.required("symbol", as: Read.symbol)
        let type = data.required("pattern_type", as: Read.patternType)
        let score = data.required(
            "confidence_score",
            "confidence",
            as: Read.confidence(scale: data.confidenceScale)
        )
        let phase = data.required("phase", as: Read.line(charactersMax: 32))
        let confirmed = data.required("test_confirmed", as: Read.flag)
        guard let symbol, let type, let score, let phase, let confirmed else { return nil }
        return Pattern(
            id: id,
            symbol: symbol,
            patternType: type,
            confidenceScore: score,
            phase: phase,
            testConfirmed: confirmed
        )
    }

    func portfolio(_ context: SourceMessage.Context) -> Portfolio? {
        guard let data = payload else { return nil }
        let heat = data.required("total_heat", as: Read.notNegative)
        let capacity = data.required("available_capacity", as: Read.decimal)
        let at = data.optional("timestamp", as: Read.time) ?? optional("timestamp", as: Read.time) ?? context.now
        let limit = data.optional("heat_limit", as: Read.positive)
        let value = data.optional("value", as: Read.decimal)
        let profit = data.optional("session_pnl", as: Read.decimal)
        guard let heat, let capacity else { return nil }
        return Portfolio(
            totalHeat: heat,
            availableCapacity: capacity,
            timestamp: at,
            heatLimit: limit,
            value: value,
            sessionPnL: profit
        )
    }

    func campaign() -> Campaign? {
        guard let data = payload else { return nil }
        let id = data.required("campaign_id", "campaign", as: Self.label)
        let allocated = data.required("risk_allocated", as: Read.notNegative)
        let positions = data.required("positions_count", as: Read.count)
        let limit = data.optional("risk_limit", as: Read.positive)
        guard let id, let allocated, let positions else { return nil }
        return Campaign(campaignID: id, riskAllocated: allocated, positionsCount: positions, riskLimit: limit)
    }

    func session() -> SessionStatus? {
        let id = required("sessionId", "session_id", as: Self.label)
        let state = required("status", as: Read.choice(SessionStatus.State.self))
        guard let data = nested("data", isRequired: true) else { return nil }
        let profit = data.required("currentPnL", as: Read.decimal)
        let trades = data.required("totalTrades", as: Read.count)
        let utilization = data.required("lossLimitUtilization", as: Read.notNegative)
        let elapsed = data.required("timeElapsed", as: Read.count)
        let performance = data.optional("performanceScore", as: Read.decimal)
        guard let id, let state, let profit, let trades, let utilization, let elapsed else { return nil }
        return SessionStatus(
            sessionID: id,
            state: state,
            currentPnL: profit,
            totalTrades: trades,
            lossLimitUtilization: utilization,
            timeElapsed: elapsed,
            performanceScore: performance
        )
    }

    func algorithmDecision() -> AlgorithmDecision? {
        let session = required("sessionId", "session_id", as: Self.label)
        let algorithm = required("algorithmId", "algorithm_id", as: Self.label)
        let choice = required("decision", as: Read.choice(AlgorithmDecision.Choice.self))
        let reasoning = required("reasoning", as: Read.note(charactersMax: 4000, bytesMax: 5000))
        let confidence = required("confidence", as: Read.confidence(scale: confidenceScale))
        guard let market = nested("marketData", isRequired: true) else { return nil }
        let symbol = market.required("symbol", as: Read.symbol)
        let price = market.required("price", as: Read.positive)
        let volume = market.required("volume", as: Read.count)
        guard let session, let algorithm, let choice, let reasoning, let confidence, let symbol, let price, let volume
        else { return nil }
        return AlgorithmDecision(
            sessionID: session,
            algorithmID: algorithm,
            choice: choice,
            reasoning: reasoning,
            confidence: confidence,
            symbol: symbol,
            price: price,
            volume: volume
        )
    }

    func alert(_ context: SourceMessage.Context) -> Alert? {
        guard let data = nested("data", isRequired: true) else { return nil }
        let id = data.optional("id", as: Self.label) ?? context.freshText
        let symbol = data.optional("symbol", as: Read.symbol)
        let type = data.required("type", as: Self.label)
        let message = data.required("message", as: Self.message)
        let severity = data.required("severity", as: Read.choice(Alert.Severity.self))
        guard let type, let message, let severity else { return nil }
        return Alert(id: id, symbol: symbol, type: type, message: message, severity: severity)
    }

    func notice(_ context: SourceMessage.Context) -> Notice? {
        guard let data = nested("data", isRequired: true) else { return nil }
        let id = data.optional("id", as: Self.label) ?? context.freshText
        let message = data.required("message", as: Self.message)
        let kind = data.required("type", as: Read.choice(Notice.Kind.self))
        guard let message, let kind else { return nil }
        return Notice(id: id, message: message, kind: kind)
    }

    func riskAlert() -> RiskAlert? {
        let session = optional("sessionId", "session_id", as: Self.label)
        let level = required("alertLevel", as: Read.choice(RiskAlert.Level.self))
        let cause = required("alertType", as: Read.choice(RiskAlert.Cause.self))
        let message = required("message", as: Self.message)
        let current = required("currentValue", as: Read.decimal)
        let threshold = required("threshold", as: Read.decimal)
        guard let level, let cause, let message, let current, let threshold else { return nil }
        return RiskAlert(
            sessionID: session,
            level: level,
            cause: cause,
            message: message,
            currentValue: current,
            threshold: threshold
        )
    }
}
