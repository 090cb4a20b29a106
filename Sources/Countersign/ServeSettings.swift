import Configuration
import Foundation
import Logging
import Web

/// Everything `serve` can be told, read once; nothing else reads the command line or the environment.
struct ServeSettings: Sendable {
    struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    let host: String
    let port: Int
    let database: String
    let publicDirectory: String
    let allowedOrigins: Set<Origin>
    let logLevel: Logger.Level
    let isDemo: Bool

    init(flags: ServeCommand, environment: ConfigReader) throws {
        host = flags.host ?? environment.string(forKey: "host", default: "127.0.0.1")
        port = try flags.port ?? Self.port(environment)
        guard (0...65_535).contains(port) else { throw Invalid(description: "--port must be between 0 and 65535.") }
        database = flags.database ?? environment.string(forKey: "database", default: "data/countersign.sqlite")
        publicDirectory = flags.publicDirectory ?? environment.string(forKey: "publicDirectory", default: "Public")
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
        let level = flags.logLevel ?? environment.string(forKey: "logLevel", default: "info")
        guard let logLevel = Logger.Level(rawValue: level.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw Invalid(description: "--log-level must be one of \(levels).")
        }
        self.logLevel = logLevel
        isDemo = flags.demo || environment.bool(forKey: "demo", default: false)
        try BindPolicy.check(host: host, hasUsers: false)
    }

    /// A port that is no number is a mistake to be told, not a reason for the default.
    private static func port(_ environment: ConfigReader) throws -> Int {
        guard let text = environment.string(forKey: "port") else { return 8000 }
        guard let port = Int(text) else {
            throw Invalid(description: "COUNTERSIGN_PORT must be a number, not \(text).")
        }
        return port
    }
}
