package import NIOCore
internal import NIOWebSocket

/// One upgraded connection, as the application sees it.
///
/// Event-loop-bound: every member is used on `eventLoop` alone. What is sent in one round of the loop leaves in one write
/// at its end, or at `flush()`. Sending on a connection that is closing does nothing.
package final class WebSocketConnection {
    /// Messages up to this size are copied into the round's write instead of being written by themselves.
    private static let joinBytesMax = 16_384
    /// Joined messages are handed on when they have reached this size.
    private static let outboxBytesMax = 65_536
    /// The longest head of a frame and of a stored block, and the longest number.
    private static let headBytesMax = 10 + 5 + 19

    package let eventLoop: any EventLoop
    package let remoteAddress: SocketAddress?
    /// What was agreed on compression; `nil` for none.
    package let compression: DeflateAgreement?

    let configuration: WebSocketConfiguration
    let context: ChannelHandlerContext
    let round: LoopRound
    var handler: (any WebSocketHandler)?
    var inbound: InboundMachine
    var life = CloseMachine()
    var heartbeat: HeartbeatMachine?
    var heartbeatTask: Scheduled<Void>?
    var closeTask: Scheduled<Void>?
    /// The newest ping not yet answered because the peer does not read (RFC 6455 §5.5.3 lets us skip the older ones).
    var unansweredPing: ByteBuffer?
    /// Bytes written in this round, not yet handed to the channel.
    private var outbox = ByteBuffer()
    private var isFlushDue = false
    /// TCP is gone: the context must not be used any more.
    var isGone = false

    init(
        context: ChannelHandlerContext,
        round: LoopRound,
        agreement: DeflateAgreement?,
        configuration: WebSocketConfiguration
    ) {
        eventLoop = context.eventLoop
        remoteAddress = context.remoteAddress
        compression = agreement
        self.configuration = configuration
        self.context = context
        self.round = round
        inbound = InboundMachine(
            messageBytesMax: configuration.messageBytesMax,
            fragmentsMax: configuration.fragmentsMax,
            agreement: agreement
        )
    }

    /// The negotiated extensions as in the handshake's answer; `nil` for none.
    package var extensionDescription: String? { compression?.headerValue }

    /// Whether messages can still be sent.
    package var isOpen: Bool { life.isOpen }

    /// `false` while more bytes wait than the channel's high-water mark.
    package var isWritable: Bool { !isGone && context.channel.isWritable && outbox.readableBytes < Self.outboxBytesMax }

    /// Bytes sent that the kernel has not taken yet, frame heads included.
    package var bufferedBytes: Int {
        guard !isGone else { return 0 }
        let inChannel = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return outbox.readableBytes + (inChannel ?? 0)
    }

    /// Sends a text message; the caller answers for it being UTF-8.
    ///
    /// - Parameter compress: whether to compress it, if that was agreed and it is not too short. Costs more than sending
    ///   it plain in all but narrow networks; for messages to many connections there is `PreparedMessage`.
    package func send(text: ByteBuffer, compress: Bool = false) {
        send(.text, text, compress: compress)
    }

    package func send(text: String, compress: Bool = false) {
        send(.text, ByteBuffer(string: text), compress: compress)
    }

    package func send(binary: ByteBuffer, compress: Bool = false) {
        send(.binary, binary, compress: compress)
    }

    /// Sends this connection's copy of a broadcast.
    ///
    /// - Parameter number: what stands between head and tail; not negative.
    package func send(_ message: PreparedMessage, number: Int) {
        guard life.isOpen else { return }
        reserve(message.head.readableBytes + message.tail.readableBytes)
        let rest = message.writeFrame(
            number: number,
            agreement: compression,
            deflateBytesMin: configuration.deflate?.deflateBytesMin ?? 0,
            into: &outbox
        )
        append(rest)
    }

    /// Sends a ping; the pong comes to the handler.
    ///
    /// - Parameter payload: at most 125 bytes.
    package func ping(_ payload: ByteBuffer = ByteBuffer()) {
        guard life.isOpen else { return }
        writeControl(.ping, payload)
    }

    /// Closes the connection: a close frame now, TCP when the peer has answered or `closeTimeoutMs` have passed.
    ///
    /// - Parameter reason: cut at 123 bytes.
    package func close(code: WebSocketCloseCode = .normal, reason: String = "") {
        precondition(code.isSendable, "this close code must not be sent")
        switch life.close(code: code, reason: reason) {
        case .send(let payload):
            writeClose(payload)
            startCloseTimer()
        case .none: break
        }
    }

    /// Hands everything sent so far to the kernel. Should that find the connection broken, `closed` is called from here.
    package func flush() {
        isFlushDue = false
        guard !isGone else { return }
        pushOutbox()
        context.flush()
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer, compress: Bool) {
        guard life.isOpen else { return }
        if compress, let compression, let deflate = configuration.deflate,
            payload.readableBytes >= deflate.deflateBytesMin
        {
            let compressed = round.compress(payload, windowBits: compression.serverMaxWindowBits ?? 15)
            if compressed.readableBytes < payload.readableBytes {
                reserve(compressed.readableBytes)
                outbox.writeFrameHead(opcode, isCompressed: true, payloadBytes: compressed.readableBytes)
                append(compressed)
                return
            }
        }
        reserve(payload.readableBytes)
        outbox.writeFrameHead(opcode, payloadBytes: payload.readableBytes)
        append(payload)
    }

    func writeControl(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        reserve(payload.readableBytes)
        outbox.writeFrameHead(opcode, payloadBytes: payload.readableBytes)
        append(payload)
    }

    func writeClose(_ payload: ClosePayload) {
        var body = ByteBuffer()
        payload.write(into: &body)
        writeControl(.connectionClose, body)
    }

    /// Makes room for a frame at once, instead of byte by byte as it is written.
    private func reserve(_ payloadBytes: Int) {
        let joined = payloadBytes <= Self.joinBytesMax ? payloadBytes : 0
        outbox.reserveCapacity(minimumWritableBytes: Self.headBytesMax + joined)
    }

    /// Adds the rest of a frame whose head is in the outbox.
    private func append(_ rest: ByteBuffer) {
        if rest.readableBytes <= Self.joinBytesMax {
            outbox.writeImmutableBuffer(rest)
            if outbox.readableBytes > Self.outboxBytesMax { pushOutbox() }
        } else {
            pushOutbox()
            context.write(WebSocketChannelHandler.wrapOutboundOut(rest), promise: nil)
        }
        if !isFlushDue {
            isFlushDue = true
            round.flushLater(self)
        }
        cutOffIfTooSlow()
    }

    /// The channel keeps the bytes until the kernel has them; an idle connection keeps no outbox.
    private func pushOutbox() {
        guard outbox.readableBytes > 0 else { return }
        context.write(WebSocketChannelHandler.wrapOutboundOut(outbox), promise: nil)
        outbox = ByteBuffer()
    }

    private func cutOffIfTooSlow() {
        guard !context.channel.isWritable, bufferedBytes > configuration.outboundBytesMax else { return }
        life.abandon(WebSocketError(.policyViolation, "the peer does not take what it is sent"))
        // Not at once: the caller may be walking over its connections, and `closed` would change them.
        eventLoop.assumeIsolated().execute { self.disconnect() }
    }
}

@available(*, unavailable)
extension WebSocketConnection: Sendable {}
