import Wire

/// What a TradingView alert sends whose message is the template of docs/Webhooks.md.
///
/// TradingView fills in placeholders as text, cannot sign and cannot set header fields, so the alert carries a passphrase. Two
/// alerts with the same text are one: `{{timenow}}` in it makes every firing another.
enum TradingView {
    static let passphrase = JSONPointer("/passphrase")!
    static let sentAt = SignalMapping.SentAt(pointer: JSONPointer("/time")!, time: .rfc3339)
    static let expiresAfterSecondsDefault = 300

    static func mapping(expiresAfterSeconds: Int) -> SignalMapping {
        SignalMapping([
            ("symbol", at("/symbol")),
            ("side", at("/action", words: ["buy": "BUY", "sell": "SELL", "long": "BUY", "short": "SELL"])),
            ("ts", at("/time")),
            ("expires_at", .secondsFromNow(expiresAfterSeconds)),
            ("entry_price", at("/price", isOptional: true)),
            ("stop_loss", at("/stop", isOptional: true)),
            ("target_price", at("/target", isOptional: true)),
            ("quantity", at("/quantity", isOptional: true)),
            ("pattern_type", at("/pattern", isOptional: true)),
            ("confidence_score", at("/confidence", isOptional: true)),
            ("campaign_id", at("/campaign", isOptional: true)),
            ("reasoning", at("/comment", isOptional: true)),
        ])
    }

    private static func at(
        _ pointer: String,
        isOptional: Bool = false,
        words: [String: String]? = nil
    ) -> SignalMapping.Place {
        var reading = SignalMapping.Reading()
        reading.isOptional = isOptional
        reading.words = words
        return .pointer(JSONPointer(pointer)!, reading)
    }
}
