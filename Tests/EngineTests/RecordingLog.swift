import Logging
import Synchronization

/// Keeps what is logged at `error` and above.
struct RecordingLog: LogHandler {
    private final class Lines: Sendable {
        let errors = Mutex<[String]>([])
    }

    private let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .error

    var errors: [String] { lines.errors.withLock(\.self) }
    var logger: Logger { Logger(label: "tests") { [self] _ in self } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.errors.withLock { $0.append("\(event.message)") } }
}
