import Domain
import Testing

@testable import Realtime

/// Sending again until it is acknowledged (DLV-02, C8, TEST-41).
@Suite struct AcknowledgementsTests {
    private let start = Samples.now

    private func after(_ milliseconds: Int64) -> Timestamp { start.advanced(byMilliseconds: milliseconds) }

    /// A message was sent at the start.
    private func waiting(_ offsets: Int64...) -> Acknowledgements {
        var acknowledgements = Acknowledgements()
        for offset in offsets { acknowledgements.sent(Offset(offset), happenedAt: start, at: start) }
        return acknowledgements
    }

    @Test func `unacknowledged, a message is sent again after 100, 500 and 2000 ms, then told as undelivered once`() {
        var acknowledgements = waiting(7)
        var sentAgain: [Int64] = []
        var undelivered: [Int64] = []
        for time in Int64(0)...10_000 {
            let due = acknowledgements.due(at: after(time))
            sentAgain += due.again.map { _ in time }
            undelivered += due.undelivered.map { _ in time }
        }
        #expect(sentAgain == [100, 600, 2_600])
        #expect(undelivered == [4_600])
        #expect(acknowledgements.nextDue == nil)
    }

    @Test func `an acknowledged message is not sent again, and its attempt and latency are told (DLV-03, DLV-07)`() {
        var acknowledgements = waiting(7)
        _ = acknowledgements.due(at: after(100))
        let delivery = Acknowledgements.Delivery(offset: Offset(7), attempt: 2, latencyMs: 130)
        #expect(acknowledgements.acknowledge(upTo: Offset(7), at: after(130)) == [delivery])
        #expect(acknowledgements.isEmpty)
        #expect(acknowledgements.due(at: after(10_000)) == Acknowledgements.Due())
    }

    @Test func `one acknowledgement stands for all before it and none behind it`() {
        var acknowledgements = waiting(3, 5, 9)
        #expect(acknowledgements.acknowledge(upTo: Offset(8), at: start).map(\.offset) == [Offset(3), Offset(5)])
        #expect(acknowledgements.awaits(Offset(9)))
        #expect(acknowledgements.acknowledge(upTo: Offset(8), at: start) == [])
    }

    @Test func `a late acknowledgement still counts after the last attempt`() {
        var acknowledgements = waiting(7)
        for time in [Int64(100), 600, 2_600, 4_600] { _ = acknowledgements.due(at: after(time)) }
        #expect(acknowledgements.acknowledge(upTo: Offset(7), at: after(60_000)).map(\.attempt) == [4])
    }

    @Test func `while earlier bytes have not left no copy is put behind them`() {
        var acknowledgements = waiting(7)
        for time in stride(from: Int64(100), through: 3_000, by: 100) {
            #expect(acknowledgements.due(at: after(time), isHeldUp: { _ in true }) == Acknowledgements.Due())
        }
        #expect(acknowledgements.due(at: after(3_100)).again == [Offset(7)])
        #expect(acknowledgements.acknowledge(upTo: Offset(7), at: after(3_101)).map(\.attempt) == [2])
    }

    @Test func `only what was sent after a moment is held up, when only that may be on its way`() {
        var acknowledgements = waiting(7)
        acknowledgements.sent(Offset(8), happenedAt: start, at: after(50))
        let due = acknowledgements.due(at: after(150)) { $0 > after(40) }
        #expect(due.again == [Offset(7)])
        #expect(acknowledgements.due(at: after(250)).again == [Offset(8)])
    }

    @Test func `beyond a hundred the oldest is given up and told as undelivered, once (DLV-01, DLV-05)`() {
        var acknowledgements = Acknowledgements()
        for offset in Int64(1)...101 { acknowledgements.sent(Offset(offset), happenedAt: start, at: start) }
        #expect(acknowledgements.nextDue == start)
        #expect(acknowledgements.due(at: start) == Acknowledgements.Due(undelivered: [Offset(1)]))
        #expect(acknowledgements.nextDue == after(100))
        #expect(acknowledgements.due(at: after(10)) == Acknowledgements.Due())
        #expect(acknowledgements.acknowledge(upTo: Offset(200), at: start).count == 100)
    }

    @Test func `what was told as undelivered is not told again when it is given up`() {
        var acknowledgements = waiting(1)
        for time in [Int64(100), 600, 2_600, 4_600] { _ = acknowledgements.due(at: after(time)) }
        for offset in Int64(2)...101 { acknowledgements.sent(Offset(offset), happenedAt: start, at: after(5_000)) }
        #expect(acknowledgements.due(at: after(5_000)) == Acknowledgements.Due())
    }

    @Test func `a message that was sent before is not expected twice`() {
        var acknowledgements = waiting(7)
        acknowledgements.sent(Offset(7), happenedAt: start, at: after(50))
        #expect(acknowledgements.acknowledge(upTo: Offset(7), at: after(60)).count == 1)
    }

    @Test func `a clock that was set back makes no negative latency`() {
        var acknowledgements = waiting(7)
        #expect(acknowledgements.acknowledge(upTo: Offset(7), at: after(-5_000)).map(\.latencyMs) == [0])
    }
}
