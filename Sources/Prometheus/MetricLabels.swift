/// The labels of a series. In the order of their names: who names them in another order means the same series.
struct MetricLabels: Hashable, Comparable {
    let pairs: [Pair]

    struct Pair: Hashable, Comparable {
        let name: String
        let value: String

        static func < (one: Pair, other: Pair) -> Bool { (one.name, one.value) < (other.name, other.value) }
    }

    /// Of a name that comes twice the last counts.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions { values[Self.name(name)] = value }
        pairs = values.map { Pair(name: $0.key, value: $0.value) }.sorted()
    }

    static func < (one: MetricLabels, other: MetricLabels) -> Bool { one.pairs.lexicographicallyPrecedes(other.pairs) }

    /// As Prometheus takes it. `le` is the histograms' own, and two underscores are Prometheus's.
    private static func name(_ text: String) -> String {
        let name = MetricText.name(text).replacing(":", with: "_")
        return name == "le" || name.hasPrefix("__") ? "exported_" + name.drop { $0 == "_" } : name
    }
}
