import Metrics
import Synchronization

/// One line of numbers, or the lines of one histogram.
protocol MetricSeries: AnyObject, Sendable {
    var reading: MetricReading { get }
}

enum MetricReading: Equatable {
    case value(Double)
    case histogram(HistogramReading)
}

/// Only ever grows: what would make it less is passed over.
final class CounterSeries: CounterHandler, MetricSeries {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() { count.store(0, ordering: .relaxed) }

    var reading: MetricReading { .value(Double(count.load(ordering: .relaxed))) }
}

/// Only ever grows: what would make it less, or no number, is passed over.
final class FloatingPointCounterSeries: FloatingPointCounterHandler, MetricSeries {
    private let sum = Mutex(0.0)

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        sum.withLock { $0 += amount }
    }

    func reset() { sum.withLock { $0 = 0 } }

    var reading: MetricReading { .value(sum.withLock(\.self)) }
}

/// The last value set.
final class GaugeSeries: MeterHandler, RecorderHandler, MetricSeries {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { value.withLock { $0 = Double(new) } }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(new) }
    func record(_ new: Double) { set(new) }

    var reading: MetricReading { .value(value.withLock(\.self)) }
}

/// How often which values came. What is no number is passed over: a sum with it would be none either.
final class HistogramSeries: RecorderHandler, TimerHandler, MetricSeries {
    private let buckets: HistogramBuckets
    private let state: Mutex<HistogramReading>

    init(_ buckets: HistogramBuckets) {
        self.buckets = buckets
        state = Mutex(HistogramReading(bounds: buckets.bounds))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        state.withLock { $0.add(value) }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / buckets.nanosecondsPerUnit) }

    var reading: MetricReading { .histogram(state.withLock(\.self)) }
}
