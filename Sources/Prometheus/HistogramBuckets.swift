/// Where the buckets of a histogram end, by the unit that its name ends with. Fixed, so that what was stored last year can be
/// held against today's.
struct HistogramBuckets {
    /// 500 ms is what a decision has to reach every tab (DLV-04).
    static let milliseconds: [Double] = [
        0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000,
    ]
    static let seconds = milliseconds.map { $0 / 1_000 }
    static let bytes: [Double] = (0...10).map { Double(256 << ($0 * 2)) }
    static let others: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]

    /// Ascending; what is larger than the last is counted all the same.
    let bounds: [Double]
    /// For a timer.
    let nanosecondsPerUnit: Double

    init(of name: String) {
        nanosecondsPerUnit = name.hasSuffix("_ms") ? 1e6 : 1e9
        if name.hasSuffix("_ms") {
            bounds = Self.milliseconds
        } else if name.hasSuffix("_seconds") {
            bounds = Self.seconds
        } else if name.hasSuffix("_bytes") {
            bounds = Self.bytes
        } else {
            bounds = Self.others
        }
    }
}

/// What a histogram holds.
struct HistogramReading: Equatable {
    let bounds: [Double]
    /// One for each bound, and one for what is larger than all; each value in one.
    private(set) var counts: [Int64]
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// A bucket holds what is not above its bound.
    mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
