import Configuration
import Domain
import Engine
import Foundation
import Logging
import Web
import Webhooks
import Wire

/// Everything `serve` can be told, read once; nothing else reads the command line or the environment.
struct ServeSettings: Sendable {
    struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    let host: String
    let port: Int
    let database: String
    let publicDirectory: String
    let policy: String?
    let allowedOrigins: Set<Origin>
    let retention: LogKeeper.Retention
    let rejectReasons: [String]
    let expiryReminderSeconds: Int
    let undoSeconds: Int
    let drift: DriftLimits
    let webhooks: WebhookSettings
    let paper: PaperTrader.Limits
    let logLevel: Logger.Level
    let isDemo: Bool

    init(flags: ServeCommand, environment: ConfigReader) throws {
        host = flags.host ?? environment.string(forKey: "host", default: "127.0.0.1")
        port = try Self.number(flags.port, "port", "--port", 0...65_535, in: environment) ?? 8000
        database = flags.database ?? environment.string(forKey: "database", default: "data/countersign.sqlite")
        publicDirectory = flags.publicDirectory ?? environment.string(forKey: "publicDirectory", default: "Public")
        policy = flags.policy ?? environment.string(forKey: "policy")
        let origins = flags.allowedOrigin + environment.stringArray(forKey: "allowedOrigin", default: [])
        allowedOrigins = try Set(
            origins.map { text in
                guard let origin = Origin(text) else {
                    throw Invalid(
                        description: "--allowed-origin must be an origin such as https://desk.example.org, not \(text)."
                    )
                }
                return origin
            }
        )
        retention = try Self.retention(flags, environment)
        rejectReasons = try Self.rejectReasons(flags, environment)
        expiryReminderSeconds =
            try Self.number(
                flags.expiryReminderSeconds,
                "expiryReminderSeconds",
                "--expiry-reminder-seconds",
                0...3_600,
                in: environment
            ) ?? Settings().expiryReminderMs / 1_000
        // At least a second: without an undo window an approval would leave with the click.
        undoSeconds =
            try Self.number(flags.undoSeconds, "undoSeconds", "--undo-seconds", 1...600, in: environment)
            ?? Int(Desk.Limits().undoWindowMs / 1_000)
        drift = try Self.drift(flags, environment)
        webhooks = try Self.webhooks(flags.webhooks ?? environment.string(forKey: "webhooks"))
        paper = try Self.paper(flags, environment)
        let level = flags.logLevel ?? environment.string(forKey: "logLevel", default: "info")
        guard let logLevel = Logger.Level(rawValue: level.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw Invalid(description: "--log-level must be one of \(levels).")
        }
        self.logLevel = logLevel
        isDemo = flags.demo || environment.bool(forKey: "demo", default: false)
        try BindPolicy.check(host: host, hasUsers: false)
    }

    private static func rejectReasons(_ flags: ServeCommand, _ environment: ConfigReader) throws -> [String] {
        let said = flags.rejectReasons + environment.stringArray(forKey: "rejectReasons", default: [])
        guard !said.isEmpty else { return Settings().rejectReasons }
        let reasons = try said.map { text in
            guard let line = Line(text, charactersMax: Settings.rejectReasonCharactersMax) else {
                throw Invalid(
                    description: "--reject-reasons must each be one line of 1 to "
                        + "\(Settings.rejectReasonCharactersMax) characters, not \(Line.quoted(text))."
                )
            }
            return line.text
        }
        guard reasons.count <= Settings.rejectReasonsMax, Set(reasons).count == reasons.count else {
            throw Invalid(
                description:
                    "--reject-reasons takes up to \(Settings.rejectReasonsMax) different reasons, one key each."
            )
        }
        return reasons
    }

    /// A broken file keeps the desk from starting. Secrets stand in the environment or in files of their own.
    private static func webhooks(_ file: String?) throws -> WebhookSettings {
        guard let file else { return .none }
        let variables = ProcessInfo.processInfo.environment
        return try WebhookSettings(file: file) { variables[$0] }
    }

    /// Fewer events than a page shows, or a shorter memory for keys than GAP-09 promises, would break what clients rely on.
    private static func retention(_ flags: ServeCommand, _ environment: ConfigReader) throws -> LogKeeper.Retention {
        var retention = LogKeeper.Retention()
        if let days = try number(flags.keepDays, "keepDays", "--keep-days", 1...36_500, in: environment) {
            retention.eventAgeMinMs = Int64(days) * 24 * 3_600_000
        }
        if let events = try number(
            flags.keepEvents,
            "keepEvents",
            "--keep-events",
            1_000...1_000_000_000,
            in: environment
        ) {
            retention.eventsMin = events
        }
        if let hours = try number(
            flags.keepKeysHours,
            "keepKeysHours",
            "--keep-keys-hours",
            24...8_760,
            in: environment
        ) {
            retention.receiptAgeMinMs = Int64(hours) * 3_600_000
        }
        return retention
    }

    /// Four digits are enough, and keep the comparison with any price exact.
    private static func drift(_ flags: ServeCommand, _ environment: ConfigReader) throws -> DriftLimits {
        var drift = DriftLimits()
        guard let text = flags.driftRMax ?? environment.string(forKey: "driftRMax") else { return drift }
        guard text != "off" else {
            drift.rMax = nil
            return drift
        }
        guard text.utf8.count <= 5, let rMax = Quantity(text), let least = Quantity("0.01"), rMax >= least, rMax <= 100
        else {
            throw Invalid(description: "--drift-r-max must be a decimal from 0.01 to 100, or off, not \(text).")
        }
        drift.rMax = rMax
        return drift
    }

    private static func paper(_ flags: ServeCommand, _ environment: ConfigReader) throws -> PaperTrader.Limits {
        var limits = PaperTrader.Limits()
        if let hours = try number(flags.ledgerHours, "ledgerHours", "--ledger-hours", 0...168, in: environment) {
            limits.followMs = Int64(hours) * 3_600_000
        }
        return limits
    }

    /// The number on the command line, else in the environment. One that is no number, or out of range, is a mistake to be
    /// told, not a reason for the default.
    private static func number(
        _ flag: Int?,
        _ key: ConfigKey,
        _ name: String,
        _ range: ClosedRange<Int>,
        in environment: ConfigReader
    ) throws -> Int? {
        var number = flag
        if number == nil, let text = environment.string(forKey: key) {
            number = Int(text)
            guard number != nil else {
                let variable = "COUNTERSIGN_" + name.dropFirst(2).uppercased().replacing("-", with: "_")
                throw Invalid(description: "\(variable) must be a number, not \(text).")
            }
        }
        guard let number else { return nil }
        guard range.contains(number) else {
            throw Invalid(description: "\(name) must be between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }
}
