import ArgumentParser
import Configuration
import Domain
import Storage
import StorageSQLite

/// `countersign audit`: looks at the log of a desk, running or not, without changing it.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Verify and export the log.",
        subcommands: [AuditVerifyCommand.self, AuditExportCommand.self]
    )
}

/// Which database is looked at.
struct AuditDatabase: ParsableArguments {
    @Option(
        help:
            "The SQLite file, also of a desk that runs. (default: COUNTERSIGN_DATABASE, else data/countersign.sqlite)",
        completion: .file()
    )
    var database: String?

    func open() throws -> LogFile {
        let environment = ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "countersign")
        let path = database ?? environment.string(forKey: "database", default: "data/countersign.sqlite")
        return try AuditFault.told { () throws(StoreError) in try LogFile(readingAt: path) }
    }
}

/// What keeps an audit from being made is told in one line; that is not the same as a log that is not whole.
enum AuditFault {
    static func told<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            CountersignProgram.complain(error.message)
            throw CountersignProgram.cannotRun
        }
    }
}
