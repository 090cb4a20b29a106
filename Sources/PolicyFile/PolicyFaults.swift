/// Something wrong with a policy file: where, and what to do.
package struct PolicyFault: Hashable, Sendable, CustomStringConvertible {
    /// Both begin with 1; 0 when it is about the whole file.
    package let line: Int
    package let column: Int
    /// `rules[2].when.notional`; empty for the whole file.
    package let path: String
    package let detail: String

    package var description: String {
        let place = line > 0 ? "\(line):\(column): " : ""
        return place + (path.isEmpty ? detail : "\(path) \(detail)")
    }
}

/// Everything that is wrong with a policy file. Such a file is not loaded, not even in part.
package struct PolicyFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// More are counted and not told.
    package static let faultsMax = 50

    package let faults: [PolicyFault]
    package let leftOut: Int

    init(_ faults: [PolicyFault]) {
        self.faults = Array(faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }.prefix(Self.faultsMax))
        leftOut = faults.count - self.faults.count
    }

    init(_ detail: String, line: Int = 0, column: Int = 0) {
        self.init([PolicyFault(line: line, column: column, path: "", detail: detail)])
    }

    /// In one line, for a log.
    package var description: String {
        let more = faults.count + leftOut - 1
        return (faults.first?.description ?? "") + (more > 0 ? " (and \(more) more)" : "")
    }
}
