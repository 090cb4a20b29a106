import Domain
import NIOCore
import Realtime
import Wire

/// The tabs of one event loop. Event-loop-bound: touched by its loop alone, without locks.
final class LiveShard {
    let eventLoop: any EventLoop
    /// The last offset that was offered to the tabs of this loop.
    private(set) var head: Offset
    private var connections: [ObjectIdentifier: LiveConnection] = [:]

    init(eventLoop: any EventLoop, head: Offset) {
        self.eventLoop = eventLoop
        self.head = head
    }

    func add(_ connection: LiveConnection) { connections[ObjectIdentifier(connection)] = connection }

    func remove(_ connection: LiveConnection) { connections[ObjectIdentifier(connection)] = nil }

    func deliver(_ messages: [LiveMessage], now: Timestamp) {
        eventLoop.assertInEventLoop()
        for case let offset? in messages.map(\.broadcast.offset) { head = max(head, offset) }
        for connection in connections.values {
            for message in messages { connection.offer(message, now: now) }
        }
    }

    func checkAll(now: Timestamp) {
        for connection in connections.values { connection.check(now: now) }
    }

    /// Closes all tabs, for what comes before `position` cannot be offered to them.
    func startAnew(after position: Offset, reason: String) {
        head = max(head, position)
        for connection in connections.values { connection.close(.tooSlow, reason: reason) }
    }

    var summaries: [LiveConnectionSummary] { connections.values.map(\.summary) }
}

@available(*, unavailable)
extension LiveShard: Sendable {}
