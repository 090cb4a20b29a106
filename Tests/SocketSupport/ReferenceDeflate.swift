import CZlib

/// zlib used directly and independently of the code under test: a client's inflater.
package final class ReferenceInflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var room: [UInt8]

    /// - Parameter stepBytes: How much is inflated at a time. With one byte every back-reference must be in the window, for
    ///   zlib cannot find it in the output; more is quicker.
    package init(windowBits: Int32 = 15, stepBytes: Int = 1) {
        room = [UInt8](repeating: 0, count: stepBytes)
        stream.initialize(to: z_stream())
        precondition(
            inflateInit2_(stream, -windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        )
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The message, or `nil` when it is not valid.
    package func message(_ payload: [UInt8]) -> [UInt8]? {
        var input = payload + [0x00, 0x00, 0xFF, 0xFF]
        var output: [UInt8] = []
        return input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            while true {
                let status = room.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = uInt(target.count)
                    return inflate(stream, Z_SYNC_FLUSH)
                }
                output += room.prefix(room.count - Int(stream.pointee.avail_out))
                if status == Z_BUF_ERROR || (status == Z_OK && stream.pointee.avail_out > 0) {
                    return stream.pointee.avail_in == 0 ? output : nil
                }
                guard status == Z_OK else { return nil }
            }
        }
    }
}

/// A client's deflater, with context takeover unless reset.
package final class ReferenceDeflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    package init(windowBits: Int32 = 15, level: Int32 = 6) {
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        precondition(
            deflateInit2_(stream, level, Z_DEFLATED, -windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        )
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    package func reset() {
        deflateReset(stream)
    }

    /// The payload of a compressed message. With `Z_FINISH` its last block is marked as final (RFC 7692 §7.2.3.4).
    package func payload(_ message: [UInt8], flush: Int32 = Z_SYNC_FLUSH) -> [UInt8] {
        var input = message
        var output = [UInt8](repeating: 0, count: message.count + message.count / 8 + 128)
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = uInt(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = uInt(output.count)
                deflate(stream, flush)
                return output.count - Int(stream.pointee.avail_out)
            }
        }
        // zlib does not flush twice running; an empty message is an empty block (RFC 7692 §7.2.3.6).
        guard count > 0 else { return [0x00] }
        return flush == Z_FINISH ? output[..<count] + [0x00] : Array(output[..<(count - 4)])
    }
}
