import Domain
import Logging
import NIOCore
import Realtime
import WebSockets
import Wire

/// One tab: performs what its ``Session`` says on its WebSocket. Event-loop-bound.
final class LiveConnection: WebSocketHandler {
    let id: String
    private let greeting: LiveGreeting
    private let hub: LiveHub
    private let shard: LiveShard
    let socket: WebSocketConnection
    /// Where the shard has it; the shard's alone to change.
    var place: Int?

    init(_ greeting: LiveGreeting, hub: LiveHub, shard: LiveShard, socket: WebSocketConnection) {
        id = greeting.connectionID
        self.greeting = greeting
        self.hub = hub
        self.shard = shard
        self.socket = socket
    }

    var summary: LiveConnectionSummary {
        LiveConnectionSummary(
            connectionID: id,
            label: greeting.label ?? id,
            subscriptions: session.subscriptions,
            bufferedBytes: socket.bufferedBytes
        )
    }

    /// Kept by the shard, from `opened` to `closed`.
    private var session: Session {
        get { shard[sessionPlace] }
        set { shard[sessionPlace] = newValue }
    }

    private var sessionPlace: Int {
        guard let place else { preconditionFailure("a tab that is not open has no session") }
        return place
    }

    // MARK: From the hub

    private func offer(_ message: LiveMessage, now: Timestamp) {
        guard let number = session.offer(message.broadcast, outboxBytes: socket.bufferedBytes, now: now) else { return }
        socket.send(message.prepared, number: number)
    }

    func check(now: Timestamp) { perform(session.checked(outboxBytes: socket.bufferedBytes, now: now)) }

    func close(_ code: CloseCode, reason: String) { socket.close(code: WebSocketCloseCode(code), reason: reason) }

    // MARK: From the socket

    func opened(_ connection: WebSocketConnection) {
        let now = hub.now()
        shard.add(self, Session(user: greeting.user, head: shard.head, limits: hub.limits.session, now: now))
        log(.info, "websocket connected", ["compression": "\(connection.extensionDescription ?? "none")"])
        let connected = hub.connected(greeting, head: shard.head, now: now)
        perform(session.opened(connected, resume: greeting.resume, now: now))
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

    func writabilityChanged(isWritable: Bool, on connection: WebSocketConnection) {
        guard isWritable else { return }
        perform(session.drained(outboxBytes: connection.bufferedBytes, now: hub.now()))
    }

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) {
        shard.remove(self)
        log(
            .info,
            "websocket closed",
            [
                "close_code": "\(close.code.rawValue)", "reason": "\(close.reason)", "clean": "\(close.isClean)",
            ]
        )
        hub.left(greeting)
    }

    /// A logger with its metadata would be held by every tab, for the few times it is used.
    private func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ metadata: @autoclosure () -> Logger.Metadata
    ) {
        guard let logger = hub.logger(for: greeting, at: level) else { return }
        logger.log(level: level, message, metadata: metadata())
    }

    // MARK: Actions

    /// - Parameter page: what the actions' page indices are about.
    private func perform(_ actions: [Session.Action], page: [LiveMessage] = []) {
        for action in actions {
            switch action {
            case .reply(let message, let number): reply(message, number)
            case .send(let index, let number): socket.send(page[index].prepared, number: number)
            case .read(let position, let limit): read(after: position, limit: limit)
            case .refreshPrices(let symbols):
                let now = hub.now()
                for message in hub.newestPrices(of: symbols) { offer(message, now: now) }
            case .close(let code, let reason): close(code, reason: reason)
            }
        }
    }

    /// For this tab alone: uncompressed, so that it never enters the shared window (design, hot path).
    private func reply(_ message: EncodedMessage, _ number: Int) {
        var text = ByteBufferAllocator().buffer(capacity: EncodedMessage.head.count + 20 + message.tail.count)
        text.writeBytes(EncodedMessage.head)
        text.writeString(String(number))
        text.writeBytes(message.tail)
        socket.send(text: text)
    }

    private func read(after position: Offset, limit: Int) {
        let page = hub.page(after: position, limit: limit, on: socket.eventLoop)
        page.assumeIsolated().whenComplete { result in
            guard self.socket.isOpen else { return }
            let now = self.hub.now()
            switch result {
            case .success(let messages):
                let broadcasts = messages.map(\.broadcast)
                let actions = self.session.replayed(broadcasts, outboxBytes: self.socket.bufferedBytes, now: now)
                self.perform(actions, page: messages)
            case .failure(let error):
                self.log(.error, "replay failed", ["error": "\(error)"])
                self.perform(self.session.replayFailed())
            }
        }
    }
}

@available(*, unavailable)
extension LiveConnection: Sendable {}

extension WebSocketCloseCode {
    init(_ code: CloseCode) { self.init(rawValue: UInt16(code.rawValue)) }
}
