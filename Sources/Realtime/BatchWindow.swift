package import Domain

/// Decides which broadcasts of a burst go out joined, to the tabs that asked for that (C10, PERF-06).
///
/// A state machine without input or output. As long as no more than ``Limits/eventsAtOnceMax`` of what may wait fall into
/// ``Limits/windowMs``, everything goes out in the moment it comes: a lone signal never waits. What comes beyond is held, and
/// everything that may wait behind it, until the first of it has waited for the window, until there is as much as fits, or
/// until something comes that must not wait: that goes out behind what was held, so the order of offsets stays.
package struct BatchWindow: Sendable {
    package struct Limits: Hashable, Sendable {
        package var eventsAtOnceMax = 10
        package var windowMs = 500
        /// At most `BroadcastBatch.broadcastsMax`. Each is shorter than 10 KB.
        package var heldEventsMax = BroadcastBatch.broadcastsMax
        package init() {}
    }

    package enum Step: Sendable {
        /// To every tab.
        case send([Broadcast])
        /// To every tab that hears message by message; the others hear of it by the next release.
        case hold([Broadcast])
        /// All that is held, to the tabs that batch.
        case release([Broadcast])
    }

    private let limits: Limits
    private var held: [Broadcast] = []
    private var heldSince: Timestamp?
    /// When the last ones came that may wait; no more than go out at once.
    private var arrivals: [Timestamp] = []

    package init(limits: Limits = Limits()) {
        precondition(limits.heldEventsMax <= BroadcastBatch.broadcastsMax)
        self.limits = limits
    }

    /// When what is held must be released; `nil` while nothing is.
    package var due: Timestamp? { heldSince?.advanced(byMilliseconds: Int64(limits.windowMs)) }

    /// What to do with broadcasts that are the next of the log, in this order.
    package mutating func arrived(_ broadcasts: [Broadcast], now: Timestamp) -> [Step] {
        var steps = releaseIfDue(at: now).map { [$0] } ?? []
        for broadcast in broadcasts {
            if broadcast.mayWait && !goesAtOnce(at: now) {
                hold(broadcast, &steps, now: now)
            } else {
                if let release = release() { steps.append(release) }
                steps.addSending(broadcast)
            }
        }
        return steps
    }

    /// To be asked at ``due``.
    package mutating func releaseIfDue(at now: Timestamp) -> Step? {
        guard let heldSince, let due else { return nil }
        // A clock that was set back must not hold anything longer.
        return now >= due || now < heldSince ? release() : nil
    }

    /// Whether one more that may wait need not; counts it.
    private mutating func goesAtOnce(at now: Timestamp) -> Bool {
        let start = now.advanced(byMilliseconds: -Int64(limits.windowMs))
        arrivals.removeAll { $0 <= start || $0 > now }
        let isBurst = arrivals.count >= limits.eventsAtOnceMax
        if isBurst { arrivals.removeFirst() }
        arrivals.append(now)
        return held.isEmpty && !isBurst
    }

    private mutating func hold(_ broadcast: Broadcast, _ steps: inout [Step], now: Timestamp) {
        if held.isEmpty { heldSince = now }
        held.append(broadcast)
        steps.addHolding(broadcast)
        if held.count == limits.heldEventsMax, let release = release() { steps.append(release) }
    }

    private mutating func release() -> Step? {
        guard !held.isEmpty else { return nil }
        defer {
            held = []
            heldSince = nil
        }
        return .release(held)
    }
}

extension [BatchWindow.Step] {
    fileprivate mutating func addSending(_ broadcast: Broadcast) {
        guard case .send(let sent) = last else { return append(.send([broadcast])) }
        self[count - 1] = .send(sent + [broadcast])
    }

    fileprivate mutating func addHolding(_ broadcast: Broadcast) {
        guard case .hold(let held) = last else { return append(.hold([broadcast])) }
        self[count - 1] = .hold(held + [broadcast])
    }
}
