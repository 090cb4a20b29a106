import CZlib

/// What a gzip stream says, told by zlib itself; nil when it is not one whole stream.
func inflated(_ gzip: [UInt8], bytesMax: Int = 1 << 20) -> [UInt8]? {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = gzip
    var status = Z_OK
    let output = [UInt8](unsafeUninitializedCapacity: bytesMax) { buffer, count in
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            status = inflate(&stream, Z_FINISH)
            count = buffer.count - Int(stream.avail_out)
        }
    }
    return status == Z_STREAM_END && stream.avail_in == 0 ? output : nil
}
