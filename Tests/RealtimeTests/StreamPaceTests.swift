import Domain
import Realtime
import Testing

/// How much may be on its way; see ``SlowLineTests`` for what comes of it.
struct StreamPaceTests {
    private let now = Samples.now

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }

    /// A tab that has answered the first probe at once.
    private func begun(sentBytes: Int = 500) -> StreamPace {
        var pace = StreamPace()
        let probe = pace.nextProbe(sentBytes: sentBytes, now: now)
        #expect(probe == 1)
        #expect(pace.answered(1, now: after(1)) == true)
        return pace
    }

    @Test func `a tab is asked at once, then when half the window is unanswered, one question at a time`() {
        var pace = begun()
        #expect(pace.nextProbe(sentBytes: 500 + 511, now: now) == nil)
        #expect(pace.nextProbe(sentBytes: 500 + 512, now: now) == 2)
        #expect(pace.nextProbe(sentBytes: 500 + 1_024, now: now) == nil)
    }

    @Test func `a tab is asked, too, when something found no room`() {
        var pace = begun()
        #expect(pace.nextProbe(sentBytes: 900, now: now) == nil)
        #expect(pace.hasRoom(for: 800, sentBytes: 900) == false)
        #expect(pace.nextProbe(sentBytes: 900, now: now) == 2)
    }

    @Test(arguments: [0, 1, 3, UInt32.max]) func `an answer to what was not asked is none`(number: UInt32) {
        var pace = begun()
        #expect(pace.nextProbe(sentBytes: 1_100, now: now) == 2)
        #expect(pace.answered(number, now: after(1)) == false)
        #expect(pace.awaited.map { $0.probe } == 2)
        #expect(pace.answered(2, now: after(1)) == true)
        #expect(pace.answered(2, now: after(2)) == false, "nor is a second one")
    }

    @Test func `a question that got lost is asked again`() {
        var pace = begun()
        #expect(pace.nextProbe(sentBytes: 2_000, now: now) == 2)
        #expect(pace.nextProbe(sentBytes: 2_000, now: after(14_999)) == nil)
        #expect(pace.nextProbe(sentBytes: 2_000, now: after(15_000)) == 3)
        #expect(pace.answered(2, now: after(15_001)) == false)
        #expect(pace.answered(3, now: after(15_001)) == true)
    }

    @Test func `quick answers open the window, up to what is needed`() {
        var pace = begun()
        var sentBytes = 500
        for _ in 0..<20 {
            sentBytes += pace.windowBytes
            guard let probe = pace.nextProbe(sentBytes: sentBytes, now: now) else { continue }
            _ = pace.answered(probe, now: after(1))
        }
        #expect(pace.windowBytes == 32 << 10)
        for _ in 0..<20 {
            #expect(pace.hasRoom(for: pace.windowBytes + 1, sentBytes: sentBytes) == false)
            sentBytes += pace.windowBytes
            guard let probe = pace.nextProbe(sentBytes: sentBytes, now: now) else { continue }
            _ = pace.answered(probe, now: after(1))
        }
        #expect(pace.windowBytes == 256 << 10)
    }

    @Test func `an answer that says nothing of the window does not open it`() {
        var pace = begun()
        #expect(pace.windowBytes == 1_024)
        #expect(pace.hasRoom(for: 5_000, sentBytes: 600) == false)
        let probe = pace.nextProbe(sentBytes: 600, now: now)
        #expect(pace.answered(probe ?? 0, now: after(1)) == true)
        #expect(pace.windowBytes == 1_024)
    }

    @Test func `a slow answer closes the window to what came through in the time`() {
        var pace = begun()
        let probe = pace.nextProbe(sentBytes: 1_500, now: now)
        #expect(pace.answered(probe ?? 0, now: after(251)) == true)
        #expect(pace.windowBytes == 1_000 * 100 / 250)
    }

    @Test func `a window never closes`() {
        var pace = begun()
        for step in 1...10 {
            let probe = pace.nextProbe(sentBytes: 500 + step * 600, now: now)
            _ = pace.answered(probe ?? 0, now: after(1_000_000))
        }
        #expect(pace.windowBytes == 256)
    }

    @Test func `a clock that is set back teaches nothing`() {
        var pace = begun()
        let probe = pace.nextProbe(sentBytes: 1_500, now: now)
        #expect(pace.answered(probe ?? 0, now: after(-3_600_000)) == true)
        #expect(pace.windowBytes == 1_024)
    }

    @Test func `what was sent before a question that was answered has come through`() {
        var pace = begun()
        #expect(!pace.isOnTheWay(sentAt: after(5)), "nothing is asked")
        _ = pace.nextProbe(sentBytes: 2_000, now: after(10))
        #expect(!pace.isOnTheWay(sentAt: now))
        #expect(pace.isOnTheWay(sentAt: after(5)))
        _ = pace.answered(2, now: after(300))
        #expect(!pace.isOnTheWay(sentAt: after(5)))
    }
}
