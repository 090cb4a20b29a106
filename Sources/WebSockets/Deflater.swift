internal import CZlib
package import NIOCore

/// One raw DEFLATE compressor (RFC 1951) whose messages never refer to each other.
///
/// What it makes is valid whatever was agreed on context takeover, and can be sent to any number of connections. Costs
/// about 260 kB while it lives. The `z_stream` lives on the heap because zlib keeps a pointer back to it; the struct is
/// noncopyable so that it is freed exactly once.
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

    /// Compresses a whole message, byte-aligned at the end and without the 00 00 FF FF of the flush.
    package mutating func compress(_ message: ByteBuffer) -> ByteBuffer {
        deflateReset(stream)
        let bound = Int(deflateBound(stream, uLong(message.readableBytes))) + 16
        var output = ByteBuffer()
        message.withUnsafeReadableBytes { input in
            stream.pointee.next_in = input.baseAddress.map {
                UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: Bytef.self))
            }
            stream.pointee.avail_in = uInt(input.count)
            repeat {
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { target in
                    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: Bytef.self)
                    stream.pointee.avail_out = uInt(target.count)
                    deflate(stream, Z_SYNC_FLUSH)
                    return target.count - Int(stream.pointee.avail_out)
                }
            } while stream.pointee.avail_out == 0
            stream.pointee.next_in = nil
        }
        output.moveWriterIndex(to: output.writerIndex - Self.tailBytes)
        return output
    }
}
