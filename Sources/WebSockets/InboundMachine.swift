package import NIOCore
package import NIOWebSocket

/// Turns a client's frames into messages and refuses what RFC 6455 §5 and RFC 7692 §6 and §7 forbid.
///
/// Made for a server: frames must be masked. NIO's decoder has already bounded the frame and refused control frames that
/// are long or fragmented; both are checked here again, so that the machine is right by itself. It never waits, writes or
/// reads time. The decompressor exists from the first compressed message on, and only during one when the client does
/// without context takeover.
package struct InboundMachine: ~Copyable {
    package enum Action: Hashable {
        /// The frame was part of something larger, or there is nothing to do.
        case wait
        /// A whole text message, valid UTF-8.
        case text(ByteBuffer)
        case binary(ByteBuffer)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        case close(ClosePayload)
        /// The connection must be failed. No later frame is looked at.
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
    private var inflater: Inflater?
    private var message: Message?
    private var isFinished = false

    package init(messageBytesMax: Int, fragmentsMax: Int, agreement: DeflateAgreement?) {
        self.messageBytesMax = messageBytesMax
        self.fragmentsMax = fragmentsMax
        self.agreement = agreement
    }

    /// Whether memory for decompressing is held right now.
    package var holdsInflater: Bool { inflater != nil }

    /// What a message of `messageBytesMax` bytes can weigh on the wire: DEFLATE adds five bytes per stored block, and a
    /// compressor may end a block whenever it likes.
    package static func wireBytesMax(messageBytesMax: Int) -> Int {
        messageBytesMax + messageBytesMax / 8 + 1024
    }

    package mutating func receive(_ frame: WebSocketFrame) -> Action {
        guard !isFinished else { return .wait }
        do throws(WebSocketError) {
            guard frame.maskKey != nil else { throw Violation.unmasked }
            guard !frame.rsv2, !frame.rsv3 else { throw Violation.reservedBit }
            return try frame.opcode.isControlOpcode ? receiveControl(frame) : receiveData(frame)
        } catch {
            return fail(error)
        }
    }

    /// The frame decoder gave up.
    package mutating func receive(_ error: NIOWebSocketError) -> Action {
        guard !isFinished else { return .wait }
        switch error {
        case .invalidFrameLength: return fail(Violation.tooBig)
        case .fragmentedControlFrame, .multiByteControlFrameLength: return fail(Violation.control)
        }
    }

    private mutating func fail(_ error: WebSocketError) -> Action {
        finish()
        return .fail(error)
    }

    private mutating func finish() {
        isFinished = true
        message = nil
        inflater = nil
    }

    private mutating func receiveControl(_ frame: WebSocketFrame) throws(WebSocketError) -> Action {
        guard !frame.rsv1 else { throw Violation.reservedBit }
        guard frame.fin, frame.length <= 125 else { throw Violation.control }
        var payload = ByteBuffer()
        append(frame, to: &payload)
        switch frame.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .connectionClose:
            let close = try ClosePayload(parsing: payload)
            finish()
            return .close(close)
        default: throw Violation.opcode
        }
    }

    private mutating func receiveData(_ frame: WebSocketFrame) throws(WebSocketError) -> Action {
        var message = try takeMessage(for: frame)
        message.fragments += 1
        message.wireBytes += frame.length
        guard message.fragments <= fragmentsMax else { throw Violation.tooManyFragments }
        if message.isCompressed {
            guard message.wireBytes <= Self.wireBytesMax(messageBytesMax: messageBytesMax) else {
                throw Violation.tooBig
            }
            try inflate(frame, into: &message)
        } else {
            guard message.wireBytes <= messageBytesMax else { throw Violation.tooBig }
            append(frame, to: &message.payload)
        }
        if message.isText { try validate(&message, isLast: frame.fin) }
        guard frame.fin else {
            self.message = message
            return .wait
        }
        return message.isText ? .text(message.payload) : .binary(message.payload)
    }

    /// The message this frame belongs to: a new one, or the one begun (RFC 6455 §5.4). Taken out of `self` so that its
    /// buffer has one owner and grows in place.
    private mutating func takeMessage(for frame: WebSocketFrame) throws(WebSocketError) -> Message {
        let begun = message.take()
        switch frame.opcode {
        case .continuation:
            guard let begun else { throw Violation.nothingToContinue }
            // RSV1 belongs to the first frame of a message (RFC 7692 §6.1).
            guard !frame.rsv1 else { throw Violation.reservedBit }
            return begun
        case .text, .binary:
            guard begun == nil else { throw Violation.unfinishedMessage }
            guard !frame.rsv1 || agreement != nil else { throw Violation.reservedBit }
            return Message(isText: frame.opcode == .text, isCompressed: frame.rsv1)
        default: throw Violation.opcode
        }
    }

    private mutating func inflate(_ frame: WebSocketFrame, into message: inout Message) throws(WebSocketError) {
        if inflater == nil { inflater = try Inflater(windowBits: agreement?.clientMaxWindowBits ?? 15) }
        var compressed = ByteBuffer()
        append(frame, to: &compressed)
        var failure: WebSocketError?
        compressed.withUnsafeReadableBytes { bytes in
            do throws(WebSocketError) {
                try inflater?.inflate(bytes, into: &message.payload, outputBytesMax: messageBytesMax)
                if frame.fin { try inflater?.finishMessage(into: &message.payload, outputBytesMax: messageBytesMax) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if frame.fin, agreement?.clientNoContextTakeover == true { inflater = nil }
    }

    private func validate(_ message: inout Message, isLast: Bool) throws(WebSocketError) {
        let start = message.validatedBytes
        let isValid = message.payload.withUnsafeReadableBytes { bytes in
            message.utf8.accept(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        guard isValid, !isLast || message.utf8.isAtBoundary else { throw Violation.notUTF8 }
        message.validatedBytes = message.payload.readableBytes
    }

    private func append(_ frame: WebSocketFrame, to buffer: inout ByteBuffer) {
        guard let key = frame.maskKey else { return }
        buffer.writeUnmasked(frame.data, key: key)
    }
}

/// What a client may do wrong, each with the code of RFC 6455 §7.4.1.
private enum Violation {
    static let unmasked = WebSocketError(.protocolError, "a client's frame must be masked")
    static let reservedBit = WebSocketError(.protocolError, "a reserved bit is set that nobody agreed on")
    static let opcode = WebSocketError(.protocolError, "unknown opcode")
    static let control = WebSocketError(.protocolError, "a control frame must be whole and have at most 125 bytes")
    static let nothingToContinue = WebSocketError(.protocolError, "there is no message to continue")
    static let unfinishedMessage = WebSocketError(.protocolError, "a message began before the last one ended")
    static let notUTF8 = WebSocketError(.invalidPayload, "the text is not UTF-8")
    static let tooBig = WebSocketError(.messageTooBig, "the message is too big")
    static let tooManyFragments = WebSocketError(.messageTooBig, "the message has too many fragments")
}
