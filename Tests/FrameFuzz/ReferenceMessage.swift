import CZlib

/// A message of the reference's, as far as it has come.
struct ReferenceMessage {
    let isText: Bool
    let isCompressed: Bool
    var content: [UInt8] = []
    var fragments = 0
    var wireBytes = 0
    var finalBlocks = 0

    init(isText: Bool, isCompressed: Bool) {
        self.isText = isText
        self.isCompressed = isCompressed
    }

    /// As the standard library sees it. What is not whole may end within a character: then some continuation is valid.
    func isTextSoFar(isWhole: Bool) -> Bool {
        if String(validating: content, as: UTF8.self) != nil { return true }
        guard !isWhole else { return false }
        let seconds: [UInt8] = [0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF]
        let endings: [[UInt8]] = seconds.flatMap { second in
            (0...2).map { [second] + Array(repeating: 0x80, count: $0) }
        }
        return endings.contains { String(validating: content + $0, as: UTF8.self) != nil }
    }
}

/// zlib fed byte by byte, and a window kept by hand across blocks that are marked as final.
final class ReferenceWindow {
    private static let finalBlocksMax = 16
    /// `data_type` when the last block is over, was not final, and no bit is left.
    private static let atBlockStart: Int32 = 128

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var history: [UInt8] = []

    init() {
        start()
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next message refers to nothing before it.
    func forget() {
        inflateEnd(stream)
        history = []
        start()
    }

    /// `false` when it is not valid, or longer than `bytesMax`.
    func inflate(_ payload: [UInt8], isLast: Bool, into message: inout ReferenceMessage, bytesMax: Int) -> Bool {
        guard take(payload, into: &message), message.content.count <= bytesMax else { return false }
        guard isLast else { return true }
        // The tail is the length of an empty block: it adds nothing, and what follows it is the start of a block.
        let bytesBefore = message.content.count
        guard take([0x00, 0x00, 0xFF, 0xFF], into: &message) else { return false }
        return message.content.count == bytesBefore && stream.pointee.data_type == Self.atBlockStart
    }

    private func start() {
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "no memory to decompress with")
    }

    private func take(_ payload: [UInt8], into message: inout ReferenceMessage) -> Bool {
        payload.allSatisfy { take($0, into: &message) }
    }

    private func take(_ byte: UInt8, into message: inout ReferenceMessage) -> Bool {
        var (input, output) = (byte, UInt8(0))
        stream.pointee.avail_in = 1
        while true {
            let status = withUnsafeMutablePointer(to: &input) { source in
                withUnsafeMutablePointer(to: &output) { target in
                    // Both point to one byte, which zlib has taken or not.
                    stream.pointee.next_in = source
                    stream.pointee.next_out = target
                    stream.pointee.avail_out = 1
                    return CZlib.inflate(stream, Z_SYNC_FLUSH)
                }
            }
            if stream.pointee.avail_out == 0 {
                message.content.append(output)
                history.append(output)
            }
            switch status {
            case Z_OK, Z_BUF_ERROR: if stream.pointee.avail_out == 1 { return stream.pointee.avail_in == 0 }
            case Z_STREAM_END:
                guard goOn(in: &message) else { return false }
                if stream.pointee.avail_in == 0 { return true }
            default: return false
            }
        }
    }

    private func goOn(in message: inout ReferenceMessage) -> Bool {
        message.finalBlocks += 1
        stream.pointee.data_type = Self.atBlockStart
        let window = Array(history.suffix(1 << Int(MAX_WBITS)))
        return message.finalBlocks <= Self.finalBlocksMax && inflateReset(stream) == Z_OK
            && (window.isEmpty || inflateSetDictionary(stream, window, uInt(window.count)) == Z_OK)
    }
}
