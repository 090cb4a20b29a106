package import NIOCore
internal import Synchronization

/// Compresses messages once for all connections that have received the same ones: each refers back to those before.
///
/// A connection follows when it has received every message since the last reset, and no other compressed one: then its
/// inflate window holds, at the same distances, the same bytes but for the numbers, which nothing refers to. One that
/// does not follow gets copies compressed by themselves, and follows from the next reset on. Resets come only when
/// somebody waits for one, and are bounded, so that connections that come and go do not cost everybody the memory.
package struct SharedDeflater: ~Copyable {
    /// While connections wait, the memory is reset after so many messages …
    package static let messagesBetweenResetsMin = 64
    /// … or after this time, whichever comes first.
    package static let msBetweenResetsMin: Int64 = 5_000

    private let head: [UInt8]
    private var deflater = Deflater(windowBits: 15)
    private let waiting = WaitingForReset()
    private var ordinal: UInt64 = 0
    private var messagesSinceReset = 0
    private var resetAt: NIODeadline?
    /// The length of the message before, as it is without compression; `nil` after a reset.
    private var lastBytes: Int?

    /// - Parameter head: what every message begins with.
    package init(head: some Sequence<UInt8>) { self.head = Array(head) }

    /// The next message of the stream, to be sent to every connection in this order.
    ///
    /// - Parameter tail: UTF-8. One that is empty or holds a zero byte goes beside the stream.
    package mutating func prepare(tail: [UInt8], now: NIODeadline) -> PreparedMessage {
        guard !tail.isEmpty, !tail.contains(0) else { return PreparedMessage(head: head, tail: tail) }
        resetIfDue(now: now)
        ordinal += 1
        let isFirst = messagesSinceReset == 0
        let frame = NumberedFrame(head: head, tail: tail, distance: lastBytes, deflater: &deflater)
        messagesSinceReset += 1
        lastBytes = head.count + NumberField.places + tail.count
        let shared = SharedFrame(frame: frame, ordinal: ordinal, isFirst: isFirst, waiting: waiting)
        return PreparedMessage(head: head, tail: tail, shared: shared)
    }

    private mutating func resetIfDue(now: NIODeadline) {
        guard let resetAt else {
            resetAt = now
            return
        }
        let isDue =
            messagesSinceReset >= Self.messagesBetweenResetsMin
            || now - resetAt >= .milliseconds(Self.msBetweenResetsMin)
        guard isDue, waiting.take() else { return }
        deflater.reset()
        self.resetAt = now
        messagesSinceReset = 0
        lastBytes = nil
    }
}

/// A message's place in the stream of a ``SharedDeflater``, and its frame for the connections that follow it.
struct SharedFrame: Sendable {
    let frame: NumberedFrame
    /// From 1, without a hole.
    let ordinal: UInt64
    /// Whether it refers to nothing before it.
    let isFirst: Bool
    let waiting: WaitingForReset
}

/// Whether a connection waits for the next reset. Set by any loop, taken by the compressor.
final class WaitingForReset: Sendable {
    private let isWaitedFor = Atomic(false)

    func wait() {
        // Read first: written again and again, the flag would travel between the cores.
        if !isWaitedFor.load(ordering: .relaxed) { isWaitedFor.store(true, ordering: .relaxed) }
    }

    func take() -> Bool { isWaitedFor.exchange(false, ordering: .relaxed) }
}
