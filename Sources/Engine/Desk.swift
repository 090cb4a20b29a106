import DequeModule
package import Domain
package import Logging
package import Realtime
import ServiceLifecycle
package import Storage

/// The single writer: takes requests, asks the ``Decider`` what follows, appends it to the log, and only then publishes.
///
/// An actor, because it owns long-lived work and is asked from everywhere. Requests that wait while a transaction runs
/// share the next one (group commit), so durability costs one sync per batch rather than per click.
///
/// The projection, the expiry queue and the backplane move together, only forward, and only in the writer
/// (`Desk+Writing.swift`) once ``recover()`` has returned: every event of the log is applied and published once, in order.
package actor Desk: Service {
    package struct Limits: Sendable {
        package var queuedRequestsMax = 10_000
        package var batchRequestsMax = 512
        package var dueCheckIntervalMs = 200
        /// How long an approval can be undone before it leaves the desk.
        package var undoWindowMs: Int64 = 5_000
        /// After a halt of whatever kind, an approval whose release is overdue by more is not released by itself.
        package var releaseOverdueMsMax: Int64 = 60_000
        package var recoveryPageEvents = 5_000
        /// Settled signals kept in memory; older ones are read from the log.
        package var settledSignalsMax = Projection.decidedMax
        /// A conflict means that somebody else wrote to the store; after so many the request fails.
        package var conflictsMax = 5
        /// How far the market may have moved from the entry of a signal that is approved.
        package var drift = DriftLimits()
        package init() {}
    }

    let store: any EventStore
    let backplane: any Backplane
    /// Read when an approval is decided, never when the log is: prices are no history.
    let prices: PriceBook
    let clock: any DeskClock
    let limits: Limits
    /// Who must approve what, at this moment.
    package nonisolated let policies: PolicyBoard
    let logger: Logger

    var projection: Projection
    var time: DeskTime
    var deadlines: Deadlines
    var expiries = DueQueue()
    var releases = DueQueue()
    var queue: Deque<QueuedRequest> = []
    /// The log may hold more than the projection: nothing is decided before that is read.
    var isBehindLog = false
    /// The checkpoint that ``recover()`` has begun with.
    package internal(set) var restoredCheckpoint: Offset?
    private var keysInFlight: [IdempotencyKey: [CheckedContinuation<Void, Never>]] = [:]
    private var isClosing = false
    let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(
        store: any EventStore,
        backplane: any Backplane,
        prices: PriceBook = PriceBook(),
        clock: any DeskClock = SystemDeskClock(),
        limits: Limits = Limits(),
        policies: PolicyBoard = PolicyBoard(),
        logger: Logger
    ) {
        self.store = store
        self.backplane = backplane
        self.prices = prices
        self.clock = clock
        self.limits = limits
        self.policies = policies
        self.logger = logger
        projection = Projection(decidedMax: limits.settledSignalsMax)
        time = DeskTime(clock)
        deadlines = Deadlines(undoWindowMs: limits.undoWindowMs)
    }

    /// Writes until the task is cancelled or the service shuts down; what was queued by then is still written.
    package func run() async throws {
        // Not a child task: cancelling the service must not reach into a transaction. It is awaited, so it never outlives us.
        let writer = Task { await write() }
        let lastWake = wakes.continuation
        async let _ = actWhenDue()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await writer.value
            } onGracefulShutdown: {
                lastWake.finish()
            }
        } onCancel: {
            lastWake.finish()
        }
    }

    /// Carries out a request; returns when its events are durable and published.
    package func submit(_ request: DeskRequest) async throws(DeskError) -> DeskOutcome {
        guard let receipt = request.receipt else { return try await enqueue(request) }
        await waitForKey(receipt.key)
        defer { releaseKey(receipt.key) }
        if let earlier = try await stored({ () async throws(StoreError) in
            try await self.store.receipt(for: receipt.key)
        }) {
            return try earlier.outcome(for: receipt)
        }
        return try await enqueue(request)
    }

    /// Whether a request under this key was carried out; one that is on its way is waited for.
    package func hasCarriedOut(_ key: IdempotencyKey) async throws(DeskError) -> Bool {
        await waitForKey(key)
        defer { releaseKey(key) }
        return try await stored { () async throws(StoreError) in try await self.store.receipt(for: key) } != nil
    }

    /// Takes no more requests.
    func close() { isClosing = true }

    // MARK: Queue

    private func enqueue(_ request: DeskRequest) async throws(DeskError) -> DeskOutcome {
        let recalled = try await recallForgotten(request.signalsToRecall)
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

    private func stored<Value>(_ read: () async throws(StoreError) -> Value) async throws(DeskError) -> Value {
        do throws(StoreError) { return try await read() } catch { throw .store(error) }
    }
}

/// A request that waits for the writer, and whoever waits for its answer.
struct QueuedRequest {
    let request: DeskRequest
    /// Signals the request names that the projection does not know.
    var recalled: [Signal]
    let continuation: CheckedContinuation<Result<DeskOutcome, DeskError>, Never>
    var conflicts = 0

    func answer(_ result: Result<DeskOutcome, DeskError>) { continuation.resume(returning: result) }
}

extension Receipt {
    /// The answer to a request under a key that was used.
    func outcome(for mine: Append.NewReceipt) throws(DeskError) -> DeskOutcome {
        guard fingerprint == mine.fingerprint else { throw .keyReused }
        return DeskOutcome(events: events, isRepeated: true)
    }
}
