package import Domain

/// Which critical messages a tab has been sent and has not acknowledged, and when they are to be sent again (DLV-02, C8).
///
/// A state machine without input or output. Acknowledging is cumulative: an offset stands for all before it. A message that
/// was sent as often as may be stays here, for a late acknowledgement still counts, but is not sent again.
package struct Acknowledgements: Hashable, Sendable {
    package struct Limits: Hashable, Sendable {
        /// After each attempt but the last: how long to wait before the next.
        package var retryDelaysMs = [100, 500, 2_000]
        /// More than this, and the oldest is given up: the tab finds it in the log or in a snapshot (DLV-01).
        package var unacknowledgedMax = 100
        package init() {}
    }

    /// A message that the tab has acknowledged.
    package struct Delivery: Hashable, Sendable {
        package let offset: Offset
        /// How often it was sent; 1 when the first time was enough.
        package let attempt: Int
        /// From what it tells of to the acknowledgement (DLV-07).
        package let latencyMs: Int64
    }

    /// What a moment brings.
    package struct Due: Hashable, Sendable {
        /// To be sent again, oldest first.
        package var again: [Offset] = []
        /// Not acknowledged after the last attempt; told once.
        package var undelivered: [Offset] = []
    }

    private struct Outstanding: Hashable, Sendable {
        let offset: Offset
        let happenedAt: Timestamp
        var attempt: Int
        /// When the next attempt is due, or the last has failed; `nil` once that was told.
        var dueAt: Timestamp?
    }

    private let limits: Limits
    /// In the order of their offsets.
    private var outstanding: [Outstanding] = []

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var isEmpty: Bool { outstanding.isEmpty }

    /// Whether the message still waits for its acknowledgement.
    package func awaits(_ offset: Offset) -> Bool { outstanding.contains { $0.offset == offset } }

    /// When ``due(at:)`` has something to say next.
    package var nextDue: Timestamp? { outstanding.lazy.compactMap(\.dueAt).min() }

    /// A message was sent for the first time. Messages come in the order of their offsets.
    ///
    /// - Parameter happenedAt: when what it tells of happened.
    /// - Returns: the message that is given up for it, if there are too many.
    package mutating func sent(_ offset: Offset, happenedAt: Timestamp, at now: Timestamp) -> Offset? {
        guard outstanding.last.map({ $0.offset < offset }) ?? true else { return nil }
        let message = Outstanding(
            offset: offset,
            happenedAt: happenedAt,
            attempt: 1,
            dueAt: now.advanced(byMilliseconds: delayMs(afterAttempt: 1))
        )
        outstanding.append(message)
        guard outstanding.count > limits.unacknowledgedMax else { return nil }
        let oldest = outstanding.removeFirst()
        return oldest.dueAt == nil ? nil : oldest.offset
    }

    /// The tab has everything up to here.
    package mutating func acknowledge(upTo offset: Offset, at now: Timestamp) -> [Delivery] {
        let count = outstanding.prefix { $0.offset <= offset }.count
        defer { outstanding.removeFirst(count) }
        return outstanding.prefix(count).map { message in
            Delivery(
                offset: message.offset,
                attempt: message.attempt,
                latencyMs: max(0, now.milliseconds - message.happenedAt.milliseconds)
            )
        }
    }

    /// What is due by now. What is to be sent again counts as sent.
    ///
    /// - Parameter isHeldUp: earlier bytes have not left yet, so another copy would only wait behind the first: everything due
    ///   is put off.
    package mutating func due(at now: Timestamp, isHeldUp: Bool = false) -> Due {
        var due = Due()
        for index in outstanding.indices {
            guard let dueAt = outstanding[index].dueAt, dueAt <= now else { continue }
            let attempt = outstanding[index].attempt
            if isHeldUp {
                outstanding[index].dueAt = now.advanced(byMilliseconds: delayMs(afterAttempt: attempt))
            } else if attempt > limits.retryDelaysMs.count {
                outstanding[index].dueAt = nil
                due.undelivered.append(outstanding[index].offset)
            } else {
                outstanding[index].attempt = attempt + 1
                outstanding[index].dueAt = now.advanced(byMilliseconds: delayMs(afterAttempt: attempt + 1))
                due.again.append(outstanding[index].offset)
            }
        }
        return due
    }

    /// The last attempt has as long as the one before it.
    private func delayMs(afterAttempt attempt: Int) -> Int64 {
        Int64(limits.retryDelaysMs[min(attempt, limits.retryDelaysMs.count) - 1])
    }
}
