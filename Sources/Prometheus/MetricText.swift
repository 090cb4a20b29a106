/// Writes the text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct MetricText {
    private(set) var text = ""

    mutating func begin(_ name: String, _ kind: MetricKind, help: String?) {
        if let help { text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func add(_ series: any MetricSeries, _ name: String, _ labels: MetricLabels) {
        switch series.reading {
        case .value(let value): add(name, labels, value: value)
        case .histogram(let histogram): add(histogram, name, labels)
        }
    }

    mutating func add(_ name: String, _ labels: MetricLabels, bound: Double? = nil, value: Double) {
        var pairs = labels.pairs.map { #"\#($0.name)="\#(Self.escaped($0.value, quotes: true))""# }
        if let bound { pairs.append(#"le="\#(Self.number(bound))""#) }
        let list = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        text += "\(name)\(list) \(Self.number(value))\n"
    }

    /// Each bucket counts what is in those before it as well.
    private mutating func add(_ histogram: HistogramReading, _ name: String, _ labels: MetricLabels) {
        var below: Int64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
            below += count
            add(name + "_bucket", labels, bound: bound, value: Double(below))
        }
        add(name + "_sum", labels, value: histogram.sum)
        add(name + "_count", labels, value: Double(below))
    }

    /// What Prometheus takes for a name: anything else in it becomes an underscore.
    static func name(_ text: String) -> String {
        let name = text.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ":": Character(scalar)
            default: "_"
            }
        }
        let isUsable = name.first.map { !$0.isNumber } ?? false
        return (isUsable ? "" : "_") + String(name)
    }

    static func escaped(_ text: String, quotes: Bool) -> String {
        let escaped = text.replacing("\\", with: #"\\"#).replacing("\n", with: #"\n"#)
        return quotes ? escaped.replacing("\"", with: #"\""#) : escaped
    }

    /// Whole numbers without a point, so that they read as what they count.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
