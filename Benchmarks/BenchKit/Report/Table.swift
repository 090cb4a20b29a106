/// Text in columns: the first to the left, the others to the right.
package struct Table {
    private var rows: [[String]]

    package init(header: [String]) { rows = [header] }

    package mutating func add(_ cells: [String]) { rows.append(cells) }

    package var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var lines = rows.map { line($0, widths) }
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.enumerated().map { column, cell in
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            return column == 0 ? cell + padding : padding + cell
        }
        var line = padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension Table {
    /// The table of the benchmark.
    /// - Parameter isJudged: with the goals, and whether they are met.
    package init(_ figures: [Figure], isJudged: Bool) {
        self.init(header: ["", "unit", "floor", "desk", "÷ floor"] + (isJudged ? ["goal", "met"] : []))
        for figure in figures {
            let measured = [
                figure.name,
                figure.unit,
                figure.floor.map(NumberText.measured) ?? "–",
                figure.desk.map(NumberText.measured) ?? "–",
                figure.ratio.map { NumberText.fixed($0, digits: 2) } ?? "–",
            ]
            let judged = [figure.goal?.text ?? "–", figure.isGoalMet.map { $0 ? "yes" : "no" } ?? "–"]
            add(isJudged ? measured + judged : measured)
        }
    }
}
