import Domain

// What a signal says of its past besides its decision (docs/Protocol.md, "The full signal").

extension Undoing: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", id.text)
            json.text("undone_by", undoneBy.text)
            json.time("undone_at", undoneAt)
            json.text("approved_status", approvedAs.rawValue)
            json.text("approved_by", approvedBy.text)
            json.time("approved_at", approvedAt)
        }
    }
}

extension ExpiryExtension: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("extended_by", extendedBy.text)
            json.time("extended_at", extendedAt)
            json.integer("times", times)
            json.integer("minutes", minutes)
        }
    }
}

extension PaperResult: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("ending", ending.rawValue)
            json.text("side", side.rawValue)
            json.decimal("r", r)
            json.time("started_at", startedAt)
            json.time("ended_at", endedAt)
            json.decimal("entry_price", entryPrice)
            json.time("entered_at", enteredAt)
            json.decimal("exit_price", exitPrice)
            json.integer("unwatched_seconds", unwatchedSeconds)
        }
    }
}

extension SourceReport: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("reported_by", reportedBy)
            json.time("reported_at", reportedAt)
            json.text("reason", reason)
            json.decimal("price", price)
            json.decimal("quantity", quantity)
            json.text("order_id", orderID)
        }
    }
}
