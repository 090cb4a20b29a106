/// How a team decides: how fast, who, and at which hours (APR-19, APR-20). Made from the entries of a log that settle signals.
package struct DecisionStatistics: Hashable, Sendable {
    /// From a signal's arrival on the desk until it was decided.
    package struct Delays: Hashable, Sendable {
        package let count: Int
        /// The smallest delay that at least half, or nine of ten, decisions did not exceed; `nil` without decisions.
        package let medianMs: Int64?
        package let p90Ms: Int64?
        package let longestMs: Int64?

        init(_ delays: [Int64]) {
            let sorted = delays.sorted()
            count = sorted.count
            medianMs = Self.rank(50, of: sorted)
            p90Ms = Self.rank(90, of: sorted)
            longestMs = sorted.last
        }

        /// Nearest rank: a delay that occurred, never one in between.
        private static func rank(_ percent: Int, of sorted: [Int64]) -> Int64? {
            sorted.isEmpty ? nil : sorted[(sorted.count * percent + 99) / 100 - 1]
        }
    }

    package struct Person: Hashable, Sendable {
        package let user: UserName
        package let approved: Int
        package let rejected: Int
        package let delays: Delays
        /// Of the day, where the one who asks is; 24 counts each.
        package let approvalsByHour: [Int]
        package let rejectionsByHour: [Int]
    }

    package let approved: Int
    package let rejected: Int
    package let expired: Int
    package let delays: Delays
    /// Who decided most comes first.
    package let people: [Person]

    private struct Decided {
        let user: UserName
        let isApproval: Bool
        let delayMs: Int64
        let hour: Int
    }

    /// - Parameter utcOffsetMinutes: how far ahead of UTC the clock runs whose hours are counted.
    package init(_ events: some Sequence<RecordedEvent>, utcOffsetMinutes: Int = 0) {
        var decisions: [Decided] = []
        var expired = 0
        for recorded in events {
            switch recorded.event {
            case .signalApproved(let signal), .signalRejected(let signal):
                if let decided = Self.decided(signal, utcOffsetMinutes) { decisions.append(decided) }
            case .signalExpired: expired += 1
            default: break
            }
        }
        self.expired = expired
        approved = decisions.count(where: \.isApproval)
        rejected = decisions.count - approved
        delays = Delays(decisions.map(\.delayMs))
        people = Dictionary(grouping: decisions, by: \.user).map { Self.person($0, $1) }.sorted { one, other in
            (other.approved + other.rejected, one.user) < (one.approved + one.rejected, other.user)
        }
    }

    private static func decided(_ signal: Signal, _ utcOffsetMinutes: Int) -> Decided? {
        guard let decision = signal.decision else { return nil }
        var isApproval = false
        if case .approved = decision.outcome { isApproval = true }
        return Decided(
            user: decision.decidedBy,
            isApproval: isApproval,
            // A clock that was set back makes no decision faster than at once.
            delayMs: max(0, decision.decidedAt.milliseconds - signal.receivedAt.milliseconds),
            hour: hour(of: decision.decidedAt, utcOffsetMinutes)
        )
    }

    private static func person(_ user: UserName, _ decisions: [Decided]) -> Person {
        let approvals = decisions.filter(\.isApproval)
        let rejections = decisions.filter { !$0.isApproval }
        return Person(
            user: user,
            approved: approvals.count,
            rejected: rejections.count,
            delays: Delays(decisions.map(\.delayMs)),
            approvalsByHour: byHour(approvals),
            rejectionsByHour: byHour(rejections)
        )
    }

    private static func byHour(_ decisions: [Decided]) -> [Int] {
        var hours = [Int](repeating: 0, count: 24)
        for decision in decisions { hours[decision.hour] += 1 }
        return hours
    }

    private static func hour(of moment: Timestamp, _ utcOffsetMinutes: Int) -> Int {
        let dayMs: Int64 = 86_400_000
        let ofDay = (moment.milliseconds + Int64(utcOffsetMinutes) * 60_000) % dayMs
        return Int((ofDay + dayMs) % dayMs / 3_600_000)
    }
}
