package import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// One text message for many connections: `head`, then a number of the connection's own, then `tail`.
///
/// Encoded once by the caller and deflated at most once per window size, on the first send that wants it. DEFLATE is a
/// sequence of blocks, so a connection's compressed message is a stored block with head and number, followed by the
/// shared blocks of the tail. Those refer to nothing before them, hence are valid whatever was agreed on context takeover.
///
/// Immutable and shared by all event loops. `full` is read without a lock; making it and the narrow forms happens under
/// a mutex, so that a loop that wants what another is making waits for it (tens of microseconds) and nothing is made
/// twice. The two mutexes are never held together.
package final class PreparedMessage: Sendable {
    /// A stored block has 16 bits for its length (RFC 1951 §3.2.4); the rest is room for the number.
    package static let headBytesMax = 60_000

    package let head: ByteBuffer
    package let tail: ByteBuffer
    private let full = AtomicLazyReference<CompressedTail>()
    private let making = Mutex<Void>(())
    /// By window bits; at most seven.
    private let narrow = Mutex<[Int: CompressedTail]>([:])

    /// - Parameters:
    ///   - head: UTF-8, such as `{"sequence_number":`. At most `headBytesMax` bytes.
    ///   - tail: UTF-8, such as `,"type":"price_update"}`.
    package init(head: ByteBuffer, tail: ByteBuffer) {
        precondition(head.readableBytes <= Self.headBytesMax, "the head must fit into one stored block")
        self.head = head
        self.tail = tail
    }

    package convenience init(head: some Sequence<UInt8>, tail: some Sequence<UInt8>) {
        self.init(head: ByteBuffer(bytes: head), tail: ByteBuffer(bytes: tail))
    }

    package convenience init(head: String, tail: String) {
        self.init(head: ByteBuffer(string: head), tail: ByteBuffer(string: tail))
    }

    /// The length of the whole message, in bytes, uncompressed.
    package func payloadBytes(number: Int) -> Int {
        head.readableBytes + Self.digits(of: number) + tail.readableBytes
    }

    /// Writes the frame's head and all of the payload that differs between connections; returns the shared rest, which
    /// must follow.
    package func writeFrame(
        number: Int,
        agreement: DeflateAgreement?,
        deflateBytesMin: Int,
        into buffer: inout ByteBuffer
    ) -> ByteBuffer {
        let prefixBytes = head.readableBytes + Self.digits(of: number)
        let plainBytes = prefixBytes + tail.readableBytes
        guard let agreement, plainBytes >= deflateBytesMin,
            let compressed = compressedTail(windowBits: agreement.serverMaxWindowBits ?? 15)
        else {
            buffer.writeFrameHead(.text, payloadBytes: plainBytes)
            writePrefix(number, into: &buffer)
            return tail
        }
        buffer.writeFrameHead(
            .text,
            isCompressed: true,
            payloadBytes: Self.storedBlockHeadBytes + prefixBytes + compressed.readableBytes
        )
        Self.writeStoredBlockHead(contentBytes: prefixBytes, into: &buffer)
        writePrefix(number, into: &buffer)
        return compressed
    }

    private func writePrefix(_ number: Int, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(head)
        buffer.writeString(String(number))
    }

    /// The tail's blocks for a window, or `nil` when compressing gains nothing.
    private func compressedTail(windowBits: Int) -> ByteBuffer? {
        // No distance can be longer than the data (RFC 1951 §3.2.5): then the full form fits a narrow window too.
        if windowBits == 15 || tail.readableBytes <= 1 << windowBits {
            if let made = full.load() { return made.bytes }
            return making.withLock { _ in
                full.load() ?? full.storeIfNil(CompressedTail(of: tail, windowBits: 15))
            }.bytes
        }
        return narrow.withLock { made in
            if let known = made[windowBits] { return known.bytes }
            let new = CompressedTail(of: tail, windowBits: windowBits)
            made[windowBits] = new
            return new.bytes
        }
    }

    /// One byte with BFINAL = 0 and BTYPE = 00, the length and its complement (RFC 1951 §3.2.4).
    private static let storedBlockHeadBytes = 5

    private static func writeStoredBlockHead(contentBytes: Int, into buffer: inout ByteBuffer) {
        let length = UInt16(contentBytes)
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(length, endianness: .little)
        buffer.writeInteger(~length, endianness: .little)
    }

    private static func digits(of number: Int) -> Int {
        precondition(number >= 0, "messages are numbered from 0")
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        return digits
    }
}

/// The tail of a message as DEFLATE blocks; made once, immutable.
private final class CompressedTail: Sendable {
    /// `nil` when they are no shorter than the tail.
    let bytes: ByteBuffer?

    init(of tail: ByteBuffer, windowBits: Int) {
        var deflater = Deflater(windowBits: windowBits)
        let compressed = deflater.compress(tail)
        bytes = compressed.readableBytes < tail.readableBytes ? compressed : nil
    }
}
