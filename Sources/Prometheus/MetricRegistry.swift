package import Metrics
import Synchronization

/// The metrics of this process, for Prometheus to read: a factory behind the API of swift-metrics.
///
/// Counters are counters; recorders that aggregate, and timers, are histograms with the buckets of ``HistogramBuckets``; other
/// recorders and meters are gauges. The same name with the same labels is the same series, whoever asks for it.
///
/// A mutex around the table: taken when a metric is made and when all are read, never when something is counted. Series have
/// their own.
package final class MetricRegistry: MetricsFactory {
    package struct Limits: Sendable {
        /// Series of one name. Further ones count nothing, and it is told how many they are: whatever the labels are made of
        /// must not fill the memory, here or in Prometheus.
        package var seriesPerNameMax = 256
        package var namesMax = 256
        package init() {}
    }

    private struct State {
        var families: [String: MetricFamily] = [:]
        var refused: Int64 = 0
    }

    /// Of ``text``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    /// Says how many series there was no room for.
    package static let refusedName = "metric_series_refused_total"

    private let limits: Limits
    private let help: [String: String]
    private let state = Mutex(State())

    /// - Parameter help: what each metric means, by its name.
    package init(help: [String: String] = [:], limits: Limits = Limits()) {
        self.limits = limits
        self.help = help
    }

    // MARK: Reading

    /// Everything, in the text format 0.0.4, in the order of the names.
    package var text: String {
        let (families, refused) = state.withLock { ($0.families, $0.refused) }
        var text = MetricText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name, family.kind, help: help[name])
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                text.add(series, name, labels)
            }
        }
        text.begin(
            Self.refusedName,
            .counter,
            help: "Series that there was no room for, or that others have the name of."
        )
        text.add(Self.refusedName, MetricLabels([]), value: Double(refused))
        return text.text
    }

    // MARK: Making

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { CounterSeries() } ?? CounterSeries()
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { FloatingPointCounterSeries() } ?? FloatingPointCounterSeries()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { GaugeSeries() } ?? GaugeSeries()
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { GaugeSeries() } ?? GaugeSeries() }
        let buckets = HistogramBuckets(of: label)
        return series(label, dimensions, .histogram) { HistogramSeries(buckets) } ?? HistogramSeries(buckets)
    }

    /// In the unit that its name ends with: `_ms`, or else seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let buckets = HistogramBuckets(of: label)
        return series(label, dimensions, .histogram) { HistogramSeries(buckets) } ?? HistogramSeries(buckets)
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// `nil` when there is no room, or when the name is taken by another kind of metric: its readers would not understand both.
    private func series<Series: MetricSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: MetricKind,
        _ make: () -> Series
    ) -> Series? {
        let name = MetricText.name(label)
        let labels = MetricLabels(dimensions)
        return state.withLock { state in
            let isKnown = state.families[name] != nil
            var family = state.families[name] ?? MetricFamily(kind: kind)
            if let there = family.series[labels] as? Series, family.kind == kind { return there }
            guard family.kind == kind, family.series[labels] == nil, family.series.count < limits.seriesPerNameMax,
                isKnown || state.families.count < limits.namesMax
            else {
                state.refused += 1
                return nil
            }
            let series = make()
            family.series[labels] = series
            state.families[name] = family
            return series
        }
    }

    private func remove(_ handler: any AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                state.families[name]?.series[labels] = nil
                if state.families[name]?.series.isEmpty ?? false { state.families[name] = nil }
            }
        }
    }
}

enum MetricKind: String {
    case counter, gauge, histogram
}

/// All series of one name.
struct MetricFamily {
    let kind: MetricKind
    var series: [MetricLabels: any MetricSeries] = [:]
}
