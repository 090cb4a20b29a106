package import Domain

/// The log: what happened on the desk, in one order.
///
/// What a store guarantees:
/// - **Atomic.** The events of one ``Append`` are stored together or not at all.
/// - **Durable.** When `append` has returned, its events survive the loss of the process and of the machine's power.
/// - **Ordered.** Offsets grow by one with every event, over all appends, without a hole. A reader never sees an event
///   before one with a smaller offset.
/// - **One decision.** An append that expects a version of a signal that is not the stored one is not stored
///   (optimistic concurrency; promise 1 of the product). An event of a signal always expects the version before its own.
/// - **Same request, same answer.** A key that was used is answered with its receipt before versions are looked at.
/// - **No silent hole.** From any position that is not before the ``Extent`` every event that follows can be read. Whoever
///   asks from before it is told (`trimmed`), whatever happens to lie there still.
/// - **A hash chain.** Every entry has the hash of its ``EntryContent``, which covers the entry before it and the last one
///   before it that is kept for ever; ``head()`` says where the chain ends. Trimming leaves the hashes of what others follow
///   on. The same appends make the same hashes in every store.
/// - **Signals are for ever** (GAP-12). Events that are ``Event/isKeptForEver`` are never let go: those of a signal can be
///   read by its id or their offsets, also where the log no longer leads on.
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
    ///
    /// - Throws: `trimmed` when the first of them may be one that was let go.
    func events(after position: Offset, limit: Int) async throws(StoreError) -> [RecordedEvent]

    /// All events of one signal, oldest first.
    func events(of signal: SignalID) async throws(StoreError) -> [RecordedEvent]

    /// Those of the events at `offsets` that the log holds, oldest first, wherever it begins.
    func events(at offsets: [Offset]) async throws(StoreError) -> [RecordedEvent]

    /// What the log holds now.
    func extent() async throws(StoreError) -> Extent

    /// What a request under this key did, if one under it was stored.
    func receipt(for key: IdempotencyKey) async throws(StoreError) -> Receipt?

    /// Forgets the keys of requests stored before `moment`; at least 24 hours must be kept (GAP-09).
    func forgetReceipts(before moment: Timestamp) async throws(StoreError)

    // MARK: Audit

    /// Where the hash chain of the log ends.
    func head() async throws(StoreError) -> LogHead

    /// A page of what the log holds, kept entries from before its beginning included, in the order that the query says.
    ///
    /// - Throws: `corrupted` or `tooNew` when one of them cannot be read.
    func entries(_ query: LogQuery) async throws(StoreError) -> LogPage

    // MARK: Keeping the log short

    /// Keeps a checkpoint of what the log up to its offset adds up to; durable when this returns. The two newest are kept,
    /// so that one that cannot be read is not the end of it.
    func save(_ checkpoint: Checkpoint) async throws(StoreError)

    /// Where the checkpoints kept are, newest first.
    func checkpoints() async throws(StoreError) -> [Offset]

    /// - Throws: `corrupted` or `tooNew` when it is not there as it was saved.
    func checkpoint(at offset: Offset) async throws(StoreError) -> Checkpoint

    /// Moves the beginning of the log on by at most `limit` offsets and lets go of what then lies before it, but for what
    /// is kept for ever. One short transaction.
    ///
    /// It stops at `position`, at the first event that was recorded at `moment` or later, at one that a receipt stands
    /// for, at the older of the checkpoints kept, and always before the newest event.
    ///
    /// - Returns: What the log holds afterwards.
    func trim(through position: Offset, recordedBefore moment: Timestamp, limit: Int) async throws(StoreError) -> Extent

    // MARK: Who has read what

    /// The users who acknowledge, each as last saved, in the order of their names. None who read another log than this one:
    /// an offset means nothing there.
    func readers() async throws(StoreError) -> [Reader]

    /// Keeps what is known of these users in the place of what was kept before, and lets go of the `forgotten`. One
    /// transaction; durable when this returns.
    func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError)
}

/// From where to where a log can be read without a hole.
package struct Extent: Hashable, Sendable {
    /// The first event of it; one above `newest` when the log is empty. What is kept for ever may lie before it.
    package let oldest: Offset
    /// The newest event; ``Offset/start`` in a new log.
    package let newest: Offset

    package init(oldest: Offset, newest: Offset) {
        self.oldest = oldest
        self.newest = newest
    }
}
