import BenchKit
import Testing

@Suite struct PercentilesTests {
    @Test func `a percentile is a value that was measured`() {
        let hundred = Percentiles((1...100).shuffled().map { UInt64($0) * 1_000_000 })
        #expect(hundred.milliseconds(at: 0.5) == 50)
        #expect(hundred.milliseconds(at: 0.99) == 99)
        #expect(hundred.milliseconds(at: 1) == 100)
        #expect(hundred.milliseconds(at: 0) == 1)
        #expect(hundred.count == 100)
    }

    @Test func `of a few, p99 is the slowest`() {
        #expect(Percentiles([3_000_000, 1_000_000, 2_000_000]).milliseconds(at: 0.99) == 3)
        #expect(Percentiles([3_000_000, 1_000_000, 2_000_000]).milliseconds(at: 0.5) == 2)
        #expect(Percentiles([4_000_000]).milliseconds(at: 0.5) == 4)
    }

    @Test func `nothing has no percentile`() { #expect(Percentiles([]).milliseconds(at: 0.5) == nil) }

    @Test func `the median is the middle, or the mean of both in the middle`() {
        #expect(Median.of([5, 1, 3]) == 3)
        #expect(Median.of([4, 1, 3, 2]) == 2.5)
        #expect(Median.of([]) == nil)
    }
}
