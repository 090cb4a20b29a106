import Domain
import HummingbirdCore
import Logging
import NIOCore
import Realtime
import Storage
import Wire

#if os(Linux)
import Glibc
#endif

/// One tab that listens to an event stream: performs what its ``Session`` says on the body of an HTTP answer.
/// Event-loop-bound, but for ``serve(_:hub:on:to:)``.
///
/// The task that answers the request asks for piece after piece and writes each, which takes as long as the connection
/// wants; what comes meanwhile waits in the ``StreamOutbox``, whose size the session is told.
final class LiveStream: LiveTab {
    /// What a request for a stream said.
    struct Opening: Sendable {
        let greeting: LiveGreeting
        /// Where the client says it left the log.
        let cursor: Cursor?
        let subscription: ClientMessage?
        let place: LedgerPlace
    }

    let hub: LiveHub
    private let opening: Opening
    private let channel: any NIOCore.Channel
    let shard: LiveShard
    var session: Session
    private var outbox: StreamOutbox
    /// The writer, when it has nothing to write.
    private var writer: EventLoopPromise<ByteBuffer?>?
    private var ends: StreamEnds?
    private var cutOff: Scheduled<Void>?
    private(set) var isOpen = true
    var isReader = false

    var greeting: LiveGreeting { opening.greeting }
    var transport: Transport { .eventStream }
    var eventLoop: any EventLoop { channel.eventLoop }
    var outboxBytes: Int { outbox.bytes }
    var sentBytes: Int { outbox.addedBytes }

    private init(_ opening: Opening, hub: LiveHub, channel: any NIOCore.Channel) {
        let now = hub.now()
        self.opening = opening
        self.hub = hub
        self.channel = channel
        shard = hub.shard(of: channel.eventLoop)
        session = hub.session(for: opening.greeting, head: shard.head, now: now)
        outbox = StreamOutbox(now: now)
    }

    /// Writes the stream until it ends.
    static func serve(
        _ opening: Opening,
        hub: LiveHub,
        on channel: any NIOCore.Channel,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let eventLoop = channel.eventLoop
        let stream = try await eventLoop.submit {
            let stream = LiveStream(opening, hub: hub, channel: channel)
            try stream.open()
            return NIOLoopBound(stream, eventLoop: eventLoop)
        }.get()
        defer { eventLoop.execute { stream.value.finished() } }
        try await withTaskCancellationHandler {
            while let piece = try await eventLoop.flatSubmit({ stream.value.nextPiece() }).get() {
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        } onCancel: {
            eventLoop.execute { stream.value.close(.goingAway, reason: "the request was cancelled") }
        }
    }

    // MARK: From the connection

    private func open() throws {
        let ends = StreamEnds { [weak self] in self?.ended($0) }
        try channel.pipeline.syncOperations.addHandler(ends, position: .first)
        self.ends = ends
        dropIfSilent()
        shard.add(self)
        arrived()
        hub.metrics.opened(greeting, over: transport)
        log(.info, "stream opened", ["resumes": "\(opening.cursor != nil)"])
        let now = hub.now()
        if let delayMs = hub.settings.reconnectDelaysMs.first { outbox.add(ServerSentEvent.retry(afterMs: delayMs)) }
        let connected = hub.connected(greeting, head: shard.head, now: now)
        perform(session.opened(connected, resume: greeting.resume, queued: hub.queued(for: greeting), now: now))
        joined()
        if let subscription = opening.subscription { perform(session.received(.success(subscription), now: now)) }
        // A shutdown that began before the handler was there closed the listener first, and is not told again.
        if let listener = channel.parent, !listener.isActive { ended(.serverGoingAway) }
    }

    /// A peer that has vanished answers no heartbeat, which only the kernel sees; left to itself it tries for a quarter of
    /// an hour.
    private func dropIfSilent() {
        #if os(Linux)
        let timeout = NIOBSDSocket.Option(rawValue: CInt(TCP_USER_TIMEOUT))
        try? channel.syncOptions?.setOption(.tcpOption(timeout), value: hub.limits.session.stalledMsMax)
        #endif
    }

    private func ended(_ end: StreamEnds.End) {
        switch end {
        case .readerGone: close(.normal, reason: "the reader has gone")
        case .serverGoingAway: close(.goingAway, reason: CloseCode.goingAway.reason)
        }
    }

    /// The writer has written what it was given and wants more; `nil` at the end.
    private func nextPiece() -> EventLoopFuture<ByteBuffer?> {
        outbox.written()
        let now = hub.now()
        if isOpen {
            hearWhatCameThrough(now: now)
            perform(session.drained(outboxBytes: outboxBytes, now: now))
        }
        if let piece = outbox.take(at: now) { return eventLoop.makeSucceededFuture(piece) }
        guard isOpen else { return eventLoop.makeSucceededFuture(nil) }
        let writer = eventLoop.makePromise(of: ByteBuffer?.self)
        self.writer = writer
        return writer.futureResult
    }

    /// The writer is done, or could write no more.
    private func finished() {
        close(.normal, reason: "the reader has gone")
        cutOff?.cancel()
        guard let ends else { return }
        self.ends = nil
        channel.pipeline.syncOperations.removeHandler(ends, promise: nil)
    }

    // MARK: From the hub

    /// - Parameter events: the broadcasts of the batch, in the dialect of this tab.
    /// - Returns: which of them go out now, bit by bit.
    func deliver(_ batch: BroadcastBatch, _ events: [ServerSentEvent], now: Timestamp) -> UInt64 {
        if batch.hasStream { hearWhatCameThrough(now: now) }
        let offered = session.offer(batch, outboxBytes: outboxBytes, sentBytes: sentBytes, now: now)
        if let (wanted, first) = offered { add(events, wanted: wanted, numberedFrom: first) }
        if batch.hasStream {
            refresh()
            probeIfDue(now: now)
            flush()
        }
        return offered?.wanted ?? 0
    }

    /// A stream has no way up, so its reader cannot answer. What the other end's kernel has acknowledged has come through,
    /// as far as anybody can tell.
    private func hearWhatCameThrough(now: Timestamp) {
        guard let awaited = session.awaited else { return }
        guard sentBytes - outboxBytes - channel.unacknowledgedBytes >= awaited.bytes else { return }
        perform(session.answered(awaited.probe, now: now))
    }

    /// What was held back of a burst; this tab batches.
    ///
    /// - Returns: how it goes out, if it does.
    func release(_ held: HeldMessages, now: Timestamp) -> JoinedOffer? {
        let dialect = greeting.manner.dialect
        let joined = held.joined(in: dialect)
        let offered = session.offer(
            held.batch,
            joinedInto: joined.count,
            outboxBytes: outboxBytes,
            sentBytes: sentBytes,
            now: now
        )
        switch offered {
        case .joined(let first): add(joined.messages.map(event), wanted: joined.all, numberedFrom: first)
        case .apart(let wanted, let first):
            add(held.apart.said(in: dialect).map(event), wanted: wanted, numberedFrom: first)
        case nil: break
        }
        return offered
    }

    private func add(_ events: [ServerSentEvent], wanted: UInt64, numberedFrom first: Int) {
        var number = first
        for (index, event) in events.enumerated() where wanted >> UInt64(index) & 1 == 1 {
            outbox.add(event, number: number)
            number += 1
        }
        flush()
    }

    func retry(now: Timestamp) { perform(session.retried(outboxBytes: outboxBytes, now: now)) }

    /// What its reader says over REST, for a stream has no way up.
    func received(_ message: ClientMessage) { perform(session.received(.success(message), now: hub.now())) }

    private func event(_ message: EncodedMessage) -> ServerSentEvent {
        ServerSentEvent(message, epoch: hub.store.epoch)
    }

    func check(now: Timestamp) {
        if outbox.isStalled(at: now, stalledMsMax: hub.limits.session.stalledMsMax) {
            return close(.tooSlow, reason: CloseCode.tooSlow.reason)
        }
        hearWhatCameThrough(now: now)
        outbox.addHeartbeatIfDue(at: now, intervalMs: hub.limits.streamHeartbeatIntervalMs)
        perform(session.checked(outboxBytes: outboxBytes, now: now))
    }

    // MARK: To the writer

    func reply(_ message: EncodedMessage, number: Int) {
        // `connected` states where the desk is. Who resumes is not there yet: were the stream cut now and the client to
        // come back from there, it would have missed what it came for.
        if message.type == .connected, let cursor = opening.cursor {
            outbox.add(ServerSentEvent(message, id: cursor), number: number)
        } else {
            outbox.add(event(message), number: number)
        }
    }

    func send(_ message: LiveMessage, number: Int) {
        outbox.add(event(message.said(in: greeting.manner.dialect)), number: number)
    }

    /// Nothing is sent: see ``hearWhatCameThrough(now:)``.
    func send(probe number: UInt32) {}

    func flush() {
        guard let writer, let piece = outbox.take(at: hub.now()) else { return }
        self.writer = nil
        writer.succeed(piece)
    }

    /// Ends the stream behind what waits, and cuts the connection off when that takes too long. There is no code to send:
    /// a client that finds its stream ended comes back with its last id.
    func close(_ code: CloseCode, reason: String) {
        guard isOpen else { return }
        isOpen = false
        left()
        departed()
        shard.remove(self)
        hub.metrics.closed(code.rawValue, over: transport)
        log(.info, "stream closed", ["close_code": "\(code.rawValue)", "reason": "\(reason)"])
        let time = TimeAmount.milliseconds(Int64(hub.limits.streamEndMsMax))
        cutOff = eventLoop.assumeIsolated().scheduleTask(in: time) { self.channel.close(promise: nil) }
        guard let writer else { return }
        self.writer = nil
        writer.succeed(outbox.take(at: hub.now()))
    }
}

@available(*, unavailable)
extension LiveStream: Sendable {}
