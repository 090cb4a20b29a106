/// What a broadcast needs to know of the connections of one event loop, side by side in memory. Event-loop-bound.
///
/// Writing a small message to one of a thousand connections costs the kernel's part and, above it, the memory touched on
/// the way. So for a connection on which nothing waits a broadcast touches one record of this table and nothing else; all
/// other connections take theirs themselves.
package final class OutboundLanes {
    /// A connection's record, from its opening to its end.
    package struct Index: Hashable, Sendable {
        let value: Int
    }

    private struct Lane {
        /// Whether bytes may go straight to the socket: it is open, and nothing waits that they would overtake.
        var isClear: Bool
        let compression: OutboundCompression
        let socket: DirectSocket?
        /// The ordinal of the shared stream that the peer can follow next; 0 for none.
        var place: UInt64 = 0
        /// In the connection's life, but for some frame heads.
        var sentBytes = 0
    }

    /// The dynamic checks on this table, the sessions' and the joined frames were 4 to 16 % of a delivery's CPU time (three
    /// paired runs, 1,000 tabs); nothing that is called while one of them changes comes back to it.
    @exclusivity(unchecked)
    private var lanes: ContiguousArray<Lane> = []
    private var free: [Int] = []

    /// Whether nothing waits on a connection, so that it has no buffered bytes and takes broadcasts at once.
    package func isClear(_ index: Index) -> Bool { lanes[index.value].isClear }

    /// How many bytes were sent on a connection, whether or not the kernel has taken them.
    package func sentBytes(_ index: Index) -> Int { lanes[index.value].sentBytes }

    func count(sentBytes: Int, _ index: Index) { lanes[index.value].sentBytes += sentBytes }

    /// Sends a connection's copies of the messages of a broadcast: at once, or behind what waits on it.
    ///
    /// - Parameters:
    ///   - wanted: bit by bit, which of the messages; not none of them.
    ///   - first: the number of the first; the others follow it.
    ///   - connection: asked for only when it has to do something itself.
    package func send(
        _ run: BroadcastRun,
        wanted: UInt64,
        numberedFrom first: Int,
        on index: Index,
        of connection: @autoclosure () -> WebSocketConnection
    ) {
        guard first + BroadcastRun.messagesMax <= NumberField.numberMax else {
            return connection().send(run, wanted: wanted, withLongNumbersFrom: first)
        }
        guard lanes[index.value].isClear, let socket = lanes[index.value].socket else {
            return connection().queue(run, wanted: wanted, numberedFrom: first)
        }
        let frames = self.frames(of: run, wanted: wanted, numberedFrom: first, index)
        lanes[index.value].sentBytes += frames.bytes.count
        let taken = frames.bytes.withUnsafeBytes { socket.send($0) }
        if taken < frames.bytes.count { connection().queue(frames.bytes[taken...]) }
    }

    /// The frames of a broadcast that a connection is to be sent next.
    func frames(of run: BroadcastRun, wanted: UInt64, numberedFrom first: Int, _ index: Index) -> JoinedFrames {
        let lane = lanes[index.value]
        let frames = run.frames(wanted: wanted, taking: lane.compression, place: lane.place)
        lanes[index.value].place = frames.placeAfter
        frames.number(from: first)
        return frames
    }

    /// The frame of a message that a connection is to be sent next.
    func frame(of message: PreparedMessage, _ index: Index) -> NumberedFrame {
        lanes[index.value].compression.frame(of: message, place: &lanes[index.value].place)
    }

    /// The peer gets a compressed message that is no part of the shared stream.
    func leaveStream(_ index: Index) { lanes[index.value].place = 0 }

    func setClear(_ isClear: Bool, _ index: Index) { lanes[index.value].isClear = isClear }

    func open(_ socket: DirectSocket?, _ compression: OutboundCompression) -> Index {
        let lane = Lane(isClear: false, compression: compression, socket: socket)
        if let index = free.popLast() {
            lanes[index] = lane
            return Index(value: index)
        }
        lanes.append(lane)
        return Index(value: lanes.count - 1)
    }

    /// To be called once, when the socket is closed.
    func close(_ index: Index) {
        lanes[index.value].isClear = false
        free.append(index.value)
    }
}
