package import Domain

/// How the team decided (`GET /api/v1/audit/statistics`).
package struct AuditStatistics: Sendable, WireEncodable {
    package var from: Timestamp
    package var to: Timestamp
    package var utcOffsetMinutes: Int
    package var statistics: DecisionStatistics
    /// False when there were more decisions than are counted at once: then these are the newest.
    package var isWhole: Bool
    package var ledger: LedgerStatistics

    package init(
        from: Timestamp,
        to: Timestamp,
        utcOffsetMinutes: Int,
        statistics: DecisionStatistics,
        isWhole: Bool,
        ledger: LedgerStatistics
    ) {
        self.from = from
        self.to = to
        self.utcOffsetMinutes = utcOffsetMinutes
        self.statistics = statistics
        self.isWhole = isWhole
        self.ledger = ledger
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.time("from", from)
            json.time("to", to)
            json.integer("utc_offset_minutes", utcOffsetMinutes)
            json.flag("is_whole", isWhole)
            json.integer("approved", statistics.approved)
            json.integer("rejected", statistics.rejected)
            json.integer("expired", statistics.expired)
            json.member("time_to_decision", statistics.delays)
            json.list("people", statistics.people)
            json.member("ledger", ledger)
        }
    }
}

extension DecisionStatistics.Delays: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("count", count)
            json.integer("median_ms", medianMs)
            json.integer("p90_ms", p90Ms)
            json.integer("longest_ms", longestMs)
        }
    }
}

extension DecisionStatistics.Person: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("user", user.text)
            json.integer("approved", approved)
            json.integer("rejected", rejected)
            json.member("time_to_decision", delays)
            json.key("approvals_by_hour")
            json.array(approvalsByHour) { $0.integer($1) }
            json.key("rejections_by_hour")
            json.array(rejectionsByHour) { $0.integer($1) }
        }
    }
}
