import Domain

/// How entries of the log are written for other programs, one line or record each (docs/Operations.md, "Exporting").
package enum EntryExport: String, CaseIterable, Sendable {
    /// RFC 4180, for spreadsheets: what people look at.
    case csv
    /// One JSON object a line: all there is, so that the chain can be verified from it.
    case jsonl

    /// What stands before the first entry.
    package var head: [UInt8] {
        switch self {
        case .csv: CSVRecord(Self.columns.map(CSVField.plain)).bytes
        case .jsonl: []
        }
    }

    package func line(_ entry: StoredEntry) -> [UInt8] {
        switch self {
        case .csv: Self.record(entry).bytes
        case .jsonl: Self.object(entry)
        }
    }

    package static let columns = [
        "offset", "recorded_at", "type", "signal_id", "version", "user", "symbol", "side", "status", "source",
        "entry_price",
        "stop_loss", "target_price", "quantity", "risk_percentage", "decision_id", "decided_by", "decided_at",
        "outcome",
        "reason", "note", "paper_ending", "paper_r", "paper_unwatched_seconds", "previous_hash", "hash",
    ]

    private static func object(_ entry: StoredEntry) -> [UInt8] {
        var json = PayloadWriter(bytesReserved: 2048)
        json.object { json in
            json.text("hash", entry.hash.description)
            json.integer("offset", entry.content.offset)
            json.text("payload", String(decoding: entry.content.payload, as: UTF8.self))
            json.text("previous_hash", entry.previousHash.description)
            json.text("recorded_at", Timestamp(milliseconds: entry.content.recordedAtMs).description)
            json.nullable("signal_id", entry.content.signalID)
            json.text("type", entry.content.type)
            json.nullable("user", entry.content.user)
            if let version = entry.content.version { json.integer("version", version) } else { json.null("version") }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// What cannot be read back is exported all the same, without what it says of a signal.
    private static func record(_ entry: StoredEntry) -> CSVRecord {
        let content = entry.content
        let event = try? entry.decoded(by: EventFormat()).recorded.event
        let (signal, decision) = (event?.signal, event?.signal?.decision)
        let plan = signal?.proposal
        let paper = signal?.paperResult
        var (outcome, reason): (String?, String?)
        switch decision?.outcome {
        case .approved: outcome = "approved"
        case .rejected(let why): (outcome, reason) = ("rejected", why)
        case nil: break
        }
        return CSVRecord([
            .plain(String(content.offset)), .plain(Timestamp(milliseconds: content.recordedAtMs).description),
            .text(content.type), .text(content.signalID), .plain(content.version.map { String($0) }),
            .text(content.user),
            .text(signal?.symbol.text), .plain(plan?.side?.rawValue), .plain(signal?.status.rawValue),
            .text(plan?.source),
            .plain(plan?.entryPrice?.text), .plain(plan?.stopLoss?.text), .plain(plan?.targetPrice?.text),
            .plain(plan?.quantity?.text), .plain(plan?.riskPercentage?.text),
            .text(decision?.id.text), .text(decision?.decidedBy.text), .plain(decision?.decidedAt.description),
            .plain(outcome), .text(reason), .text(decision?.note),
            .plain(paper?.ending.rawValue), .plain(paper?.r?.text), .plain(paper.map { String($0.unwatchedSeconds) }),
            .plain(entry.previousHash.description), .plain(entry.hash.description),
        ])
    }
}

/// A field of a CSV record.
enum CSVField: Hashable {
    /// Our own words and numbers.
    case plain(String?)
    /// What somebody wrote. A spreadsheet takes text that begins like a formula for one, so an apostrophe is put before it
    /// (CWE-1236); leading blanks do not hide it.
    case text(String?)

    static func plain(_ text: String) -> CSVField { .plain(Optional(text)) }

    var value: String {
        switch self {
        case .plain(let text): text ?? ""
        case .text(let text?): Self.looksLikeFormula(text) ? "'" + text : text
        case .text(nil): ""
        }
    }

    private static func looksLikeFormula(_ text: String) -> Bool {
        if let first = text.unicodeScalars.first, ["\t", "\r", "\n"].contains(first) { return true }
        guard let first = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else { return false }
        // The last four are the same in full width, which some programs take for the narrow ones.
        return ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].contains(first)
    }
}

/// One record of RFC 4180: fields in quotes where they must be, ended by CR LF.
struct CSVRecord: Hashable {
    let bytes: [UInt8]

    init(_ fields: [CSVField]) {
        let line = fields.map { field in
            let value = field.value
            let needsQuotes = value.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || value.hasPrefix(" ")
            return needsQuotes ? "\"" + value.replacing("\"", with: "\"\"") + "\"" : value
        }
        bytes = Array(line.joined(separator: ",").utf8) + [0x0D, 0x0A]
    }
}
