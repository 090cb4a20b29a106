import DequeModule
import Domain
import NIOCore
import Wire

/// What waits for the reader of one event stream: events its writer has not taken, and those it is writing.
///
/// A state machine without input or output. Events are handed out whole, so that a stream which ends while something waits
/// has not sent half of one.
struct StreamOutbox {
    /// Events are joined into pieces of about this size, each for one write.
    static let pieceBytesMin = 65_536

    private var waiting: Deque<ByteBuffer> = []
    private var waitingBytes = 0
    private var writing: (bytes: Int, since: Timestamp)?
    private var saidSomethingAt: Timestamp
    /// In the stream's life.
    private(set) var addedBytes = 0

    init(now: Timestamp) { saidSomethingAt = now }

    /// What the connection has not taken.
    var bytes: Int { waitingBytes + (writing?.bytes ?? 0) }

    mutating func add(_ event: ServerSentEvent, number: Int) {
        add(bytesMax: event.head.count + event.tail.count + 24) { piece in
            piece.writeBytes(event.head)
            piece.writeString(String(number))
            piece.writeBytes(event.tail)
            piece.writeStaticString(ServerSentEvent.end)
        }
    }

    mutating func add(_ text: String) {
        add(bytesMax: text.utf8.count) { $0.writeString(text) }
    }

    /// Adds a heartbeat when nothing was said for the interval and nothing waits to be.
    mutating func addHeartbeatIfDue(at now: Timestamp, intervalMs: Int) {
        // A clock that was set back starts the interval anew.
        if now < saidSomethingAt { saidSomethingAt = now }
        guard bytes == 0, now.milliseconds - saidSomethingAt.milliseconds >= intervalMs else { return }
        add(bytesMax: ServerSentEvent.heartbeat.utf8CodeUnitCount) { $0.writeStaticString(ServerSentEvent.heartbeat) }
    }

    /// The next piece for the writer; `nil` when nothing waits.
    mutating func take(at now: Timestamp) -> ByteBuffer? {
        guard let piece = waiting.popFirst() else { return nil }
        waitingBytes -= piece.readableBytes
        writing = (piece.readableBytes, now)
        saidSomethingAt = now
        return piece
    }

    /// The connection has taken the piece that was being written.
    mutating func written() { writing = nil }

    /// Whether the connection has had the same piece for longer than this.
    func isStalled(at now: Timestamp, stalledMsMax: Int) -> Bool {
        writing.map { now.milliseconds - $0.since.milliseconds > stalledMsMax } ?? false
    }

    private mutating func add(bytesMax: Int, _ write: (inout ByteBuffer) -> Void) {
        if waiting.last.map({ $0.readableBytes >= Self.pieceBytesMin }) ?? true { waiting.append(ByteBuffer()) }
        let last = waiting.endIndex - 1
        let before = waiting[last].readableBytes
        waiting[last].reserveCapacity(minimumWritableBytes: bytesMax)
        write(&waiting[last])
        waitingBytes += waiting[last].readableBytes - before
        addedBytes += waiting[last].readableBytes - before
    }
}
