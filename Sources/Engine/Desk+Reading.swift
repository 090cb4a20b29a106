package import Domain
package import Storage

/// What the desk shows of itself.
extension Desk {
    /// The desk at one position of the log.
    package struct Snapshot: Sendable {
        package let epoch: Epoch
        package let offset: Offset
        package let oldest: Offset
        /// All pending ones and the latest settled ones, newest first.
        package let signals: [Signal]
        package let portfolio: Portfolio?
        package let campaigns: [Campaign]
        package let patterns: [Pattern]
        package let sessions: [(status: SessionStatus, at: Timestamp)]
        /// Alerts, notices, risk alerts and algorithm decisions, newest first.
        package let notices: [RecordedEvent]
    }

    package static var snapshotSettledMax: Int { 200 }

    package func snapshot() async throws(StoreError) -> Snapshot {
        let extent = try await store.extent()
        let signals = projection.pendingSignals + projection.settledSignals(last: Self.snapshotSettledMax)
        return Snapshot(
            epoch: store.epoch,
            offset: projection.offset,
            oldest: extent.oldest,
            signals: signals.sorted { ($0.receivedAt, $0.id.description) > ($1.receivedAt, $1.id.description) },
            portfolio: projection.portfolio,
            campaigns: projection.campaigns.values.sorted { $0.campaignID < $1.campaignID },
            patterns: projection.patterns,
            sessions: projection.sessions.values.sorted { $0.status.sessionID < $1.status.sessionID },
            notices: projection.notices.reversed()
        )
    }

    /// The position of the last event applied.
    package var offset: Offset { projection.offset }

    package var pendingCount: Int { projection.pendingCount }

    /// Requests that wait for the writer.
    package var queuedCount: Int { queue.count }

    /// A signal, from the log when the desk has already forgotten it.
    package func signal(_ id: SignalID) async throws(StoreError) -> Signal? {
        if let signal = projection.signal(id) { return signal }
        return try await store.events(of: id).last?.event.signal
    }

    package func pattern(_ id: String) -> Pattern? { projection.patterns.last { $0.id == id } }

    /// Signals that changed, with where the desk was when they were looked up.
    package struct Changes: Sendable {
        package let offset: Offset
        /// Oldest change first.
        package let signals: [(signal: Signal, changedAt: Offset)]
        /// False when signals that the desk has forgotten changed as well.
        package let isWhole: Bool
    }

    package func changes(after position: Offset) -> Changes {
        Changes(
            offset: projection.offset,
            signals: projection.signals(changedAfter: position),
            isWhole: projection.knowsAllChanges(after: position)
        )
    }

    package func changes(since moment: Timestamp) -> Changes {
        let all = projection.signals(changedAfter: .start)
        return Changes(
            offset: projection.offset,
            signals: all.filter { $0.signal.updatedAt > moment },
            isWhole: projection.knowsAllChanges(since: moment)
        )
    }
}
