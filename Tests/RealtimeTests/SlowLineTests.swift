import Realtime
import Testing

/// 5,000 prices a second to one tab, whatever its line, with an approval among them now and then. The time is virtual, so
/// what is asserted here is the rule and not a machine.
struct SlowLineTests {
    private func run(_ line: inout SlowLine, seconds: Int) {
        for millisecond in 1...seconds * 1_000 { line.step(prices: 5, isApproved: millisecond % 530 == 0) }
    }

    /// No prices any more, until all has arrived.
    private func settle(_ line: inout SlowLine) {
        for _ in 0..<6_000 { line.step(prices: 0) }
    }

    private func p95(_ values: some Collection<Int64>) -> Int64 { values.sorted()[values.count * 95 / 100] }

    @Test(arguments: [(5_000.0, 0.0), (5_000, 80), (5_000, 200), (8_000, 40), (20_000, 40), (100_000, 30)])
    func `an approval passes the prices that wait for a slow tab (C8)`(bytesPerSecond: Double, distanceMs: Double) {
        var line = SlowLine(bytesPerSecond: bytesPerSecond, distanceMs: distanceMs)
        run(&line, seconds: 20)
        #expect(line.approvalMs.count >= 36)
        #expect(p95(line.approvalMs) < 500, "\(line.approvalMs.sorted())")
        settle(&line)
        #expect(line.arrived == line.published, "the newest of every symbol")
        #expect(line.numbers == Array(0..<line.numbers.count), "numbers without a hole")
        #expect(line.session.hasPassedOver == false)
    }

    @Test func `what time an approval leaves is used for prices`() {
        var line = SlowLine(bytesPerSecond: 5_000, distanceMs: 40)
        run(&line, seconds: 20)
        #expect(Double(line.sentBytes) > 0.75 * 5_000 * 20)
    }

    @Test(arguments: [(10e6, 0.0), (10e6, 1), (5e6, 30), (3e6, 120)])
    func `a tab that keeps up is sent every price, and is seldom asked`(bytesPerSecond: Double, distanceMs: Double) {
        var line = SlowLine(bytesPerSecond: bytesPerSecond, distanceMs: distanceMs)
        run(&line, seconds: 3)
        let (before, sentBefore, probesBefore) = (line.arrivedCount, line.sentBytes, line.probesCount)
        run(&line, seconds: 4)
        #expect(abs(line.arrivedCount - before - 20_000) <= 1_000)
        #expect(line.probesCount - probesBefore <= (line.sentBytes - sentBefore) / (8 << 10))
        #expect(p95(line.approvalMs) <= Int64(distanceMs) + 5)
    }

    @Test func `a line that becomes slow from one moment to the next has soon sent what waited in it`() {
        var line = SlowLine(bytesPerSecond: 10e6, distanceMs: 20)
        run(&line, seconds: 2)
        line.bytesPerSecond = 5_000
        run(&line, seconds: 15)
        let before = line.approvalMs.count
        run(&line, seconds: 10)
        #expect(p95(line.approvalMs[before...]) < 500)
        line.bytesPerSecond = 10e6
        run(&line, seconds: 3)
        let arrived = line.arrivedCount
        run(&line, seconds: 2)
        #expect(line.arrivedCount - arrived >= 9_000, "and keeps up again when the line does")
    }

    @Test func `a tab that answers nothing is sent one small window of prices, and everything else`() {
        var line = SlowLine(bytesPerSecond: 10e6, distanceMs: 1e9)
        run(&line, seconds: 5)
        let others = 2 + 5_000 / 530
        #expect(line.numbers.count > others && line.numbers.count <= others + 5)
    }

    @Test func `on a slow line every symbol gets its turn, however often others change`() {
        var line = SlowLine(bytesPerSecond: 5_000, distanceMs: 40)
        run(&line, seconds: 10)
        // Fifty symbols of about 200 bytes are two seconds at this speed.
        let oldest = line.arrived.values.min() ?? 0
        #expect(line.arrived.count == 50)
        #expect((line.published.values.max() ?? 0) - oldest < 5_000 * 4)
    }
}
