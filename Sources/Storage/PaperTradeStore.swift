package import Domain

/// Keeps how far trades on paper have come, so that a restart goes on with them. No history: what became of them is in the log.
package protocol PaperTradeStore: Sendable {
    /// Those that were saved and not forgotten, and until when prices were watched for them.
    ///
    /// One that cannot be read back is left out: it can be begun anew from the log.
    func paperTrades() async throws(StoreError) -> PaperTrades

    /// Saves and forgets in one transaction; who is in both is saved.
    func save(
        paperTrades: [SignalID: PaperTrade],
        forgetting forgotten: [SignalID],
        watchedUntil: Timestamp
    ) async throws(StoreError)
}

package struct PaperTrades: Hashable, Sendable {
    package var trades: [SignalID: PaperTrade]
    /// `nil` when nothing was ever saved.
    package var watchedUntil: Timestamp?

    package init(trades: [SignalID: PaperTrade] = [:], watchedUntil: Timestamp? = nil) {
        self.trades = trades
        self.watchedUntil = watchedUntil
    }
}
