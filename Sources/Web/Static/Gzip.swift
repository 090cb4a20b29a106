internal import CZlib

/// RFC 1952 in one go, for bytes that are compressed once and sent many times.
enum Gzip {
    /// The gzip form of `bytes` at level 9, or nil when zlib is out of memory.
    ///
    /// The header carries no time and no name, so equal bytes give equal output: the entity tag of the result is stable
    /// from one start to the next.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let opened = deflateInit2_(
            &stream,
            Z_BEST_COMPRESSION,
            Z_DEFLATED,
            windowBitsWithGzipHeader,
            memoryLevelMax,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard opened == Z_OK else { return nil }
        defer { deflateEnd(&stream) }

        var input = bytes
        let bytesMax = Int(deflateBound(&stream, UInt(input.count)))
        var ended = false
        let output = [UInt8](unsafeUninitializedCapacity: bytesMax) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                ended = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = ended ? buffer.count - Int(stream.avail_out) : 0
            }
        }
        return ended ? output : nil
    }

    /// 15 bits of window, plus 16 to ask zlib for the gzip wrapper.
    private static let windowBitsWithGzipHeader: Int32 = 15 + 16
    private static let memoryLevelMax: Int32 = 9
}
