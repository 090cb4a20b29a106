/// The words of another document, for clients that were written after it (C1; docs/Protocol.md, "Dialects").
package enum Dialect: String, CaseIterable, Sendable {
    /// Document 2: a signal that arrives is `new_signal`.
    case approvals
    /// Document 3: a signal that arrives is `trading_signal`, and prices are JSON numbers.
    case agents
}
