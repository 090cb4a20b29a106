/// Brings one request to its address, once.
package protocol WebhookCarrier: Sendable {
    /// Returns after `timeoutSeconds` at the latest, and follows no redirect. What the receiver says is read to a bound and
    /// forgotten.
    func post(
        _ body: [UInt8],
        to url: String,
        fields: [(name: String, value: String)],
        timeoutSeconds: Int
    ) async -> DeliveryAttempt
}

/// What became of one attempt.
package enum DeliveryAttempt: Hashable, Sendable {
    /// The receiver said that it has it (2xx).
    case taken
    /// To be tried again; the reason is for people.
    case failed(String)
    /// The receiver wants no more of it (410).
    case gone
}
