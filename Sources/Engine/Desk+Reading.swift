package import Domain
package import Storage

/// What the desk shows of itself.
extension Desk {
    /// The desk at one position of the log.
    package struct Snapshot: Sendable {
        package let epoch: Epoch
        package let offset: Offset
        package let oldest: Offset
        /// All pending ones and the settled ones that changed last, newest first.
        package let signals: [Signal]
        package let portfolio: Portfolio?
        package let campaigns: [Campaign]
        package let patterns: [Pattern]
        package let sessions: [(status: SessionStatus, at: Timestamp)]
        /// Alerts, notices and risk alerts, newest first.
        package let notices: [RecordedEvent]
        /// The standstill in force, or the last one there was.
        package let stop: DeskStop?
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
            campaigns: projection.campaigns.sorted { $0.campaignID < $1.campaignID },
            patterns: projection.patterns,
            sessions: sessions,
            notices: projection.notices.reversed(),
            stop: projection.lastStop
        )
    }

    /// Settled signals in memory of which it is not known what they would have made, newest change first.
    func unmeasured() -> [Signal] { projection.settledSignals(last: .max).filter { $0.paperResult == nil } }

    /// The position of the last event applied.
    package var offset: Offset { projection.offset }

    /// The standstill in force, or the last one there was.
    package var lastStop: DeskStop? { projection.lastStop }

    package var sessions: [(status: SessionStatus, at: Timestamp)] {
        projection.sessions.sorted { $0.status.sessionID < $1.status.sessionID }
    }

    package var pendingCount: Int { projection.pendingCount }

    /// Requests that wait for the writer.
    package var queuedCount: Int { queue.count }

    /// A signal, from the log when the desk has already forgotten it.
    package func signal(_ id: SignalID) async throws(StoreError) -> Signal? {
        if let signal = projection.signal(id) { return signal }
        return try await store.events(of: id).last?.event.signal
    }

    /// All events of a signal, oldest first.
    package func history(of id: SignalID) async throws(StoreError) -> [RecordedEvent] {
        try await store.events(of: id)
    }

    package func pattern(_ id: String) -> Pattern? { projection.pattern(id) }

    /// Signals that changed, with where the desk was when they were looked up.
    package struct Changes: Sendable {
        package let offset: Offset
        /// Oldest change first.
        package let signals: [SignalChange]
        /// False when signals that the desk has forgotten changed as well.
        package let isWhole: Bool
    }

    /// Up to `limit` of the signals wanted that changed behind `position`.
    package func changes(
        after position: Offset,
        limit: Int = .max,
        where isWanted: @Sendable (Signal) -> Bool = { _ in true }
    ) -> Changes {
        Changes(
            offset: projection.offset,
            signals: projection.signals(changedAfter: position, limit: limit, where: isWanted),
            isWhole: projection.knowsAllChanges(after: position)
        )
    }

    /// Up to `limit` of the signals wanted that were updated after `moment`.
    package func changes(
        since moment: Timestamp,
        limit: Int = .max,
        where isWanted: @Sendable (Signal) -> Bool = { _ in true }
    ) -> Changes {
        Changes(
            offset: projection.offset,
            signals: projection.signals(changedSince: moment, limit: limit, where: isWanted),
            isWhole: projection.knowsAllChanges(since: moment)
        )
    }
}
