internal import NIOCore
internal import Synchronization

/// What the connections of one event loop of a server share: the flush at the end of a loop round, a compressor, the table
/// that broadcasts look at, and one timer for all heartbeats.
///
/// However many messages a round sends to a connection, they leave in one write, and however many connections a round
/// sends to, one task flushes them all. Event-loop-bound.
final class LoopRound {
    let configuration: WebSocketConfiguration
    let lanes = OutboundLanes()
    private let eventLoop: any EventLoop
    private var waiting: [WebSocketConnection] = []
    private var deflater: Deflater?
    private var heartbeats = TimerWheel()
    /// Whose heartbeat is due, by its lane.
    private var beating: [Int: WebSocketConnection] = [:]
    private var nextHeartbeat: (time: NIODeadline, task: Scheduled<Void>)?

    init(eventLoop: any EventLoop, configuration: WebSocketConfiguration) {
        self.eventLoop = eventLoop
        self.configuration = configuration
    }

    /// Calls the connection's `tick()` at the first moment that is not before `deadline`.
    ///
    /// - Returns: the moment, for ``cancelHeartbeat(of:at:)``.
    func heartbeat(of connection: WebSocketConnection, at deadline: NIODeadline) -> NIODeadline {
        let id = connection.lane.value
        beating[id] = connection
        let time = heartbeats.set(id, at: deadline)
        if nextHeartbeat.map({ time < $0.time }) ?? true { wake(at: time) }
        return time
    }

    func cancelHeartbeat(of connection: WebSocketConnection, at time: NIODeadline) {
        guard beating.removeValue(forKey: connection.lane.value) != nil else { return }
        heartbeats.cancel(connection.lane.value, at: time)
    }

    private func wake(at time: NIODeadline) {
        nextHeartbeat?.task.cancel()
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.beat() }
        nextHeartbeat = (time, task)
    }

    private func beat() {
        nextHeartbeat = nil
        for id in heartbeats.advance(to: eventLoop.now) { beating.removeValue(forKey: id)?.tick() }
        if nextHeartbeat == nil, let next = heartbeats.next { wake(at: next) }
    }

    /// Flushes `connection` when what now runs on the loop has run.
    func flushLater(_ connection: WebSocketConnection) {
        if waiting.isEmpty { eventLoop.assumeIsolated().execute { self.flushAll() } }
        waiting.append(connection)
    }

    /// Compresses a message for one connection.
    func compress(_ message: ByteBuffer, windowBits: Int) -> ByteBuffer {
        guard windowBits == 15 || message.readableBytes <= 1 << windowBits else {
            var narrow = Deflater(windowBits: windowBits)
            return narrow.compress(message)
        }
        if deflater == nil { deflater = Deflater(windowBits: 15) }
        return deflater!.compress(message)
    }

    private func flushAll() {
        let connections = waiting
        waiting.removeAll(keepingCapacity: true)
        for connection in connections { connection.flush() }
    }
}

@available(*, unavailable)
extension LoopRound: Sendable {}

/// The rounds of a server's event loops, one each, made when first asked for. Asked once per connection.
final class LoopRounds: Sendable {
    private let configuration: WebSocketConfiguration
    private let rounds = Mutex<[ObjectIdentifier: NIOLoopBound<LoopRound>]>([:])

    init(configuration: WebSocketConfiguration) { self.configuration = configuration }

    /// Must be called on `eventLoop`.
    func round(of eventLoop: any EventLoop) -> LoopRound {
        rounds.withLock { rounds in
            let id = ObjectIdentifier(eventLoop)
            if let known = rounds[id] { return known }
            let new = NIOLoopBound(
                LoopRound(eventLoop: eventLoop, configuration: configuration),
                eventLoop: eventLoop
            )
            rounds[id] = new
            return new
        }.value
    }
}
