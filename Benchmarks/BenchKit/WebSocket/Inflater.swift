import CZlib

/// One tab's inflate window: the compressed messages of a connection, each in turn.
final class Inflater {
    private static let outputBytesMax = 4 << 20

    private let stream: UnsafeMutablePointer<z_stream>
    /// The server promised not to refer to earlier messages.
    private let startsAfresh: Bool
    private let output = Bytes(capacity: 4096)
    private let input = Bytes(capacity: 1024)

    init(startsAfresh: Bool) {
        self.startsAfresh = startsAfresh
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has no memory left")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The text of one message; valid until the next.
    func text(of message: UnsafeRawBufferPointer) throws(FrameFault) -> UnsafeRawBufferPointer {
        if startsAfresh { inflateReset(stream) }
        input.removeAll()
        input.append(message)
        for byte: UInt8 in [0, 0, 0xFF, 0xFF] { input.append(byte: byte) }
        output.removeAll()
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        stream.pointee.avail_in = UInt32(input.count)
        while true {
            let room = 4096
            stream.pointee.next_out = output.room(for: room).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let code = inflate(stream, Z_SYNC_FLUSH)
            output.wrote(room - Int(stream.pointee.avail_out))
            guard code == Z_OK || code == Z_BUF_ERROR else { throw FrameFault("a message that does not inflate") }
            if stream.pointee.avail_out > 0 { break }
            guard output.count <= Self.outputBytesMax else { throw FrameFault("a message that inflates without end") }
        }
        guard stream.pointee.avail_in == 0 else { throw FrameFault("a message with bytes behind its end") }
        return output.bytes
    }
}
