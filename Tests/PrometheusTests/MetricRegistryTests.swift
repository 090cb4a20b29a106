import Metrics
import Testing

@testable import Prometheus

/// What Prometheus reads (OBS-02…07).
@Suite struct MetricRegistryTests {
    private static let refusedNone = """
        # HELP metric_series_refused_total Series that there was no room for, or that others have the name of.
        # TYPE metric_series_refused_total counter
        metric_series_refused_total 0

        """

    /// Without the line about refused series.
    private func lines(_ registry: MetricRegistry) -> [Substring] {
        registry.text.split(separator: "\n").filter { !$0.contains(MetricRegistry.refusedName) }
    }

    private func value(_ name: String, _ registry: MetricRegistry) -> Substring? {
        registry.text.split(separator: "\n").first { $0.hasPrefix(name + " ") }?.dropFirst(name.count + 1)
    }

    @Test func `nothing counted is nothing said`() {
        #expect(MetricRegistry(help: ["unused_total": "Never made."]).text == Self.refusedNone)
    }

    @Test func `help and type come once, before all series of a name, which are in order`() {
        let registry = MetricRegistry(help: ["posts_total": "Requests that came."])
        for route in ["signals", "events"] {
            Counter(label: "posts_total", dimensions: [("route", route)], factory: registry).increment(by: 2)
        }
        Counter(label: "acks_total", factory: registry).increment()
        #expect(
            lines(registry) == [
                "# TYPE acks_total counter", "acks_total 1", "# HELP posts_total Requests that came.",
                "# TYPE posts_total counter", #"posts_total{route="events"} 2"#, #"posts_total{route="signals"} 2"#,
            ]
        )
        #expect(registry.text.hasSuffix("\n" + Self.refusedNone))
    }

    @Test func `the same labels in another order are the same series`() {
        let registry = MetricRegistry()
        Counter(label: "closed_total", dimensions: [("transport", "ws"), ("code", "1000")], factory: registry)
            .increment()
        Counter(label: "closed_total", dimensions: [("code", "1000"), ("transport", "ws")], factory: registry)
            .increment()
        #expect(lines(registry).last == #"closed_total{code="1000",transport="ws"} 2"#)
    }

    @Test func `what would break a line is escaped`() {
        let registry = MetricRegistry(help: ["odd_total": "A \\ and\na \"line\"."])
        Counter(label: "odd_total", dimensions: [("text", "a\"b\\c\nd é 👩‍💻")], factory: registry).increment()
        #expect(
            lines(registry) == [
                #"# HELP odd_total A \\ and\na "line"."#, "# TYPE odd_total counter",
                #"odd_total{text="a\"b\\c\nd é 👩‍💻"} 1"#,
            ]
        )
    }

    @Test(arguments: [
        ("requests.per-second", "requests_per_second"), ("2fast", "_2fast"), ("", "_"), ("a:b", "a:b"),
        ("zähler", "z_hler"),
        ("٣", "_"),
    ])
    func `a name that Prometheus would not take is made one`(_ given: String, _ told: String) {
        let registry = MetricRegistry()
        Counter(label: given, factory: registry).increment()
        #expect(lines(registry).last == "\(told) 1")
    }

    @Test func `labels cannot take the names that Prometheus and histograms need`() {
        let registry = MetricRegistry()
        let labels = [("le", "1"), ("__name__", "x"), ("a:b", "y"), ("twice", "1"), ("twice", "2")]
        Counter(label: "c_total", dimensions: labels, factory: registry).increment()
        #expect(lines(registry).last == #"c_total{a_b="y",exported_le="1",exported_name__="x",twice="2"} 1"#)
    }

    @Test func `a counter never falls`() {
        let registry = MetricRegistry()
        let counter = Counter(label: "c_total", factory: registry)
        counter.increment(by: 5)
        counter.increment(by: -3)
        let precise = FloatingPointCounter(label: "p_total", factory: registry)
        for amount in [0.5, -0.25, .nan, .infinity, 0.75] { precise.increment(by: amount) }
        #expect(value("c_total", registry) == "5" && value("p_total", registry) == "1.25")
        counter.reset()
        #expect(value("c_total", registry) == "0")
    }

    @Test func `a gauge is what was set last`() {
        let registry = MetricRegistry()
        let meter = Meter(label: "open", factory: registry)
        meter.set(7)
        meter.increment(by: 2)
        meter.decrement()
        Gauge(label: "temperature", factory: registry).record(-0.5)
        #expect(lines(registry) == ["# TYPE open gauge", "open 8", "# TYPE temperature gauge", "temperature -0.5"])
    }

    @Test func `numbers that are none are told as Prometheus knows them`() {
        let registry = MetricRegistry()
        for (name, number) in [("a", Double.nan), ("b", .infinity), ("c", -.infinity), ("d", 1e300), ("e", 0.1)] {
            Gauge(label: name, factory: registry).record(number)
        }
        #expect(["a", "b", "c", "d", "e"].map { value($0, registry) } == ["NaN", "+Inf", "-Inf", "1e+300", "0.1"])
    }

    @Test func `a histogram counts up to each bound, all in the last, and their sum`() {
        let registry = MetricRegistry(help: ["wait_ms": "How long."])
        let recorder = Recorder(label: "wait_ms", dimensions: [("kind", "x")], factory: registry)
        for value in [0, 0.25, 0.375, 500, 500.5, 60_000, 60_001, .nan] { recorder.record(value) }
        #expect(
            lines(registry).prefix(6) + lines(registry).suffix(4) == [
                "# HELP wait_ms How long.", "# TYPE wait_ms histogram", #"wait_ms_bucket{kind="x",le="0.25"} 2"#,
                #"wait_ms_bucket{kind="x",le="0.5"} 3"#, #"wait_ms_bucket{kind="x",le="1"} 3"#,
                #"wait_ms_bucket{kind="x",le="2"} 3"#, #"wait_ms_bucket{kind="x",le="60000"} 6"#,
                #"wait_ms_bucket{kind="x",le="+Inf"} 7"#, #"wait_ms_sum{kind="x"} 121002.125"#,
                #"wait_ms_count{kind="x"} 7"#,
            ]
        )
        #expect(lines(registry).contains(#"wait_ms_bucket{kind="x",le="500"} 4"#))
        #expect(lines(registry).contains(#"wait_ms_bucket{kind="x",le="1000"} 5"#))
    }

    @Test func `a timer is told in the unit of its name`() {
        let registry = MetricRegistry()
        for name in ["store_ms", "store_seconds", "store"] {
            Timer(label: name, factory: registry).recordMilliseconds(1_500)
        }
        #expect(
            ["store_ms_sum", "store_seconds_sum", "store_sum"].map { value($0, registry) } == ["1500", "1.5", "1.5"]
        )
    }

    @Test func `a name keeps its kind`() {
        let registry = MetricRegistry()
        Counter(label: "mixed", factory: registry).increment()
        Gauge(label: "mixed", factory: registry).record(9)
        Recorder(label: "mixed", dimensions: [("a", "b")], factory: registry).record(9)
        FloatingPointCounter(label: "mixed", factory: registry).increment(by: 9)
        #expect(lines(registry) == ["# TYPE mixed counter", "mixed 1"])
        #expect(value(MetricRegistry.refusedName, registry) == "3")
    }

    @Test func `labels that never end fill nothing`() {
        var limits = MetricRegistry.Limits()
        limits.seriesPerNameMax = 3
        limits.namesMax = 2
        let registry = MetricRegistry(limits: limits)
        for user in 0..<100 {
            Counter(label: "by_user_total", dimensions: [("user", "\(user)")], factory: registry).increment()
        }
        for name in 0..<10 { Counter(label: "c\(name)_total", factory: registry).increment() }
        Counter(label: "by_user_total", dimensions: [("user", "0")], factory: registry).increment()
        #expect(lines(registry).filter { $0.hasPrefix("by_user_total{") }.count == 3)
        #expect(lines(registry).filter { $0.hasPrefix("c") }.count == 1)
        #expect(value(#"by_user_total{user="0"}"#, registry) == "2")
        #expect(value(MetricRegistry.refusedName, registry) == "106")
    }

    @Test func `what is destroyed is no longer told, and makes room`() {
        let registry = MetricRegistry()
        let one = Counter(label: "c_total", dimensions: [("a", "1")], factory: registry)
        let other = Counter(label: "c_total", dimensions: [("a", "2")], factory: registry)
        one.increment()
        one.destroy()
        #expect(lines(registry) == ["# TYPE c_total counter", #"c_total{a="2"} 0"#])
        other.destroy()
        #expect(lines(registry) == [])
    }

    @Test func `nothing is lost when many count at once, while others read`() async {
        let registry = MetricRegistry()
        let (tasks, each) = (8, 2_000)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for number in 0..<each {
                        Counter(label: "c_total", dimensions: [("a", "\(number % 5)")], factory: registry).increment()
                        Recorder(label: "r_ms", factory: registry).record(number % 3)
                        FloatingPointCounter(label: "p_total", factory: registry).increment(by: 0.5)
                    }
                    if task == 0 { _ = registry.text }
                }
            }
            for _ in 0..<20 { _ = registry.text }
        }
        let counts = (0..<5).map { value(#"c_total{a="\#($0)"}"#, registry) }
        #expect(counts == Array(repeating: "\(tasks * each / 5)", count: 5))
        #expect(value("r_ms_count", registry) == "\(tasks * each)")
        #expect(value("p_total", registry) == "\(tasks * each / 2)")
    }
}
