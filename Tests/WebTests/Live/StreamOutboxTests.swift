import Domain
import NIOCore
import Testing
import Wire

@testable import Web

struct StreamOutboxTests {
    private let now = Timestamp(milliseconds: 1_769_164_200_000)
    private let event = ServerSentEvent(.pong(at: Timestamp(milliseconds: 0)), id: nil)
    private let eventBytes = ServerSentEvent(.pong(at: Timestamp(milliseconds: 0)), id: nil).text(number: 7).utf8.count

    private func later(_ time: Int64) -> Timestamp { now.advanced(byMilliseconds: time) }

    @Test func `what waits leaves in order, together, and counts until it is written`() {
        var outbox = StreamOutbox(now: now)
        outbox.add(event, number: 7)
        outbox.add(event, number: 8)
        #expect(outbox.bytes == 2 * eventBytes)
        let piece = outbox.take(at: now)
        #expect(piece.map(String.init(buffer:)) == event.text(number: 7) + event.text(number: 8))
        #expect(outbox.take(at: now) == nil)
        #expect(outbox.bytes == 2 * eventBytes, "the connection does not have it yet")
        outbox.add(event, number: 9)
        #expect(outbox.bytes == 3 * eventBytes)
        outbox.written()
        #expect(outbox.bytes == eventBytes)
        #expect(outbox.take(at: now).map(String.init(buffer:)) == event.text(number: 9))
    }

    @Test func `a long backlog leaves piece by piece, each of whole events`() {
        var outbox = StreamOutbox(now: now)
        let count = 3 * StreamOutbox.pieceBytesMin / eventBytes
        for _ in 0..<count { outbox.add(event, number: 7) }
        var sizes: [Int] = []
        while let piece = outbox.take(at: now) {
            sizes.append(piece.readableBytes)
            outbox.written()
        }
        #expect(sizes.count == 3 && sizes.allSatisfy { $0 < StreamOutbox.pieceBytesMin + eventBytes })
        #expect(sizes.allSatisfy { $0.isMultiple(of: eventBytes) } && sizes.reduce(0, +) == count * eventBytes)
        #expect(outbox.bytes == 0)
    }

    @Test func `a heartbeat is due when nothing was said for the interval`() {
        var outbox = StreamOutbox(now: now)
        outbox.addHeartbeatIfDue(at: later(14_999), intervalMs: 15_000)
        #expect(outbox.bytes == 0)
        outbox.addHeartbeatIfDue(at: later(15_000), intervalMs: 15_000)
        #expect(outbox.take(at: later(15_000)).map(String.init(buffer:)) == ":\n\n")
        outbox.addHeartbeatIfDue(at: later(40_000), intervalMs: 15_000)
        #expect(outbox.take(at: later(40_000)) == nil, "the last one has not been taken")
        outbox.written()
        outbox.addHeartbeatIfDue(at: later(29_999), intervalMs: 15_000)
        #expect(outbox.bytes == 0)
        outbox.addHeartbeatIfDue(at: later(30_000), intervalMs: 15_000)
        #expect(outbox.bytes == 3)
    }

    @Test func `a clock that is set back delays a heartbeat by one interval at most`() {
        var outbox = StreamOutbox(now: now)
        outbox.addHeartbeatIfDue(at: later(-3_600_000), intervalMs: 15_000)
        #expect(outbox.bytes == 0)
        outbox.addHeartbeatIfDue(at: later(-3_600_000 + 15_000), intervalMs: 15_000)
        #expect(outbox.bytes == 3)
    }

    @Test func `a piece that is not taken for too long is noticed, a quiet stream is not`() {
        var outbox = StreamOutbox(now: now)
        #expect(!outbox.isStalled(at: later(100_000), stalledMsMax: 60_000))
        outbox.add(event, number: 7)
        _ = outbox.take(at: now)
        #expect(!outbox.isStalled(at: later(60_000), stalledMsMax: 60_000))
        #expect(outbox.isStalled(at: later(60_001), stalledMsMax: 60_000))
        outbox.written()
        #expect(!outbox.isStalled(at: later(60_001), stalledMsMax: 60_000))
    }
}

extension ServerSentEvent {
    fileprivate func text(number: Int) -> String {
        String(decoding: head, as: UTF8.self) + "\(number)" + String(decoding: tail, as: UTF8.self) + "\(Self.end)"
    }
}
