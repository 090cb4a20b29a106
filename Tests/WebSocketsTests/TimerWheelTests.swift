import NIOCore
import SeededRandom
import Testing

@testable import WebSockets

@Suite struct TimerWheelTests {
    private static func at(ms: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(ms) }

    @Test func `a deadline comes at the first tick that is not before it`() {
        var wheel = TimerWheel()
        wheel.set(1, at: Self.at(ms: 1_000))
        wheel.set(2, at: Self.at(ms: 1_001))
        #expect(wheel.advance(to: Self.at(ms: 999)) == [])
        #expect(wheel.next == Self.at(ms: 1_000))
        #expect(wheel.advance(to: Self.at(ms: 1_000)) == [1])
        #expect(wheel.advance(to: Self.at(ms: 1_099)) == [])
        #expect(wheel.advance(to: Self.at(ms: 1_100)) == [2])
        #expect(wheel.next == nil)
    }

    @Test func `what is past when it is set comes with the next tick`() {
        var wheel = TimerWheel()
        wheel.set(1, at: Self.at(ms: 10_000))
        #expect(wheel.advance(to: Self.at(ms: 9_000)) == [])
        wheel.set(2, at: Self.at(ms: 50))
        #expect(wheel.advance(to: Self.at(ms: 9_100)) == [2])
        #expect(wheel.advance(to: Self.at(ms: 10_000)) == [1])
    }

    @Test func `what is taken back does not come`() {
        var wheel = TimerWheel()
        let time = wheel.set(1, at: Self.at(ms: 1_000))
        wheel.set(2, at: Self.at(ms: 1_000))
        wheel.cancel(1, at: time)
        wheel.cancel(3, at: time)
        #expect(wheel.advance(to: Self.at(ms: 2_000)) == [2])
    }

    @Test(arguments: 0..<50)
    func `whatever is set and taken back, each comes once and in time`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var wheel = TimerWheel()
        var expected: [Int: Int64] = [:]
        var times: [Int: NIODeadline] = [:]
        var now: Int64 = Int64.random(in: 0...1_000_000, using: &random)
        _ = wheel.advance(to: Self.at(ms: now))
        for id in 0..<300 {
            // Some beyond a turn of the wheel, some past.
            let deadline = max(0, now + Int64.random(in: -500...120_000, using: &random))
            times[id] = wheel.set(id, at: Self.at(ms: deadline))
            expected[id] = max(deadline, now)
            if Int.random(in: 0..<4, using: &random) == 0 {
                let id = try #require(expected.keys.randomElement(using: &random))
                wheel.cancel(id, at: try #require(times[id]))
                expected[id] = nil
            }
            guard Bool.random(using: &random) else { continue }
            let before = now
            now += Int64.random(in: 0...3_000, using: &random)
            if let next = wheel.next, let first = expected.values.min() {
                #expect(next <= Self.at(ms: max(first, before) + 2 * TimerWheel.tickMs))
            }
            for due in wheel.advance(to: Self.at(ms: now)) {
                let deadline = expected.removeValue(forKey: due)
                #expect(deadline.map { $0 <= now } == true)
            }
            // Nothing is late by more than two ticks: one for the rounding, one for what was past when it was set.
            #expect(expected.values.allSatisfy { $0 > now - 2 * TimerWheel.tickMs })
        }
        #expect(Set(wheel.advance(to: Self.at(ms: now + 200_000))) == Set(expected.keys))
        #expect(wheel.next == nil)
    }
}
