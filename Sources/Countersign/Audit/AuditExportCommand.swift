import ArgumentParser
import Domain
import Foundation
import Storage
import StorageSQLite

/// `countersign audit export`: writes entries of the log to standard output, oldest first, a page of them in memory.
struct AuditExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log as CSV or JSON lines to standard output."
    )

    @OptionGroup var file: AuditDatabase

    @Option(help: "csv, for spreadsheets, or jsonl, with all there is.")
    var format: String

    @Option(help: "Only what was recorded at this time or later, such as 2026-01-23T10:30:00Z.")
    var from: String?

    @Option(help: "Only what was recorded before this time.")
    var to: String?

    @Option(help: "Only what happened to the signal with this id.")
    var signal: String?

    @Option(help: "Only what this person did.")
    var user: String?

    private static let bufferBytesMax = 65_536

    func validate() throws {
        guard EntryExport(rawValue: format) != nil else { throw ValidationError("--format must be csv or jsonl.") }
        _ = try query()
    }

    func run() throws {
        guard let format = EntryExport(rawValue: format) else { return }
        let log = try file.open()
        var buffer = format.head
        let query = try query()
        try AuditFault.told {
            try log.forEach(query) { entry in
                buffer += format.line(entry)
                if buffer.count >= Self.bufferBytesMax { try Self.flush(&buffer) }
            }
            try Self.flush(&buffer)
        }
    }

    private func query() throws -> LogQuery {
        var query = LogQuery(entriesMax: 1)
        query.order = .oldest
        query.from = try moment(from, "--from")
        query.to = try moment(to, "--to")
        query.signal = try signal.map { text in
            guard let id = SignalID(text) else { throw ValidationError("--signal must be the id of a signal, a UUID.") }
            return id
        }
        query.user = try user.map { text in
            guard let name = UserName(text) else { throw ValidationError("--user must be a name: 1 to 64 characters.") }
            return name
        }
        return query
    }

    private func moment(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let moment = Timestamp(text) else {
            throw ValidationError("\(option) must be a time such as 2026-01-23T10:30:00Z.")
        }
        return moment
    }

    private static func flush(_ buffer: inout [UInt8]) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(buffer))
        buffer.removeAll(keepingCapacity: true)
    }
}
