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
        /// The last attempt.
        var sentAt: Timestamp
        /// When the next attempt is due, or the last has failed; `nil` once that was told.
        var dueAt: Timestamp?
    }

    private let limits: Limits
    /// In the order of their offsets.
    private var outstanding: [Outstanding] = []
    /// What was given up for want of room, and is not yet told.
    private var givenUp: [Offset] = []
    private var givenUpAt: Timestamp?

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var isEmpty: Bool { outstanding.isEmpty }

    /// Whether the message still waits for its acknowledgement.
    package func awaits(_ offset: Offset) -> Bool { outstanding.contains { $0.offset == offset } }

    /// When ``due(at:)`` has something to say next.
    package var nextDue: Timestamp? { givenUpAt ?? outstanding.lazy.compactMap(\.dueAt).min() }

    /// A message was sent for the first time. Messages come in the order of their offsets. What is given up for it is told by
    /// ``due(at:isHeldUp:)``, unless it was told before.
    ///
    /// - Parameter happenedAt: when what it tells of happened.
    package mutating func sent(_ offset: Offset, happenedAt: Timestamp, at now: Timestamp) {
        guard outstanding.last.map({ $0.offset < offset }) ?? true else { return }
        let message = Outstanding(
            offset: offset,
            happenedAt: happenedAt,
            attempt: 1,
            sentAt: now,
            dueAt: now.advanced(byMilliseconds: delayMs(afterAttempt: 1))
        )
        outstanding.append(message)
        guard outstanding.count > limits.unacknowledgedMax else { return }
        let oldest = outstanding.removeFirst()
        guard oldest.dueAt != nil else { return }
        givenUp.append(oldest.offset)
        givenUpAt = givenUpAt ?? now
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
    /// - Parameter isHeldUp: whether what was sent at a moment may not have come through yet, so that another copy would only
    ///   wait behind the first: that is put off.
    package mutating func due(at now: Timestamp, isHeldUp: (Timestamp) -> Bool = { _ in false }) -> Due {
        var due = Due(undelivered: givenUp)
        givenUp = []
        givenUpAt = nil
        for index in outstanding.indices {
            guard let dueAt = outstanding[index].dueAt, dueAt <= now else { continue }
            let attempt = outstanding[index].attempt
            if isHeldUp(outstanding[index].sentAt) {
                outstanding[index].dueAt = now.advanced(byMilliseconds: delayMs(afterAttempt: attempt))
            } else if attempt > limits.retryDelaysMs.count {
                outstanding[index].dueAt = nil
                due.undelivered.append(outstanding[index].offset)
            } else {
                outstanding[index].attempt = attempt + 1
                outstanding[index].sentAt = now
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
