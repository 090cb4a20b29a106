import ArgumentParser
import Foundation

struct CountersignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "A live approval desk for trading signals.",
        version: Build.version,
        subcommands: [ServeCommand.self, AuditCommand.self, PolicyCommand.self],
        defaultSubcommand: ServeCommand.self
    )
}

/// Whatever keeps the program from running is one line and this exit code; usage is for those who ask with `--help`.
@main
enum CountersignProgram {
    static let cannotRun = ExitCode(2)

    static func main() async {
        do {
            var command = try CountersignCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch  where CountersignCommand.exitCode(for: error) == .validationFailure {
            complain("\(CountersignCommand.message(for: error)) See countersign serve --help.")
            CountersignCommand.exit(withError: cannotRun)
        } catch {
            CountersignCommand.exit(withError: error)
        }
    }

    static func complain(_ line: String) {
        FileHandle.standardError.write(Data("countersign: \(line)\n".utf8))
    }
}

/// What this program is.
enum Build {
    static let version = "0.1.0"
}
