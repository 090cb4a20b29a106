import ArgumentParser
import Configuration
import Foundation
import Logging
import NIOCore
import Web

/// `countersign serve`: runs the desk until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the desk.",
        discussion: """
            Every option can also be set in the environment as COUNTERSIGN_ and its name, for example
            COUNTERSIGN_PORT=9000. The command line wins.
            """
    )

    @Option(help: "The address to listen on. (default: 127.0.0.1)")
    var host: String?

    @Option(help: "The port to listen on; 0 takes any free one. (default: 8000)")
    var port: Int?

    @Option(help: "The SQLite file of the desk. (default: data/countersign.sqlite)", completion: .file())
    var database: String?

    @Option(help: "The directory of the page. (default: Public)", completion: .directory)
    var publicDirectory: String?

    @Option(
        help: "Who must approve what; YAML or JSON. Read again when it changes. (default: one trader)",
        completion: .file()
    )
    var policy: String?

    @Option(help: "Another site whose pages may use this desk, such as https://desk.example.org. Repeatable.")
    var allowedOrigin: [String] = []

    @Option(help: "How many days an event is kept that is neither a signal nor a decision. (default: 30)")
    var keepDays: Int?

    @Option(help: "How many of the newest events are kept, however old they are. (default: 1000000)")
    var keepEvents: Int?

    @Option(help: "How many hours the answer to an Idempotency-Key is kept, 24 or more. (default: 24)")
    var keepKeysHours: Int?

    @Option(
        parsing: .upToNextOption,
        help: "Common reasons to reject, up to nine. (default: Risk too high, Poor structure, Against the trend, …)"
    )
    var rejectReasons: [String] = []

    @Option(help: "How many seconds before a signal expires the page reminds of it; 0 never does. (default: 60)")
    var expiryReminderSeconds: Int?

    @Option(help: "How many seconds an approval can be undone before it leaves the desk, 1 to 600. (default: 5)")
    var undoSeconds: Int?

    @Option(
        help: """
            How far, in R, the price may be from a signal's entry when it is approved, 0.01 to 100; "off" for any. \
            (default: 0.25)
            """
    )
    var driftRMax: String?

    @Option(
        help: "A file that says who may send webhooks and who gets them; see docs/Webhooks.md. (default: none)",
        completion: .file()
    )
    var webhooks: String?

    @Option(help: "How many hours a decided signal is followed to see what it would have made, 0 to 168. (default: 24)")
    var ledgerHours: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Flag(help: "Let made-up sources send signals and prices.")
    var demo = false

    func run() async throws {
        let settings: ServeSettings
        do {
            settings = try ServeSettings(
                flags: self,
                environment: ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "countersign")
            )
        } catch {
            throw ValidationError("\(error)")
        }
        do {
            try await DeskServer(settings: settings).run()
        } catch {
            CountersignProgram.complain(Self.explain(error, settings))
            throw CountersignProgram.cannotRun
        }
    }

    /// What went wrong at the start, in words that say what to do.
    private static func explain(_ error: any Error, _ settings: ServeSettings) -> String {
        guard let io = error as? IOError else { return "\(error)" }
        switch io.errnoCode {
        case EADDRINUSE:
            return "Port \(settings.port) is taken. Stop what listens there, or choose another with --port."
        case EACCES:
            return "Port \(settings.port) needs rights this user does not have. Choose one above 1023 with --port."
        case EADDRNOTAVAIL: return "\(settings.host) is not an address of this machine."
        default: return io.description
        }
    }
}
