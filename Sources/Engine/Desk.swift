import DequeModule
import Domain
package import Logging
package import Realtime
import ServiceLifecycle
package import Storage

/// The single writer: takes requests, asks the ``Decider`` what follows, appends it to the log, and only then publishes.
///
/// An actor, because it owns long-lived work and is asked from everywhere. Requests that wait while a transaction runs
/// share the next one (group commit), so durability costs one sync per batch rather than per click.
package actor Desk: Service {
    package struct Limits: Sendable {
        package var queuedRequestsMax = 10_000
        package var batchRequestsMax = 512
        package var expiryCheckIntervalMs = 200
        package var recoveryPageEvents = 5_000
        /// A conflict means that somebody else wrote to the store; after so many the request fails.
        package var conflictsMax = 5
        package init() {}
    }

    let store: any EventStore
    private let backplane: any Backplane
    private let clock: any DeskClock
    private let limits: Limits
    private let logger: Logger

    var projection = Projection()
    private var expiries = ExpiryQueue()
    private var queue: Deque<QueuedRequest> = []
    private var keysInFlight: [IdempotencyKey: [CheckedContinuation<Void, Never>]] = [:]
    private var isClosing = false
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(
        store: any EventStore, backplane: any Backplane, clock: any DeskClock = SystemDeskClock(), limits: Limits = Limits(),
        logger: Logger
    ) {
        self.store = store
        self.backplane = backplane
        self.clock = clock
        self.limits = limits
        self.logger = logger
    }

    /// Rebuilds the desk from the log. Call once, before anything else.
    package func recover() async throws(StoreError) {
        let extent = try await catchUp()
        for signal in projection.pendingSignals { expiries.watch(signal) }
        logger.info(
            "desk recovered",
            metadata: [
                "epoch": "\(store.epoch)", "offset": "\(extent.newest)", "pending": "\(projection.pendingCount)",
            ])
    }

    /// Writes until the task is cancelled or the service shuts down; what was queued by then is still written.
    package func run() async throws {
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.expireWhenDue() }
            await cancelWhenGracefulShutdown { await self.write() }
            close()
            await drain()
            group.cancelAll()
        }
    }

    /// Carries out a request; returns when its events are durable and published.
    package func submit(_ request: DeskRequest) async throws(DeskError) -> DeskOutcome {
        guard let receipt = request.receipt else { return try await enqueue(request) }
        await waitForKey(receipt.key)
        defer { releaseKey(receipt.key) }
        if let earlier = try await stored({ () async throws(StoreError) in try await self.store.receipt(for: receipt.key) }) {
            return try repeated(earlier, as: receipt)
        }
        return try await enqueue(request)
    }

    // MARK: Queue

    private struct QueuedRequest {
        let request: DeskRequest
        /// Signals the request names that the projection has forgotten.
        let recalled: [Signal]
        let continuation: CheckedContinuation<Result<DeskOutcome, DeskError>, Never>
        var conflicts = 0
    }

    private func enqueue(_ request: DeskRequest) async throws(DeskError) -> DeskOutcome {
        let recalled = try await recallForgotten(request.namedSignals)
        guard !isClosing else { throw .closing }
        guard queue.count < limits.queuedRequestsMax else { throw .busy }
        let result = await withCheckedContinuation { continuation in
            queue.append(QueuedRequest(request: request, recalled: recalled, continuation: continuation))
            wakes.continuation.yield()
        }
        return try result.get()
    }

    private func recallForgotten(_ ids: [SignalID]) async throws(DeskError) -> [Signal] {
        var recalled: [Signal] = []
        for id in ids where projection.signal(id) == nil {
            let events = try await stored { () async throws(StoreError) in try await self.store.events(of: id) }
            if let signal = events.last?.event.signal { recalled.append(signal) }
        }
        return recalled
    }

    private func waitForKey(_ key: IdempotencyKey) async {
        while keysInFlight[key] != nil {
            await withCheckedContinuation { keysInFlight[key]?.append($0) }
        }
        keysInFlight[key] = []
    }

    private func releaseKey(_ key: IdempotencyKey) {
        for waiter in keysInFlight.removeValue(forKey: key) ?? [] { waiter.resume() }
    }

    private func close() {
        isClosing = true
        wakes.continuation.finish()
    }

    // MARK: Writer

    private func write() async {
        for await _ in wakes.stream { await drain() }
    }

    private func drain() async {
        while !queue.isEmpty {
            let batch = Array(queue.prefix(limits.batchRequestsMax))
            queue.removeFirst(batch.count)
            await commit(batch)
        }
    }

    private struct Plan {
        var queued: QueuedRequest
        let verdict: Result<Append, Refusal>

        /// What is to be stored; `nil` when nothing follows from the request.
        var append: Append? {
            guard let append = try? verdict.get(), !append.events.isEmpty || append.receipt != nil else { return nil }
            return append
        }
    }

    private func commit(_ batch: [QueuedRequest]) async {
        let plans = decide(batch)
        let appends = plans.compactMap(\.append)
        do throws(StoreError) {
            var outcomes = try await (appends.isEmpty ? [] : store.append(appends)).makeIterator()
            for plan in plans { await settle(plan, next: &outcomes) }
        } catch {
            logger.error("store refused a batch", metadata: ["error": "\(error)", "requests": "\(batch.count)"])
            // Refusals too: they may rest on a decision of this batch that was not stored.
            for plan in plans { plan.queued.continuation.resume(returning: .failure(.store(error))) }
        }
    }

    private func decide(_ batch: [QueuedRequest]) -> [Plan] {
        var desk = StagedDesk(base: projection)
        let now = clock.now()
        return batch.map { queued in
            for signal in queued.recalled { desk.recall(signal) }
            do throws(Refusal) {
                return Plan(queued: queued, verdict: .success(try plan(queued.request, in: &desk, at: now)))
            } catch {
                return Plan(queued: queued, verdict: .failure(error))
            }
        }
    }

    private func plan(_ request: DeskRequest, in desk: inout StagedDesk, at now: Timestamp) throws(Refusal) -> Append {
        var attempt = desk
        var events: [Event] = []
        var expectedVersions: [SignalID: Int] = [:]
        for command in request.commands {
            let following = try Decider.decide(command, in: attempt, at: now)
            for case let signal? in following.map(\.signal) where expectedVersions[signal.id] == nil {
                expectedVersions[signal.id] = signal.version - 1
            }
            attempt.stage(following)
            events += following
        }
        desk = attempt
        return Append(events: events, recordedAt: now, expectedVersions: expectedVersions, receipt: request.receipt)
    }

    private func settle(_ plan: Plan, next outcomes: inout IndexingIterator<[AppendOutcome]>) async {
        if case .failure(let refusal) = plan.verdict {
            return plan.queued.continuation.resume(returning: .failure(.refused(refusal)))
        }
        guard plan.append != nil else {
            return plan.queued.continuation.resume(returning: .success(DeskOutcome(events: [], isRepeated: false)))
        }
        guard let outcome = outcomes.next() else { preconditionFailure("the store answers every append") }
        switch outcome {
        case .appended(let events):
            apply(events)
            plan.queued.continuation.resume(returning: .success(DeskOutcome(events: events, isRepeated: false)))
        case .keyUsed(let receipt):
            let result = Result { () throws(DeskError) in
                guard let mine = plan.queued.request.receipt else { throw DeskError.keyReused }
                return try repeated(receipt, as: mine)
            }
            plan.queued.continuation.resume(returning: result)
        case .conflict(let id, let storedVersion):
            await retry(plan.queued, conflictOn: id, storedVersion: storedVersion)
        }
    }

    private func apply(_ events: [RecordedEvent]) {
        guard !events.isEmpty else { return }
        for event in events where event.offset > projection.offset {
            projection.apply(event)
            if let signal = event.event.signal { expiries.watch(signal) }
        }
        backplane.publish(.events(events))
    }

    /// Somebody else wrote to the store: see what, then decide again (design: optimistic concurrency).
    private func retry(_ queued: QueuedRequest, conflictOn id: SignalID, storedVersion: Int) async {
        logger.warning("version conflict", metadata: ["signal_id": "\(id)", "stored_version": "\(storedVersion)"])
        var queued = queued
        queued.conflicts += 1
        do throws(StoreError) {
            guard queued.conflicts <= limits.conflictsMax else {
                throw StoreError(.unavailable, "the store keeps changing under the desk")
            }
            _ = try await catchUp()
            queue.prepend(queued)
        } catch {
            queued.continuation.resume(returning: .failure(.store(error)))
        }
    }

    /// Applies what the log holds beyond the projection.
    private func catchUp() async throws(StoreError) -> Extent {
        let extent = try await store.extent()
        while projection.offset < extent.newest {
            let page = try await store.events(after: projection.offset, limit: limits.recoveryPageEvents)
            guard !page.isEmpty else {
                throw StoreError(.corrupted, "the log says it reaches \(extent.newest) but ends at \(projection.offset)")
            }
            for event in page { projection.apply(event) }
        }
        return extent
    }

    // MARK: Expiry

    private func expireWhenDue() async throws {
        while true {
            try await clock.sleep(milliseconds: limits.expiryCheckIntervalMs)
            await expireDue()
        }
    }

    /// Expires what is due; a signal that could not be expired because of the store is tried again at the next check.
    private func expireDue() async {
        let due = expiries.takeDue(at: clock.now(), limit: limits.batchRequestsMax)
        guard !due.isEmpty else { return }
        do throws(DeskError) {
            _ = try await submit(DeskRequest(due.map { .expire($0) }))
        } catch {
            logger.error("expiry failed", metadata: ["error": "\(error)", "signals": "\(due.count)"])
            for case let signal? in due.map({ projection.signal($0) }) { expiries.watch(signal) }
        }
    }

    // MARK: Helpers

    private func repeated(_ earlier: Receipt, as mine: Append.NewReceipt) throws(DeskError) -> DeskOutcome {
        guard earlier.fingerprint == mine.fingerprint else { throw .keyReused }
        return DeskOutcome(events: earlier.events, isRepeated: true)
    }

    private func stored<Value>(_ read: () async throws(StoreError) -> Value) async throws(DeskError) -> Value {
        do throws(StoreError) { return try await read() } catch { throw .store(error) }
    }
}
