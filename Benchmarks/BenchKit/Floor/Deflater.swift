import CZlib

/// The floor's compressor: each message once, without memory of the others.
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let output = Bytes(capacity: 4096)

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = deflateInit2_(
            stream,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            -15,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(code == Z_OK, "zlib has no memory left")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The payload of a compressed message; valid until the next.
    func message(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        deflateReset(stream)
        output.removeAll()
        let room = Int(deflateBound(stream, UInt(text.count))) + 16
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        stream.pointee.avail_in = UInt32(text.count)
        stream.pointee.next_out = output.room(for: room).assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        deflate(stream, Z_SYNC_FLUSH)
        // Without 00 00 FF FF, which the other side adds again (RFC 7692, 7.2.1).
        output.wrote(room - Int(stream.pointee.avail_out) - 4)
        return output.bytes
    }
}
