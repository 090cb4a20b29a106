/// How good the decisions were: what signals would have made by their own plans, in R, by what became of them
/// (issue 5, "Statistics"; APR-19). Made from the entries of a log that say what signals would have made.
package struct DecisionLedger: Hashable, Sendable {
    /// What became of the signals; approved ones are the yardstick.
    package enum Verdict: CaseIterable, Hashable, Sendable {
        case approved, rejected, expired, withdrawn

        init?(of signal: Signal) {
            switch signal.status {
            case .pendingReview: return nil
            case .approved, .executed, .failed: self = .approved
            case .rejected: self = .rejected
            case .expired: self = .expired
            case .withdrawn: self = .withdrawn
            }
        }
    }

    package enum Grouping: CaseIterable, Hashable, Sendable {
        case person, reason, source, grade, pattern

        /// The line that a signal belongs to; `nil` when it has no such thing.
        fileprivate func name(of signal: Signal) -> String? {
            switch self {
            case .person: return signal.decision?.decidedBy.text
            case .reason:
                guard case .rejected(let reason)? = signal.decision?.outcome else { return nil }
                return reason
            case .source: return signal.proposal.source
            case .grade: return signal.proposal.confidenceGrade?.rawValue
            case .pattern: return signal.proposal.patternType?.rawValue
            }
        }
    }

    package struct Tally: Hashable, Sendable {
        package fileprivate(set) var signals = 0
        /// Those that would have been in the market: the only ones that count in R.
        package fileprivate(set) var filled = 0
        package fileprivate(set) var notFilled = 0
        package fileprivate(set) var noPrices = 0
        /// Those among them of which some time was not seen.
        package fileprivate(set) var unwatched = 0
        fileprivate var hundredths: Int128 = 0

        package var rSum: Quantity { Quantity(ScaledInteger(units: hundredths, scale: 2)) }

        /// Half to even; `nil` when none was filled.
        package var rMean: Quantity? {
            guard filled > 0 else { return nil }
            let count = ScaledInteger(units: Int128(filled), scale: 0)
            return Quantity(ScaledInteger(units: hundredths, scale: 2).divided(by: count, scale: 2))
        }

        fileprivate mutating func add(_ result: PaperResult) {
            signals += 1
            if result.unwatchedSeconds > 0 { unwatched += 1 }
            guard let r = result.r else {
                if result.ending == .noPrices { noPrices += 1 } else { notFilled += 1 }
                return
            }
            filled += 1
            hundredths += r.number.divided(by: ScaledInteger(units: 1, scale: 0), scale: 2).units
        }
    }

    package struct Tallies: Hashable, Sendable {
        private var byVerdict: [Verdict: Tally] = [:]

        package subscript(verdict: Verdict) -> Tally { byVerdict[verdict] ?? Tally() }

        package var signals: Int { byVerdict.values.reduce(0) { $0 + $1.signals } }

        fileprivate mutating func add(_ result: PaperResult, _ verdict: Verdict) {
            byVerdict[verdict, default: Tally()].add(result)
        }
    }

    package struct Line: Hashable, Sendable {
        package let name: String
        package let tallies: Tallies
    }

    package struct Group: Hashable, Sendable {
        package let grouping: Grouping
        /// The one with most signals comes first.
        package let lines: [Line]
        /// Lines that are not told, because there are so many.
        package let leftOut: Int
    }

    package static let linesMax = 50

    package let total: Tallies
    package let groups: [Group]

    package init(_ events: some Sequence<RecordedEvent>) {
        var total = Tallies()
        var lines: [Grouping: [String: Tallies]] = [:]
        for recorded in events {
            guard case .signalMeasured(let signal) = recorded.event, let result = signal.paperResult,
                let verdict = Verdict(of: signal)
            else { continue }
            total.add(result, verdict)
            for grouping in Grouping.allCases {
                guard let name = grouping.name(of: signal) else { continue }
                lines[grouping, default: [:]][name, default: Tallies()].add(result, verdict)
            }
        }
        self.total = total
        groups = Grouping.allCases.map { grouping in
            let all = (lines[grouping] ?? [:]).map { Line(name: $0, tallies: $1) }.sorted { one, other in
                (other.tallies.signals, one.name) < (one.tallies.signals, other.name)
            }
            return Group(
                grouping: grouping,
                lines: Array(all.prefix(Self.linesMax)),
                leftOut: max(0, all.count - Self.linesMax)
            )
        }
    }
}
