import Domain
import NIOCore
import Realtime
import WebSockets
import Wire

/// The tabs of one event loop. Event-loop-bound: touched by its loop alone, without locks.
final class LiveShard {
    let eventLoop: any EventLoop
    /// The last offset that was offered to the tabs of this loop.
    private(set) var head: Offset
    /// What a broadcast needs of each tab, side by side in memory. In no order; each connection knows its place, so that
    /// it can be taken out at once.
    ///
    /// The dynamic check of exclusivity would be paid per tab and message; what is called while a session changes does not
    /// come back to the shard.
    @exclusivity(unchecked)
    private var tabs: ContiguousArray<Tab> = []

    /// Those of the server that accepted the tabs; `nil` before the first.
    private var lanes: OutboundLanes?

    private struct Tab {
        var session: Session
        let lane: OutboundLanes.Index
        let connection: LiveConnection
    }

    init(eventLoop: any EventLoop, head: Offset) {
        self.eventLoop = eventLoop
        self.head = head
    }

    func add(_ connection: LiveConnection, _ session: Session) {
        precondition(lanes == nil || lanes === connection.socket.lanes, "the tabs of a hub are those of one server")
        lanes = connection.socket.lanes
        connection.place = tabs.count
        tabs.append(Tab(session: session, lane: connection.socket.lane, connection: connection))
    }

    func remove(_ connection: LiveConnection) {
        guard let place = connection.place else { return }
        connection.place = nil
        let last = tabs.removeLast()
        guard last.connection !== connection else { return }
        last.connection.place = place
        tabs[place] = last
    }

    /// The session of the tab that has this place.
    subscript(place: Int) -> Session {
        get { tabs[place].session }
        set { tabs[place].session = newValue }
    }

    func deliver(_ messages: LiveMessages, now: Timestamp) {
        eventLoop.assertInEventLoop()
        if let offset = messages.batch.lastOffset { head = max(head, offset) }
        guard let lanes, !tabs.isEmpty else { return }
        let run = BroadcastRun(messages.prepared)
        for place in tabs.indices {
            let lane = tabs[place].lane
            let outboxBytes = lanes.isClear(lane) ? 0 : tabs[place].connection.socket.bufferedBytes
            let offered = tabs[place].session.offer(messages.batch, outboxBytes: outboxBytes, now: now)
            guard let (wanted, first) = offered else { continue }
            lanes.send(run, wanted: wanted, numberedFrom: first, on: lane, of: tabs[place].connection.socket)
        }
    }

    func checkAll(now: Timestamp) {
        for place in tabs.indices { tabs[place].connection.check(now: now) }
    }

    /// Closes all tabs, for what comes before `position` cannot be offered to them.
    func startAnew(after position: Offset, reason: String) {
        head = max(head, position)
        for tab in tabs { tab.connection.close(.tooSlow, reason: reason) }
    }

    var summaries: [LiveConnectionSummary] { tabs.map(\.connection.summary) }
}

@available(*, unavailable)
extension LiveShard: Sendable {}
