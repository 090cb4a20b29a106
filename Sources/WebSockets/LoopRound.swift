internal import NIOCore
internal import Synchronization

/// What the connections of one event loop share: the flush at the end of a loop round, a compressor, and the table that
/// broadcasts look at.
///
/// However many messages a round sends to a connection, they leave in one write, and however many connections a round
/// sends to, one task flushes them all. Event-loop-bound.
final class LoopRound {
    private let eventLoop: any EventLoop
    private var waiting: [WebSocketConnection] = []
    private var deflater: Deflater?
    let lanes = OutboundLanes()

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
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
    private let rounds = Mutex<[ObjectIdentifier: NIOLoopBound<LoopRound>]>([:])

    /// Must be called on `eventLoop`.
    func round(of eventLoop: any EventLoop) -> LoopRound {
        rounds.withLock { rounds in
            let id = ObjectIdentifier(eventLoop)
            if let known = rounds[id] { return known }
            let new = NIOLoopBound(LoopRound(eventLoop: eventLoop), eventLoop: eventLoop)
            rounds[id] = new
            return new
        }.value
    }
}
