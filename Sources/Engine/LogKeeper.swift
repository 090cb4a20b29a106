package import Domain
package import Logging
import ServiceLifecycle
package import Storage

/// Keeps the log short and the next start fast: stores checkpoints of the desk, lets go of old events (GAP-12) and forgets
/// old idempotency keys (GAP-09).
///
/// An actor, because it owns long-lived work. All it does to the store is done in short transactions with pauses between
/// them, so that decisions get their turn. What fails is logged and tried again at the next check.
package actor LogKeeper: Service {
    /// What is kept. An event goes only when it is older than `eventAgeMinMs` and not among the newest `eventsMin`, and never
    /// when it ``Event/isKeptForEver``.
    package struct Retention: Hashable, Sendable {
        package var eventAgeMinMs: Int64 = 30 * 24 * 3_600_000
        package var eventsMin = 1_000_000
        /// Events of requests whose keys are kept stay as well.
        package var receiptAgeMinMs: Int64 = 24 * 3_600_000
        package init() {}
    }

    package struct Limits: Sendable {
        package var checkIntervalMs = 5_000
        /// So many events behind the last checkpoint there is the next; a start reads little more than that.
        package var checkpointEvents = 10_000
        package var trimmedEventsPerTransactionMax = 500
        package var trimPauseMs = 50
        package init() {}
    }

    private let desk: Desk
    private let store: any EventStore
    private let clock: any DeskClock
    private let retention: Retention
    private let limits: Limits
    private let logger: Logger
    private let onTrim: @Sendable (Offset) -> Void
    /// The last checkpoint that is known to be good.
    private var checkpointedAt: Offset?

    /// - Parameter onTrim: called with where the log now begins.
    package init(
        desk: Desk,
        store: any EventStore,
        clock: any DeskClock = SystemDeskClock(),
        retention: Retention = Retention(),
        limits: Limits = Limits(),
        logger: Logger,
        onTrim: @escaping @Sendable (Offset) -> Void
    ) {
        self.desk = desk
        self.store = store
        self.clock = clock
        self.retention = retention
        self.limits = limits
        self.logger = logger
        self.onTrim = onTrim
    }

    /// Keeps the log until the task is cancelled or the service shuts down, and then stores a last checkpoint. To be started
    /// before the desk and so to be stopped after it.
    package func run() async throws {
        checkpointedAt = await desk.restoredCheckpoint
        await cancelWhenGracefulShutdown { await self.keep() }
        do throws(StoreError) {
            try await saveCheckpoint(everyEvents: 1)
        } catch {
            logger.error("last checkpoint not stored", metadata: ["error": "\(error)"])
        }
    }

    private func keep() async {
        repeat { await check() } while (try? await clock.sleep(milliseconds: limits.checkIntervalMs)) != nil
    }

    private func check() async {
        do throws(StoreError) {
            try await saveCheckpoint(everyEvents: limits.checkpointEvents)
            let now = clock.now()
            try await store.forgetReceipts(before: now.advanced(byMilliseconds: -retention.receiptAgeMinMs))
            try await trim(recordedBefore: now.advanced(byMilliseconds: -retention.eventAgeMinMs))
        } catch {
            logger.error("log could not be kept", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter events: how many there must be behind the last checkpoint; after a start without one, one is enough.
    private func saveCheckpoint(everyEvents events: Int) async throws(StoreError) {
        let offset = await desk.offset
        let isDue = offset.value - (checkpointedAt ?? .start).value >= (checkpointedAt == nil ? 1 : events)
        guard isDue else { return }
        let checkpoint = await desk.checkpoint
        try await store.save(checkpoint)
        checkpointedAt = checkpoint.offset
        logger.debug("checkpoint stored", metadata: ["offset": "\(checkpoint.offset)"])
    }

    private func trim(recordedBefore moment: Timestamp) async throws(StoreError) {
        let before = try await store.extent()
        let last = Offset(before.newest.value - Int64(retention.eventsMin))
        var oldest = before.oldest
        while oldest <= last, !Task.isCancelled {
            let limit = limits.trimmedEventsPerTransactionMax
            let extent = try await store.trim(through: last, recordedBefore: moment, limit: limit)
            let count = extent.oldest.value - oldest.value
            oldest = extent.oldest
            if count > 0 { onTrim(oldest) }
            // Fewer than asked for: the next may not go yet.
            guard count == limit, oldest <= last else { break }
            try? await clock.sleep(milliseconds: limits.trimPauseMs)
        }
        guard oldest > before.oldest else { return }
        logger.info("log trimmed", metadata: ["from": "\(before.oldest)", "to": "\(oldest)"])
    }
}
