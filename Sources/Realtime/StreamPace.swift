package import Domain

/// How much may be on its way to a tab that listens to prices, so that nothing critical waits long behind them.
///
/// Bytes that the kernel has taken may wait in its buffer, in proxies, in the queues of the network and in the reader's
/// kernel, and whatever is sent next waits behind them. Only the tab can tell what has come through. So prices are followed
/// by a probe that the tab answers, and not more bytes may be unanswered than it takes in ``Limits/delayMsMax``; what finds
/// no room is passed over until the answer comes. One probe at a time, and for a tab that keeps up one per half window: it
/// costs nothing that one would notice.
///
/// A state machine without input or output. Bytes are counted from the tab's first; those of all classes count, for all
/// share the way, but only the stream class is held back.
package struct StreamPace: Hashable, Sendable {
    package struct Limits: Hashable, Sendable {
        /// For so long may what is on its way hold up what comes behind it; twice as long when the window is just found out.
        package var delayMsMax = 100
        /// So that something gets through on any line.
        package var windowBytesMin = 256
        /// Before the first answer. Two thousand bytes are 400 ms at 5 kB/s.
        package var windowBytesFirst = 1_024
        /// A window grows up to here by itself, and farther only when it was too small. It is also what may wait for a tab
        /// whose line becomes slow from one moment to the next.
        package var windowBytesEasy = 32 << 10
        package var windowBytesMax = 256 << 10
        /// A question without an answer is asked again after this time: something on the way may have swallowed it.
        package var askAgainMs: Int64 = 15_000
        package init() {}
    }

    private struct Probe: Hashable, Sendable {
        let number: UInt32
        /// Sent before it.
        let bytes: Int
        let at: Timestamp
    }

    /// How many bytes may be unanswered.
    package private(set) var windowBytes: Int
    private let limits: Limits
    private var answeredBytes = 0
    private var answeredProbeAt: Timestamp?
    private var probe: Probe?
    private var probesCount: UInt32 = 0
    /// The shortest way there and back so far: nearly all of it is distance and not waiting.
    private var fastestMs: Int64?
    /// Whether something was passed over for want of room since the last answer.
    private var wasTooSmall = false

    package init(limits: Limits = Limits()) {
        self.limits = limits
        windowBytes = limits.windowBytesFirst
    }

    /// Whether so many bytes more may go out; whatever they are, when nothing is on its way, one message must.
    ///
    /// - Parameter sentBytes: how many bytes the tab was sent in its life.
    package mutating func hasRoom(for bytes: Int, sentBytes: Int) -> Bool {
        if sentBytes - answeredBytes + bytes <= windowBytes { return true }
        wasTooSmall = true
        return false
    }

    /// Whether the tab has everything it was sent.
    package func isIdle(sentBytes: Int) -> Bool { sentBytes <= answeredBytes }

    /// The number of a probe that is to be sent now, behind everything else; `nil` when none is due.
    package mutating func nextProbe(sentBytes: Int, now: Timestamp) -> UInt32? {
        if let probe, now.milliseconds - probe.at.milliseconds < limits.askAgainMs { return nil }
        let onTheWay = sentBytes - answeredBytes
        guard fastestMs == nil || (wasTooSmall && onTheWay > 0) || onTheWay >= windowBytes / 2 else { return nil }
        probesCount &+= 1
        probe = Probe(number: probesCount, bytes: sentBytes, at: now)
        return probesCount
    }

    /// The tab has everything that was sent before this probe.
    ///
    /// - Returns: whether that is news; anybody may answer what nobody asked.
    package mutating func answered(_ number: UInt32, now: Timestamp) -> Bool {
        guard let probe, probe.number == number else { return false }
        self.probe = nil
        let bytes = probe.bytes - answeredBytes
        answeredBytes = probe.bytes
        answeredProbeAt = probe.at
        // A clock that was set back tells nothing.
        if now >= probe.at { learn(bytes: bytes, tookMs: now.milliseconds - probe.at.milliseconds) }
        wasTooSmall = false
        return true
    }

    /// What was sent before the probe that is to be answered, for who finds out by other means that it has come through.
    package var awaited: (probe: UInt32, bytes: Int)? { probe.map { ($0.number, $0.bytes) } }

    /// Whether what was sent at this moment may still be on its way.
    package func isOnTheWay(sentAt time: Timestamp) -> Bool {
        guard probe != nil else { return false }
        return answeredProbeAt.map { time > $0 } ?? true
    }

    private mutating func learn(bytes: Int, tookMs: Int64) {
        let fastest = min(fastestMs ?? tookMs, tookMs)
        fastestMs = fastest
        let waitedMs = Int(tookMs - fastest)
        // At the speed at which these bytes came through, so many come through in the time that is allowed.
        let affordable = waitedMs > 0 ? bytes * limits.delayMsMax / waitedMs : Int.max
        if waitedMs > limits.delayMsMax {
            windowBytes = min(windowBytes, affordable)
        } else if bytes >= windowBytes / 2, wasTooSmall || windowBytes < limits.windowBytesEasy {
            windowBytes = max(windowBytes, min(windowBytes * 2, affordable))
        }
        windowBytes = min(max(windowBytes, limits.windowBytesMin), limits.windowBytesMax)
    }
}
