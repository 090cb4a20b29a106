package import Domain

/// What of the readers outlives the process (DLV-01). Whatever was not saved in time is too far back, never too far on: then
/// a message comes once more.
extension ReadReceipts {
    /// What the store does not know yet.
    package struct Unsaved: Hashable, Sendable {
        package var readers: [Reader] = []
        package var forgotten: [UserName] = []

        /// The same bit by bit.
        ///
        /// - Parameter countMax: of each kind in a part.
        package func parts(countMax: Int) -> [Unsaved] {
            stride(from: 0, to: max(readers.count, forgotten.count), by: countMax).map { start in
                Unsaved(
                    readers: Array(readers.dropFirst(start).prefix(countMax)),
                    forgotten: Array(forgotten.dropFirst(start).prefix(countMax))
                )
            }
        }
    }

    package func unsaved(at now: Timestamp) -> Unsaved {
        Unsaved(
            readers: known.values.filter { isDue($0, at: now) }.map { current($0, at: now) },
            forgotten: Array(forgotten)
        )
    }

    private func isDue(_ known: Known, at now: Timestamp) -> Bool {
        guard let saved = known.saved, known.reader.acknowledged <= saved.acknowledged else { return true }
        let isSeenDue =
            known.isConnected
            ? now.milliseconds - saved.lastSeenAt.milliseconds >= limits.seenIntervalMs
            : known.reader.lastSeenAt != saved.lastSeenAt
        if isSeenDue { return true }
        let behindMax = limits.savedBehindEventsMax
        guard head.value - saved.acknowledged.value >= behindMax else { return false }
        return settled(known).value - saved.acknowledged.value >= behindMax
    }

    private func current(_ known: Known, at now: Timestamp) -> Reader {
        var reader = known.reader
        reader.acknowledged = settled(known)
        if known.isConnected { reader.lastSeenAt = now }
        return reader
    }

    /// Up to where nothing critical waits for the reader: on past what they acknowledged, to the next that they have not.
    private func settled(_ known: Known) -> Offset {
        let acknowledged = known.reader.acknowledged
        guard acknowledged >= horizon else { return acknowledged }
        let next = messages(behind: acknowledged).first { isRecipient(known, of: $0) }
        return max(acknowledged, next.map { Offset($0.offset.value - 1) } ?? head)
    }
}
