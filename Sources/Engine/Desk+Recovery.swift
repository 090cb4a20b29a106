package import Domain
import Logging
package import Storage

/// How the desk comes to know what the log says.
extension Desk {
    /// Makes the desk of the newest checkpoint that can be read and the log behind it. Call once, before anything else; what
    /// it reads is not published.
    package func recover() async throws(StoreError) {
        try await restore()
        let restoredTo = projection.offset
        var newest: Timestamp?
        try await readLog { page in
            for event in page { projection.apply(event) }
            newest = page.last?.recordedAt ?? newest
        }
        if newest == nil { newest = try await newestRecordedAt() }
        let began = time.begin(after: newest, clock)
        if projection.stop != nil { time.stop() }
        for signal in projection.pendingSignals {
            watch(signal, wall: limitCounts(for: signal, at: began.stamp))
        }
        watchUnreleased(projection.settledSignals(last: .max), at: began.stamp)
        logger.info(
            "desk recovered",
            metadata: [
                "epoch": "\(store.epoch)", "checkpoint": "\(restoredTo)", "offset": "\(projection.offset)",
                "pending": "\(projection.pendingCount)",
            ]
        )
        if let stop = projection.stop {
            logger.warning("the desk is stopped", metadata: ["by": "\(stop.stoppedBy)", "since": "\(stop.since)"])
        }
    }

    /// When the last event was written, as the clock on the wall was then.
    private func newestRecordedAt() async throws(StoreError) -> Timestamp? {
        let extent = try await store.extent()
        guard extent.newest >= extent.oldest else { return nil }
        return try await store.events(after: Offset(extent.newest.value - 1), limit: 1).last?.recordedAt
    }

    /// What the desk is now, to be stored beside the log.
    package var checkpoint: Checkpoint { projection.checkpoint }

    /// A checkpoint that cannot be read is passed over as long as the log, or an older one, tells the same.
    private func restore() async throws(StoreError) {
        for offset in try await store.checkpoints() {
            do throws(StoreError) {
                projection = try await restored(from: offset)
                restoredCheckpoint = offset
                return
            } catch {
                if error.code == .unavailable { throw error }
                logger.error("checkpoint passed over", metadata: ["offset": "\(offset)", "error": "\(error)"])
            }
        }
        let oldest = try await store.extent().oldest
        guard oldest == Offset.start.next else {
            throw StoreError(
                .corrupted,
                "The log was trimmed and begins at \(oldest), and the checkpoint that stands for what was before it cannot be "
                    + "read. Restore the database from a backup; all signals and decisions are still in its event table."
            )
        }
    }

    private func restored(from offset: Offset) async throws(StoreError) -> Projection {
        let extent = try await store.extent()
        guard extent.oldest <= offset.next, offset <= extent.newest else {
            throw StoreError(.corrupted, "it is not from \(extent.oldest) to \(extent.newest), where the log is")
        }
        let checkpoint = try await store.checkpoint(at: offset)
        var signals: [RecordedEvent] = []
        for start in stride(from: 0, to: checkpoint.signals.count, by: limits.recoveryPageEvents) {
            let page = checkpoint.signals[start...].prefix(limits.recoveryPageEvents)
            signals += try await store.events(at: Array(page))
        }
        guard let projection = Projection(checkpoint, signals: signals, decidedMax: limits.settledSignalsMax) else {
            throw StoreError(.corrupted, "it does not match the log")
        }
        return projection
    }

    /// Hands the log beyond the projection to `follow`, page by page; `follow` applies it.
    func readLog(_ follow: ([RecordedEvent]) -> Void) async throws(StoreError) {
        let extent = try await store.extent()
        while projection.offset < extent.newest {
            let page = try await store.events(after: projection.offset, limit: limits.recoveryPageEvents)
            guard !page.isEmpty else {
                throw StoreError(
                    .corrupted,
                    "the log says it reaches \(extent.newest) but ends at \(projection.offset)"
                )
            }
            follow(page)
        }
    }
}
