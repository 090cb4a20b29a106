package import Domain

/// The log: every event that ever happened on the desk, in one order.
///
/// What a store guarantees:
/// - **Atomic.** The events of one ``Append`` are stored together or not at all.
/// - **Durable.** When `append` has returned, its events survive the loss of the process and of the machine's power.
/// - **Ordered.** Offsets grow by one with every event, over all appends, without a hole. A reader never sees an event
///   before one with a smaller offset.
/// - **One decision.** An append that expects a version of a signal that is not the stored one is not stored
///   (optimistic concurrency; promise 1 of the product). An event of a signal always expects the version before its own.
/// - **Same request, same answer.** A key that was used is answered with its receipt before versions are looked at.
///
/// What its caller owes: events of a signal carry the signal's version after the change, growing by one.
package protocol EventStore: Sendable {
    /// Names this life of the log; see ``Epoch``.
    var epoch: Epoch { get }

    /// Stores the appends in one transaction, in order, each with its own outcome; each sees the effects of those before
    /// it. One that is refused leaves nothing behind and does not disturb the others.
    ///
    /// - Throws: when nothing of the whole batch was stored.
    func append(_ batch: [Append]) async throws(StoreError) -> [AppendOutcome]

    /// Events behind `position`, oldest first, at most `limit`; none when `limit` is not above zero.
    func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent]

    /// All events of one signal, oldest first.
    func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent]

    /// What the log holds now.
    func extent() async throws(StoreError) -> Extent

    /// What a request under this key did, if one under it was stored.
    func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt?

    /// Forgets the keys of requests stored before `moment`; at least 24 hours must be kept (GAP-09).
    func forgetReceipts(before moment: Timestamp) async throws(StoreError)
}

/// Which offsets a log still holds.
package struct Extent: Hashable, Sendable {
    /// The oldest event still held; one above `newest` when the log is empty.
    package let oldest: Offset
    /// The newest event; ``Offset/start`` in a new log.
    package let newest: Offset

    package init(oldest: Offset, newest: Offset) {
        self.oldest = oldest
        self.newest = newest
    }
}
