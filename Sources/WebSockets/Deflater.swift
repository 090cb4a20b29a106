internal import CZlib
package import NIOCore

/// One raw DEFLATE compressor (RFC 1951).
///
/// It remembers what it has compressed until `reset`. Costs about 260 kB while it lives. The `z_stream` lives on the heap
/// because zlib keeps a pointer back to it; the struct is noncopyable so that it is freed exactly once.
package struct Deflater: ~Copyable {
    /// What compresses well for how much effort; zlib's own default.
    package static let level: Int32 = 6
    private static let memoryLevel: Int32 = 8
    /// 00 00 FF FF, stripped from the end of every message (RFC 7692 §7.2.1).
    private static let tailBytes = 4

    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter windowBits: 8…15, the window the receiver has.
    ///
    /// zlib has no raw window of 2^8. For that one it looks for repeats of the last byte only, which any window holds.
    package init(windowBits: Int) {
        precondition((8...15).contains(windowBits))
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let bits = Int32(max(windowBits, 9))
        let strategy = windowBits == 8 ? Z_RLE : Z_DEFAULT_STRATEGY
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(
            stream,
            Self.level,
            Z_DEFLATED,
            -bits,
            Self.memoryLevel,
            strategy,
            ZLIB_VERSION,
            size
        )
        precondition(status == Z_OK, "no memory to compress with")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses a whole message that refers to nothing before it: valid whatever was agreed on context takeover.
    package mutating func compress(_ message: ByteBuffer) -> ByteBuffer {
        reset()
        var output: [UInt8] = []
        message.withUnsafeReadableBytes { append($0, to: &output) }
        return ByteBuffer(bytes: output)
    }

    /// Forgets everything: what follows refers to nothing before it.
    mutating func reset() { deflateReset(stream) }

    /// Takes note of bytes that the receiver will have from elsewhere, whose content is unknown. Nothing will refer to
    /// them, provided that no message holds a zero byte three times running.
    mutating func passOver(_ bytes: Int) {
        let unknown = [UInt8](repeating: 0, count: bytes)
        let status = deflateSetDictionary(stream, unknown, uInt(bytes))
        precondition(status == Z_OK, "at the end of a message a dictionary can be set")
    }

    /// Compresses bytes and appends them, byte-aligned at the end and without the 00 00 FF FF of the flush.
    ///
    /// - Parameter rest: fewer than eight bits that come first.
    mutating func append(
        _ message: UnsafeRawBufferPointer,
        after rest: (bits: UInt8, count: Int) = (0, 0),
        to output: inout [UInt8]
    ) {
        deflatePrime(stream, Int32(rest.count), Int32(rest.bits))
        stream.pointee.next_in = message.baseAddress.map {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: Bytef.self))
        }
        stream.pointee.avail_in = uInt(message.count)
        let bound = Int(deflateBound(stream, uLong(message.count))) + 16
        repeat {
            let room = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = uInt(bound)
                deflate(stream, Z_SYNC_FLUSH)
                count = bound - Int(stream.pointee.avail_out)
            }
            output += room
        } while stream.pointee.avail_out == 0
        stream.pointee.next_in = nil
        output.removeLast(Self.tailBytes)
    }
}
