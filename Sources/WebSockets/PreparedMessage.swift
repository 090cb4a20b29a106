internal import NIOCore
internal import Synchronization

/// One text message for many connections: `head`, then a number of the connection's own, then `tail`.
///
/// The number is right-aligned in eight places behind spaces, so that all copies are alike but for these places. Each form
/// of the frame is made once, on the first send that wants it: plain, compressed by itself for each window size, and, from
/// a ``SharedDeflater``, compressed with the memory of the messages before.
///
/// Immutable and shared by all event loops. `plain` and `full` are read without a lock; making one, and the narrow forms,
/// happens under a mutex, so that a loop that wants what another is making waits for it (tens of microseconds) and nothing
/// is made twice. The two mutexes are never held together.
package final class PreparedMessage: Sendable {
    let head: [UInt8]
    let tail: [UInt8]
    let shared: SharedFrame?
    private let plain = AtomicLazyReference<NumberedFrame>()
    private let full = AtomicLazyReference<CompressedFrame>()
    private let making = Mutex<Void>(())
    /// By window bits; at most seven.
    private let narrow = Mutex<[Int: CompressedFrame]>([:])

    /// - Parameters:
    ///   - head: UTF-8, such as `{"sequence_number":`.
    ///   - tail: UTF-8, such as `,"type":"price_update"}`.
    package convenience init(head: some Sequence<UInt8>, tail: some Sequence<UInt8>) {
        self.init(head: Array(head), tail: Array(tail), shared: nil)
    }

    package convenience init(head: String, tail: String) {
        self.init(head: head.utf8, tail: tail.utf8)
    }

    init(head: [UInt8], tail: [UInt8], shared: SharedFrame?) {
        self.head = head
        self.tail = tail
        self.shared = shared
    }

    /// The length of the whole message, in bytes, uncompressed.
    var payloadBytes: Int { head.count + NumberField.places + tail.count }

    /// The frame that refers to no other message.
    ///
    /// - Parameter windowBits: the window of a receiver that takes compressed messages.
    func frame(windowBits: Int?, deflateBytesMin: Int) -> (frame: NumberedFrame, isCompressed: Bool) {
        if let windowBits, payloadBytes >= deflateBytesMin, let frame = compressed(windowBits: windowBits).frame {
            return (frame, true)
        }
        return (plainFrame, false)
    }

    /// The whole message for a number that has more digits than the frames have places.
    func text(number: Int) -> ByteBuffer {
        var text = ByteBufferAllocator().buffer(capacity: head.count + 20 + tail.count)
        text.writeBytes(head)
        text.writeString(String(number))
        text.writeBytes(tail)
        return text
    }

    /// The frame of the message as it is.
    var plainFrame: NumberedFrame {
        plain.load() ?? plain.storeIfNil(NumberedFrame(head: head, tail: tail))
    }

    private func compressed(windowBits: Int) -> CompressedFrame {
        // No distance can be longer than the data (RFC 1951 §3.2.5): then the full form fits a narrow window too.
        if windowBits == 15 || tail.count <= 1 << windowBits {
            if let made = full.load() { return made }
            return making.withLock { _ in full.load() ?? full.storeIfNil(compress(windowBits: 15)) }
        }
        return narrow.withLock { made in
            if let known = made[windowBits] { return known }
            let new = compress(windowBits: windowBits)
            made[windowBits] = new
            return new
        }
    }

    private func compress(windowBits: Int) -> CompressedFrame {
        // zlib gives no flush for nothing.
        CompressedFrame(tail.isEmpty ? nil : NumberedFrame(head: head, tail: tail, windowBits: windowBits))
    }
}

/// The outcome of compressing: `nil` when it gains nothing.
private final class CompressedFrame: Sendable {
    let frame: NumberedFrame?
    init(_ frame: NumberedFrame?) { self.frame = frame }
}
