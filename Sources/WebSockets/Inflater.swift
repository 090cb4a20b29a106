internal import CZlib
package import NIOCore

/// One raw DEFLATE decompressor (RFC 1951) for the messages of one connection.
///
/// Costs about 10 kB and, once it has decompressed something, its window. The `z_stream` lives on the heap because zlib
/// keeps a pointer back to it; the struct is noncopyable so that it is freed exactly once.
package struct Inflater: ~Copyable {
    /// The bytes a sender strips from the end of a message and a receiver puts back (RFC 7692 §7.2.1 and §7.2.2).
    private static let strippedTail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
    /// Each final block within a message costs a copy of the window; honest senders need one (RFC 7692 §7.2.3.4).
    private static let finalBlocksMax = 16
    private static let outputBytesStep = 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private var finalBlocks = 0

    /// - Parameter windowBits: 8…15, the largest window the compressor may use.
    package init(windowBits: Int) throws(WebSocketError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, Int32(-windowBits), ZLIB_VERSION, size) == Z_OK else {
            stream.deallocate()
            throw WebSocketError(.internalError, "no memory to decompress with")
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses the next piece of a message and appends to `output`, never letting it grow beyond `outputBytesMax`.
    package mutating func inflate(
        _ input: UnsafeRawBufferPointer,
        into output: inout ByteBuffer,
        outputBytesMax: Int
    ) throws(WebSocketError) {
        guard let base = input.baseAddress, input.count > 0 else { return }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = uInt(input.count)
        while try step(into: &output, outputBytesMax: outputBytesMax) {}
        stream.pointee.next_in = nil
    }

    /// Ends a message: checks that it was complete and decompresses the stripped tail.
    ///
    /// A complete message ends with the first byte of an empty stored block, whose length is the tail (RFC 7692 §7.2.1).
    /// `inflateSyncPoint` says just that; it was made for PPP, which strips the same four bytes (RFC 1979).
    package mutating func finishMessage(into output: inout ByteBuffer, outputBytesMax: Int) throws(WebSocketError) {
        guard inflateSyncPoint(stream) != 0 else { throw Self.corrupt }
        var failure: WebSocketError?
        Self.strippedTail.withUnsafeBytes { tail in
            do throws(WebSocketError) {
                try inflate(tail, into: &output, outputBytesMax: outputBytesMax)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        finalBlocks = 0
    }

    /// One call of zlib; `true` when another is needed.
    private mutating func step(into output: inout ByteBuffer, outputBytesMax: Int) throws(WebSocketError) -> Bool {
        // One byte beyond the limit is how we learn that there is more, without having inflated it.
        let beyondLimit = max(outputBytesMax - output.readableBytes, 0) + 1
        let room = min(beyondLimit, max(Self.outputBytesStep, output.writableBytes))
        var status = Z_OK
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
            stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = uInt(room)
            status = CZlib.inflate(stream, Z_SYNC_FLUSH)
            return room - Int(stream.pointee.avail_out)
        }
        guard output.readableBytes <= outputBytesMax else {
            throw WebSocketError(.messageTooBig, "the message is too big once decompressed")
        }
        switch status {
        case Z_OK: return stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        case Z_BUF_ERROR: return false
        case Z_STREAM_END:
            try continueAfterFinalBlock()
            return stream.pointee.avail_in > 0
        default: throw Self.corrupt
        }
    }

    /// A block may be marked as final although the connection goes on (RFC 7692 §7.2.3.4): go on with the same window.
    private mutating func continueAfterFinalBlock() throws(WebSocketError) {
        finalBlocks += 1
        guard finalBlocks <= Self.finalBlocksMax else { throw Self.corrupt }
        var window = [UInt8](repeating: 0, count: 1 << MAX_WBITS)
        var count: uInt = 0
        guard inflateGetDictionary(stream, &window, &count) == Z_OK, inflateReset(stream) == Z_OK else {
            throw Self.corrupt
        }
        guard count == 0 || inflateSetDictionary(stream, window, count) == Z_OK else { throw Self.corrupt }
    }

    /// RFC 7692 §7.2.2 leaves the code open; RFC 6455 §7.4.1 has 1007 for data inconsistent with the type of the message.
    private static let corrupt = WebSocketError(.invalidPayload, "the message is not valid DEFLATE data")
}
