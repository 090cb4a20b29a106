/// Durations in order. The value at a fraction is the smallest that at least that fraction of them does not exceed.
package struct Percentiles: Sendable {
    private let sortedNs: [UInt64]

    package init(_ nanoseconds: [UInt64]) { sortedNs = nanoseconds.sorted() }

    package var count: Int { sortedNs.count }

    /// In milliseconds; `nil` when there are none.
    package func milliseconds(at fraction: Double) -> Double? {
        guard !sortedNs.isEmpty else { return nil }
        let rank = Int((fraction * Double(sortedNs.count)).rounded(.up))
        return Double(sortedNs[min(max(rank, 1), sortedNs.count) - 1]) / 1e6
    }
}

/// The middle of several measurements of one thing; of an even number, the mean of the two in the middle.
package enum Median {
    package static func of(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
