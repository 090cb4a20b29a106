package import Domain

/// What decided signals would have made, in R (`ledger` of `GET /api/v1/audit/statistics`).
package struct LedgerStatistics: Sendable, WireEncodable {
    package let ledger: DecisionLedger
    /// False when there were more results than are counted at once: then these are the newest.
    package let isWhole: Bool
    package let followMs: Int64
    /// Signals that are followed now.
    package let following: Int
    /// Signals since the start that were not followed because there were too many.
    package let passedOver: Int

    package init(_ ledger: DecisionLedger, isWhole: Bool, followMs: Int64, following: Int, passedOver: Int) {
        self.ledger = ledger
        self.isWhole = isWhole
        self.followMs = followMs
        self.following = following
        self.passedOver = passedOver
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.flag("is_whole", isWhole)
            json.integer("follow_ms", followMs)
            json.integer("following", following)
            json.integer("passed_over", passedOver)
            json.member("total", ledger.total)
            json.object("by") { json in
                for group in ledger.groups {
                    json.object(group.grouping.key) { json in
                        json.list("lines", group.lines)
                        json.integer("left_out", group.leftOut)
                    }
                }
            }
        }
    }
}

extension DecisionLedger.Line: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("name", name)
            tallies.writeMembers(to: &json)
        }
    }
}

extension DecisionLedger.Tallies: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { writeMembers(to: &$0) }
    }

    fileprivate func writeMembers(to json: inout JSONWriter) {
        for verdict in DecisionLedger.Verdict.allCases { json.member(verdict.key, self[verdict]) }
    }
}

extension DecisionLedger.Tally: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("signals", signals)
            json.integer("filled", filled)
            json.integer("not_filled", notFilled)
            json.integer("no_prices", noPrices)
            json.integer("unwatched", unwatched)
            json.decimal("r_sum", rSum)
            json.decimal("r_mean", rMean)
        }
    }
}

extension DecisionLedger.Verdict {
    fileprivate var key: StaticString {
        switch self {
        case .approved: "approved"
        case .rejected: "rejected"
        case .expired: "expired"
        case .withdrawn: "withdrawn"
        }
    }
}

extension DecisionLedger.Grouping {
    fileprivate var key: StaticString {
        switch self {
        case .person: "person"
        case .reason: "reason"
        case .source: "source"
        case .grade: "grade"
        case .pattern: "pattern"
        }
    }
}
