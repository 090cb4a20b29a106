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
    private static let frameHeadBytesMax = 10

    package let eventLoop: any EventLoop
    package let remoteAddress: SocketAddress?
    /// What was agreed on compression; `nil` for none.
    package let compression: DeflateAgreement?

    let context: ChannelHandlerContext
    let channel: any Channel
    let round: LoopRound
    var handler: (any WebSocketHandler)?
    var inbound: InboundMachine
    var life = CloseMachine() {
        didSet { updateLane() }
    }
    var heartbeat: HeartbeatMachine?
    var nextHeartbeat: NIODeadline?
    var closeTask: Scheduled<Void>?
    /// The newest ping not yet answered because the peer does not read (RFC 6455 §5.5.3 lets us skip the older ones).
    var unansweredPing: ByteBuffer?
    /// Bytes sent in this round, not yet handed on.
    private var outbox = ByteBuffer()
    /// Bytes handed to the channel that the kernel has not taken yet.
    private var channelBytes = 0
    private var isFlushDue = false
    private let socket: DirectSocket?
    /// The connection's record in the table that broadcasts look at, while it is open.
    package let lane: OutboundLanes.Index
    /// TCP is gone: neither context nor lane must be used any more.
    var isGone = false

    init(
        context: ChannelHandlerContext,
        round: LoopRound,
        agreement: DeflateAgreement?
    ) {
        let configuration = round.configuration
        eventLoop = context.eventLoop
        remoteAddress = context.remoteAddress
        compression = agreement
        self.context = context
        channel = context.channel
        self.round = round
        socket = configuration.writesDirectly ? DirectSocket(of: channel) : nil
        let deflateBytesMin = configuration.deflate?.deflateBytesMin ?? 0
        lane = round.lanes.open(socket, OutboundCompression(agreement: agreement, deflateBytesMin: deflateBytesMin))
        inbound = InboundMachine(
            messageBytesMax: configuration.messageBytesMax,
            fragmentsMax: configuration.fragmentsMax,
            agreement: agreement
        )
        updateLane()
    }

    var configuration: WebSocketConfiguration { round.configuration }

    /// The broadcasts' table of this connection's event loop.
    package var lanes: OutboundLanes { round.lanes }

    /// The negotiated extensions as in the handshake's answer; `nil` for none.
    package var extensionDescription: String? { compression?.headerValue }

    /// Whether messages can still be sent.
    package var isOpen: Bool { life.isOpen }

    /// `false` while more bytes wait than the channel's high-water mark.
    package var isWritable: Bool { !isGone && channel.isWritable && outbox.readableBytes < Self.outboxBytesMax }

    /// Bytes sent that the kernel has not taken yet, frame heads included.
    package var bufferedBytes: Int { isGone ? 0 : outbox.readableBytes + channelBytes }

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

    /// Sends this connection's copy of a message, at the end of the round.
    ///
    /// - Parameter number: what stands between head and tail; not negative.
    package func send(_ message: PreparedMessage, number: Int) {
        guard life.isOpen else { return }
        guard number <= NumberField.numberMax else { return send(text: message.text(number: number)) }
        let frame = lanes.frame(of: message, lane)
        lanes.count(sentBytes: frame.bytes.count, lane)
        reserve(frame.bytes.count)
        let start = outbox.writerIndex
        outbox.writeBytes(frame.bytes)
        let offset = start - outbox.readerIndex
        outbox.withUnsafeMutableReadableBytes { readable in
            guard let base = readable.baseAddress else { return }
            frame.field.write(NumberField.places(for: number), into: base + offset)
        }
        scheduleFlush()
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
        if channelBytes > 0 { context.flush() }
    }

    /// Sends this connection's copies of the messages of a broadcast behind what waits.
    func queue(_ run: BroadcastRun, wanted: UInt64, numberedFrom first: Int) {
        guard life.isOpen else { return }
        let frames = lanes.frames(of: run, wanted: wanted, numberedFrom: first, lane)
        lanes.count(sentBytes: frames.bytes.count, lane)
        queue(frames.bytes[...])
    }

    /// Sends the answer to the handshake, in one write with what the application says first.
    func begin(with answer: ByteBuffer) {
        outbox.writeImmutableBuffer(answer)
        scheduleFlush()
    }

    /// The rest of a broadcast that the kernel did not take.
    func queue(_ bytes: ArraySlice<UInt8>) {
        outbox.writeBytes(bytes)
        scheduleFlush()
    }

    /// Sends a broadcast to a connection whose numbers no longer have a place in common frames.
    func send(_ run: BroadcastRun, wanted: UInt64, withLongNumbersFrom first: Int) {
        var number = first
        run.forEach(wanted) { message in
            send(message, number: number)
            number += 1
        }
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
                lanes.leaveStream(lane)
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
        outbox.reserveCapacity(minimumWritableBytes: Self.frameHeadBytesMax + joined)
    }

    /// Adds the rest of a frame whose head is in the outbox.
    private func append(_ rest: ByteBuffer) {
        if !isGone { lanes.count(sentBytes: rest.readableBytes, lane) }
        if rest.readableBytes <= Self.joinBytesMax {
            outbox.writeImmutableBuffer(rest)
        } else {
            pushOutbox()
            writeToChannel(rest)
        }
        scheduleFlush()
    }

    private func scheduleFlush() {
        updateLane()
        if outbox.readableBytes > Self.outboxBytesMax { pushOutbox() }
        if !isFlushDue {
            isFlushDue = true
            round.flushLater(self)
        }
        cutOffIfTooSlow()
    }

    private func updateLane() {
        guard !isGone else { return }
        lanes.setClear(life.isOpen && socket != nil && outbox.readableBytes == 0 && channelBytes == 0, lane)
    }

    /// An idle connection keeps no outbox.
    private func pushOutbox() {
        guard outbox.readableBytes > 0 else { return }
        var bytes = outbox
        outbox = ByteBuffer()
        if channelBytes == 0, let socket, channel.isActive {
            bytes.moveReaderIndex(forwardBy: bytes.withUnsafeReadableBytes { socket.send($0) })
        }
        if bytes.readableBytes > 0 { writeToChannel(bytes) }
        updateLane()
    }

    /// The channel keeps the bytes until the kernel has them.
    private func writeToChannel(_ bytes: ByteBuffer) {
        let count = bytes.readableBytes
        channelBytes += count
        updateLane()
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.channelBytes -= count
            self.updateLane()
        }
        context.write(WebSocketChannelHandler.wrapOutboundOut(bytes), promise: written)
    }

    private func cutOffIfTooSlow() {
        guard bufferedBytes > configuration.outboundBytesMax else { return }
        life.abandon(WebSocketError(.policyViolation, "the peer does not take what it is sent"))
        // Not at once: the caller may be walking over its connections, and `closed` would change them.
        eventLoop.assumeIsolated().execute { self.disconnect() }
    }
}

@available(*, unavailable)
extension WebSocketConnection: Sendable {}
