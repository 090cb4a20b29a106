package import NIOCore
internal import NIOWebSocket

/// Turns a client's bytes into messages and refuses what RFC 6455 §5 and RFC 7692 §6 and §7 forbid.
///
/// Made for a server: frames must be masked. Each byte is judged as it arrives, and decompressed: a frame that cannot be
/// right, a text that cannot become UTF-8 and a message that has become too big fail the connection before their end. So
/// how the stream was cut into pieces changes nothing. It never waits, writes or reads time.
///
/// Holds at most the message begun, as far as it has arrived; nothing between messages. The decompressor exists from the
/// first compressed message on, and only during one when the client does without context takeover.
package struct InboundMachine: ~Copyable {
    package enum Action: Hashable {
        /// The bytes are used up.
        case wait
        /// A whole text message, valid UTF-8.
        case text(ByteBuffer)
        case binary(ByteBuffer)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        case close(ClosePayload)
        /// The connection must be failed. No later byte is looked at.
        case fail(WebSocketError)
    }

    private struct Message {
        let isText: Bool
        let isCompressed: Bool
        var payload = ByteBuffer()
        var utf8 = UTF8Validator()
        var fragments = 0
        var wireBytes = 0
        var validatedBytes = 0
    }

    private let messageBytesMax: Int
    private let fragmentsMax: Int
    private let agreement: DeflateAgreement?
    private var parser: FrameParser
    private var inflater: Inflater?
    /// The frame whose payload is coming in.
    private var head: FrameHead?
    private var message: Message?
    /// The payload of a control frame, which may stand between the frames of a message.
    private var control = ByteBuffer()
    private var isFinished = false

    package init(messageBytesMax: Int, fragmentsMax: Int, agreement: DeflateAgreement?) {
        self.messageBytesMax = messageBytesMax
        self.fragmentsMax = fragmentsMax
        self.agreement = agreement
        parser = FrameParser(allowsCompression: agreement != nil)
    }

    /// Whether memory for decompressing is held right now.
    package var holdsInflater: Bool { inflater != nil }

    /// Bytes of payload held right now, as allocated.
    package var heldBytes: Int { (message?.payload.storageCapacity ?? 0) + control.storageCapacity }

    /// What a message of `messageBytesMax` bytes can weigh on the wire: DEFLATE adds five bytes per stored block, and a
    /// compressor may end a block whenever it likes.
    package static func wireBytesMax(messageBytesMax: Int) -> Int {
        messageBytesMax + messageBytesMax / 8 + 1024
    }

    /// Takes bytes up to where something follows from them. To be called until it says `wait`.
    package mutating func next(_ bytes: inout ByteBuffer) -> Action {
        do throws(WebSocketError) {
            while !isFinished, let piece = try parser.next(&bytes) {
                switch piece {
                case .head(let head): try begin(head)
                case .payload(let payload): try take(payload)
                case .end: if let action = try endFrame() { return action }
                }
            }
        } catch {
            finish()
            return .fail(error)
        }
        if isFinished { bytes.clear() }
        return .wait
    }

    private mutating func finish() {
        isFinished = true
        message = nil
        inflater = nil
        control = ByteBuffer()
    }

    private mutating func begin(_ head: FrameHead) throws(WebSocketError) {
        self.head = head
        guard !head.opcode.isControlOpcode else { return }
        if head.opcode == .continuation {
            guard message != nil else { throw Violation.nothingToContinue }
        } else {
            guard message == nil else { throw Violation.unfinishedMessage }
            message = Message(isText: head.opcode == .text, isCompressed: head.isCompressed)
        }
        try admit(head)
    }

    /// Limits are checked by what the head announces, before any of it has arrived.
    private mutating func admit(_ head: FrameHead) throws(WebSocketError) {
        guard var message = message.take() else { return }
        message.fragments += 1
        guard message.fragments <= fragmentsMax else { throw Violation.tooManyFragments }
        let wireBytesMax =
            message.isCompressed ? Self.wireBytesMax(messageBytesMax: messageBytesMax) : messageBytesMax
        guard head.payloadBytes <= wireBytesMax - message.wireBytes else { throw Violation.tooBig }
        message.wireBytes += head.payloadBytes
        self.message = message
    }

    private mutating func take(_ payload: MaskedBytes) throws(WebSocketError) {
        // Taken out of `self` so that its buffer has one owner and grows in place.
        guard head?.opcode.isControlOpcode == false, var message = message.take() else {
            payload.append(to: &control)
            return
        }
        if message.isCompressed {
            try inflate(payload, into: &message)
        } else {
            payload.append(to: &message.payload)
        }
        try validate(&message)
        self.message = message
    }

    private mutating func endFrame() throws(WebSocketError) -> Action? {
        guard let head = head.take() else { return nil }
        if head.opcode.isControlOpcode { return try endControl(head.opcode) }
        guard head.isFinal, var message = message.take() else { return nil }
        if message.isCompressed { try endInflating(&message) }
        try validate(&message)
        guard message.utf8.isAtBoundary else { throw Violation.notUTF8 }
        return message.isText ? .text(message.payload) : .binary(message.payload)
    }

    private mutating func endControl(_ opcode: WebSocketOpcode) throws(WebSocketError) -> Action {
        let payload = control
        control = ByteBuffer()
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default:
            let close = try ClosePayload(parsing: payload)
            finish()
            return .close(close)
        }
    }

    private mutating func inflate(_ payload: MaskedBytes, into message: inout Message) throws(WebSocketError) {
        try haveInflater()
        do throws(WebSocketError) {
            try payload.forEachChunk { chunk throws(WebSocketError) in
                try inflater?.inflate(chunk, into: &message.payload, outputBytesMax: messageBytesMax)
            }
        } catch {
            // What came before the fault is judged first, as it would be had it arrived first.
            try validate(&message)
            throw error
        }
    }

    /// The agreed window is what is kept between messages. Where nothing is kept there is no need to be narrow: zlib sees
    /// references beyond a narrow window or not, by how the stream was cut.
    private mutating func haveInflater() throws(WebSocketError) {
        guard inflater == nil else { return }
        let keepsWindow = agreement?.clientNoContextTakeover != true
        inflater = try Inflater(windowBits: keepsWindow ? agreement?.clientMaxWindowBits ?? 15 : 15)
    }

    private mutating func endInflating(_ message: inout Message) throws(WebSocketError) {
        // A message of empty frames has had no use for one yet.
        try haveInflater()
        try inflater?.finishMessage(into: &message.payload, outputBytesMax: messageBytesMax)
        if agreement?.clientNoContextTakeover == true { inflater = nil }
    }

    private func validate(_ message: inout Message) throws(WebSocketError) {
        guard message.isText else { return }
        // One byte beyond the limit says that there is more; it is not part of any message.
        let end = min(message.payload.readableBytes, messageBytesMax)
        let isValid = message.payload.withUnsafeReadableBytes { bytes in
            message.utf8.accept(UnsafeRawBufferPointer(rebasing: bytes[message.validatedBytes..<end]))
        }
        guard isValid else { throw Violation.notUTF8 }
        message.validatedBytes = end
    }
}
