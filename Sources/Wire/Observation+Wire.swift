package import Domain

// What sources report, as their documents shape it: some nest under `data`, some are flat, one is camelCase.

extension Pattern: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", id)
            json.text("symbol", symbol.text)
            json.text("pattern_type", patternType.rawValue)
            json.score("confidence_score", confidenceScore)
            json.text("phase", phase)
            json.flag("test_confirmed", testConfirmed)
        }
    }

    /// The id as one segment of a path: everything but RFC 3986's unreserved characters is percent-encoded.
    var pathSegment: String {
        var segment = ""
        for byte in id.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                segment.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                segment += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return segment
    }
}

extension Portfolio: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.decimal("total_heat", totalHeat)
            json.decimal("available_capacity", availableCapacity)
            json.time("timestamp", timestamp)
            json.decimal("heat_limit", heatLimit)
            json.decimal("value", value)
            json.decimal("session_pnl", sessionPnL)
        }
    }
}

extension Campaign: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("campaign_id", campaignID)
            json.decimal("risk_allocated", riskAllocated)
            json.integer("positions_count", positionsCount)
            json.decimal("risk_limit", riskLimit)
            json.text("utilisation_pct", utilisationPct.map { Self.shortest($0.text) })
        }
    }
}

extension Campaign {
    /// `85.00` as `85` and `33.50` as `33.5`: computed zeros say nothing.
    private static func shortest(_ decimal: String) -> String {
        guard decimal.contains(".") else { return decimal }
        var digits = decimal[...]
        while digits.last == "0" { digits.removeLast() }
        return String(digits.last == "." ? digits.dropLast() : digits)
    }
}

extension Alert: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", id)
            json.text("symbol", symbol?.text)
            json.text("type", type)
            json.text("message", message)
            json.text("severity", severity.rawValue)
        }
    }
}

extension Notice: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", id)
            json.text("message", message)
            json.text("type", kind.rawValue)
        }
    }
}

extension SessionStatus {
    func writeMembers(to json: inout JSONWriter) {
        json.text("sessionId", sessionID)
        json.text("status", state.rawValue)
        json.object("data") { json in
            json.decimal("currentPnL", currentPnL)
            json.integer("totalTrades", totalTrades)
            json.decimal("lossLimitUtilization", lossLimitUtilization)
            json.integer("timeElapsed", timeElapsed)
            json.decimal("performanceScore", performanceScore)
        }
        json.member("control", control)
        json.text("reportedStatus", reportedState?.rawValue)
        json.text("previousStatus", previousState?.rawValue)
    }
}

extension SessionControl: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("action", action.rawValue)
            json.text("by", by.text)
            json.time("at", at)
            json.text("reason", reason)
            json.text("id", id.text)
        }
    }
}

extension AlgorithmDecision {
    func writeMembers(to json: inout JSONWriter) {
        json.text("sessionId", sessionID)
        json.text("algorithmId", algorithmID)
        json.text("decision", choice.rawValue)
        json.text("reasoning", reasoning)
        json.score("confidence", confidence)
        json.object("marketData") { json in
            json.text("symbol", symbol.text)
            json.decimal("price", price)
            json.integer("volume", volume)
        }
    }
}

extension RiskAlert {
    func writeMembers(to json: inout JSONWriter) {
        json.text("sessionId", sessionID)
        json.text("alertLevel", level.rawValue)
        json.text("alertType", cause.rawValue)
        json.text("message", message)
        json.decimal("currentValue", currentValue)
        json.decimal("threshold", threshold)
    }
}

extension Price {
    func writeFigures(to json: inout JSONWriter) {
        json.decimal("price", price)
        json.decimal("change", change)
        json.decimal("change_pct", changePct)
        json.integer("volume", volume)
        json.decimal("bid", bid)
        json.decimal("ask", ask)
    }
}
