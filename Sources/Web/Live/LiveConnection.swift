import Domain
import Logging
import NIOCore
import Realtime
import WebSockets
import Wire

/// One tab: performs what its ``Session`` says on its WebSocket. Event-loop-bound.
final class LiveConnection: WebSocketHandler, LiveTab {
    let greeting: LiveGreeting
    let hub: LiveHub
    let shard: LiveShard
    let socket: WebSocketConnection
    /// Where the shard has it; the shard's alone to change.
    var place: Int?
    var isReader = false

    init(_ greeting: LiveGreeting, hub: LiveHub, shard: LiveShard, socket: WebSocketConnection) {
        self.greeting = greeting
        self.hub = hub
        self.shard = shard
        self.socket = socket
    }

    var transport: Transport { .webSocket }
    var eventLoop: any EventLoop { socket.eventLoop }
    var isOpen: Bool { socket.isOpen }
    var outboxBytes: Int { socket.bufferedBytes }
    var sentBytes: Int { socket.lanes.sentBytes(socket.lane) }

    /// Kept by the shard, from `opened` to `closed`.
    var session: Session {
        get { shard[sessionPlace] }
        set { shard[sessionPlace] = newValue }
    }

    private var sessionPlace: Int {
        guard let place else { preconditionFailure("a tab that is not open has no session") }
        return place
    }

    // MARK: From the hub

    func retry(now: Timestamp) { perform(session.retried(outboxBytes: outboxBytes, now: now)) }

    func check(now: Timestamp) { perform(session.checked(outboxBytes: outboxBytes, now: now)) }

    // MARK: From the socket

    func opened(_ connection: WebSocketConnection) {
        let now = hub.now()
        shard.add(self, hub.session(for: greeting, head: shard.head, now: now))
        arrived()
        hub.metrics.opened(greeting, over: transport)
        log(.info, "websocket connected", ["compression": "\(connection.extensionDescription ?? "none")"])
        let connected = hub.connected(greeting, head: shard.head, now: now)
        perform(session.opened(connected, resume: greeting.resume, queued: hub.queued(for: greeting), now: now))
        joined()
    }

    func received(text: ByteBuffer, on connection: WebSocketConnection) {
        let message = Result { () throws(ClientMessageFault) in try ClientMessage.parse(text.readableBytesView) }
        if case .failure(let fault) = message {
            log(.notice, "websocket message refused", ["code": "\(fault.code)", "reason": "\(fault.text)"])
        }
        perform(session.received(message, now: hub.now()))
    }

    func received(binary: ByteBuffer, on connection: WebSocketConnection) {
        connection.close(code: .unsupportedData, reason: "send JSON in text frames")
    }

    func receivedPong(_ payload: ByteBuffer, on connection: WebSocketConnection) {
        guard payload.readableBytes == MemoryLayout<UInt32>.size, let probe: UInt32 = payload.peekInteger() else {
            return
        }
        perform(session.answered(probe, now: hub.now()))
    }

    func writabilityChanged(isWritable: Bool, on connection: WebSocketConnection) {
        guard isWritable else { return }
        perform(session.drained(outboxBytes: connection.bufferedBytes, now: hub.now()))
    }

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) {
        left()
        departed()
        shard.remove(self)
        hub.metrics.closed(close.code.rawValue, over: transport)
        log(
            .info,
            "websocket closed",
            [
                "close_code": "\(close.code.rawValue)", "reason": "\(close.reason)", "clean": "\(close.isClean)",
            ]
        )
        hub.left(greeting)
    }

    // MARK: To the socket

    /// For this tab alone: uncompressed, so that it never enters the shared window (design, hot path).
    func reply(_ message: EncodedMessage, number: Int) {
        var text = ByteBufferAllocator().buffer(capacity: EncodedMessage.head.count + 20 + message.tail.count)
        text.writeBytes(EncodedMessage.head)
        text.writeString(String(number))
        text.writeBytes(message.tail)
        socket.send(text: text)
    }

    func send(_ message: LiveMessage, number: Int) {
        socket.send(message.prepared(in: greeting.manner.dialect), number: number)
    }

    /// A ping: what answers is the other end, whatever stands between.
    func send(probe number: UInt32) {
        var payload = ByteBuffer()
        payload.writeInteger(number)
        socket.ping(payload)
    }

    /// What was sent leaves by itself, at the end of the loop's round.
    func flush() {}

    func close(_ code: CloseCode, reason: String) { socket.close(code: WebSocketCloseCode(code), reason: reason) }
}

@available(*, unavailable)
extension LiveConnection: Sendable {}

extension WebSocketCloseCode {
    init(_ code: CloseCode) { self.init(rawValue: UInt16(code.rawValue)) }
}
