package import Domain

/// The beginning of the log that may go (GAP-12). Every store asks this, so that all of them agree.
///
/// See ``EventStore/trim(through:recordedBefore:limit:)``. Nothing behind the older of the kept checkpoints goes, and never the
/// last event; an event that a receipt answers with stays as long as the receipt.
package struct TrimmedRange: Hashable, Sendable {
    /// The first event that stays, however old it is.
    package let end: Offset
    /// An event recorded then or later stays, with all that follow it.
    package let recordedBefore: Timestamp

    /// - Parameters:
    ///   - limit: so many events go at most.
    ///   - checkpoint: the oldest that is kept.
    ///   - oldestReceipt: when it was recorded. Receipts are recorded at the moment of their events, so nothing older than the
    ///     oldest receipt has one.
    /// - Returns: `nil` when nothing may go.
    package init?(
        through position: Offset,
        recordedBefore moment: Timestamp,
        limit: Int,
        of extent: Extent,
        checkpoint: Offset?,
        oldestReceipt: Timestamp?
    ) {
        guard let checkpoint else { return nil }
        let last = min(position.value, checkpoint.value, extent.newest.value - 1)
        let count = min(Int64(limit), last - extent.oldest.value + 1)
        guard count > 0 else { return nil }
        end = Offset(extent.oldest.value + count)
        recordedBefore = oldestReceipt.map { min(moment, $0) } ?? moment
    }
}
