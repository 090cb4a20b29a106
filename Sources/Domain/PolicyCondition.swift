import Foundation

extension Policy {
    /// What a rule asks of a signal and of the desk around it.
    package enum Condition: Hashable, Sendable {
        case risk(Bounds)
        case notional(Bounds)
        case campaignUtilisation(Bounds)
        case campaignAfter(Bounds)
        case heatAfter(Bounds)
        case grade(Set<Grade>)
        case symbol([NamePattern])
        case source([NamePattern])
        case side(Set<Side>)
    }

    /// Limits of an amount; what is `nil` limits nothing.
    package struct Bounds: Hashable, Sendable {
        package var above: Quantity?
        package var atLeast: Quantity?
        package var below: Quantity?
        package var atMost: Quantity?

        package init(
            above: Quantity? = nil,
            atLeast: Quantity? = nil,
            below: Quantity? = nil,
            atMost: Quantity? = nil
        ) {
            self.above = above
            self.atLeast = atLeast
            self.below = below
            self.atMost = atMost
        }

        func contains(_ amount: Decimal) -> Bool {
            if let above, amount <= above.value { return false }
            if let atLeast, amount < atLeast.value { return false }
            if let below, amount >= below.value { return false }
            if let atMost, amount > atMost.value { return false }
            return true
        }

        /// "is above 1 %"
        func words(_ unit: String) -> String {
            let parts = [
                above.map { "above \($0)\(unit)" }, atLeast.map { "at least \($0)\(unit)" },
                below.map { "below \($0)\(unit)" }, atMost.map { "at most \($0)\(unit)" },
            ]
            return "is " + parts.compactMap(\.self).joined(separator: " and ")
        }
    }

    /// A name, or with a `*` at its end all that begin so. Small and capital letters are the same.
    package struct NamePattern: Hashable, Sendable {
        package let text: String

        package init(_ text: String) { self.text = text.lowercased() }

        func matches(_ name: String) -> Bool {
            let name = name.lowercased()
            return text.hasSuffix("*") ? name.hasPrefix(text.dropLast()) : name == text
        }
    }

    /// Whether a condition holds, and why, in words.
    enum Answer: Hashable {
        case holds(String)
        case fails
        /// A number it asks for is not known: the rule applies, for nobody can say that it does not.
        case unknown(String)
    }
}

extension Policy.Condition {
    func answer(for proposal: Proposal, _ numbers: DeskNumbers) -> Policy.Answer {
        switch self {
        case .risk(let bounds): Self.answer(numbers.riskPercentage, bounds, "its risk", " %")
        case .notional(let bounds): Self.answer(numbers.notional, bounds, "its notional", "")
        case .heatAfter(let bounds): Self.answer(numbers.heatAfter, bounds, "the heat after the trade", " %")
        case .campaignUtilisation(let bounds):
            proposal.campaignID == nil
                ? .fails : Self.answer(numbers.campaignUtilisation, bounds, "the use of its campaign", " %")
        case .campaignAfter(let bounds):
            proposal.campaignID == nil
                ? .fails : Self.answer(numbers.campaignAfter, bounds, "the use of its campaign after the trade", " %")
        case .grade(let grades):
            if let grade = proposal.confidenceGrade {
                grades.contains(grade) ? .holds("its grade is \(grade.rawValue)") : .fails
            } else {
                .unknown("its grade is not known")
            }
        case .side(let sides):
            if let side = proposal.side {
                sides.contains(side) ? .holds("it is a \(side.rawValue)") : .fails
            } else {
                .unknown("its side is not known")
            }
        case .symbol(let patterns):
            patterns.contains { $0.matches(proposal.symbol.text) } ? .holds("it is \(proposal.symbol)") : .fails
        case .source(let patterns):
            patterns.contains { $0.matches(proposal.source) } ? .holds("it is from \(proposal.source)") : .fails
        }
    }

    private static func answer(
        _ amount: Decimal?,
        _ bounds: Policy.Bounds,
        _ name: String,
        _ unit: String
    ) -> Policy.Answer {
        guard let amount else { return .unknown("\(name) is not known") }
        guard bounds.contains(amount) else { return .fails }
        return .holds("\(name), \(DeskNumbers.text(amount))\(unit), \(bounds.words(unit))")
    }
}
