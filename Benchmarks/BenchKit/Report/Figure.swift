/// One line of the table: what the desk and the floor measured, and what is wanted. Nothing here passes or fails.
package struct Figure: Sendable, Codable, Equatable {
    package let name: String
    package let unit: String
    package let desk: Double?
    package let floor: Double?
    /// Of the desk to the floor.
    package let ratio: Double?
    package let goal: Goal?
    /// The measurements behind the medians.
    package let deskRounds: [Double]
    package let floorRounds: [Double]

    /// The medians of several rounds. The floor was measured before each round, or also after the last: then each round's
    /// ratio is to the floor on both sides of it, for a machine's speed drifts.
    package init(_ name: String, _ unit: String, desk: [Double?], floor: [Double?] = [], goal: Goal? = nil) {
        let desk = desk.compactMap(\.self)
        let floor = floor.compactMap(\.self)
        self.name = name
        self.unit = unit
        self.desk = Median.of(desk)
        self.floor = Median.of(floor)
        ratio = Self.ratio(desk, floor)
        self.goal = goal
        deskRounds = desk
        floorRounds = floor
    }

    package var isGoalMet: Bool? {
        guard let goal, let value = goal.isOfRatio ? ratio : desk else { return nil }
        return goal.isAtMost ? value <= goal.bound : value >= goal.bound
    }

    private static func ratio(_ desk: [Double], _ floor: [Double]) -> Double? {
        guard !desk.isEmpty, floor.count >= desk.count else {
            guard let desk = Median.of(desk), let floor = Median.of(floor), floor > 0 else { return nil }
            return desk / floor
        }
        let ratios = desk.indices.compactMap { round -> Double? in
            let beside = floor.count > desk.count ? (floor[round] + floor[round + 1]) / 2 : floor[round]
            return beside > 0 ? desk[round] / beside : nil
        }
        return Median.of(ratios)
    }
}

/// What is wanted of a figure.
package struct Goal: Sendable, Codable, Equatable {
    package let bound: Double
    package let isAtMost: Bool
    /// Of the ratio to the floor instead of the figure itself.
    package let isOfRatio: Bool

    package static func atMost(_ bound: Double) -> Goal { Goal(bound: bound, isAtMost: true, isOfRatio: false) }
    package static func atLeast(_ bound: Double) -> Goal { Goal(bound: bound, isAtMost: false, isOfRatio: false) }
    package static func ratioAtMost(_ bound: Double) -> Goal { Goal(bound: bound, isAtMost: true, isOfRatio: true) }

    package var text: String {
        let number = isOfRatio ? "\(NumberText.fixed(bound, digits: 2)) × floor" : NumberText.plain(bound)
        return (isAtMost ? "≤ " : "≥ ") + number
    }
}
