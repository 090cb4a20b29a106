import Hummingbird
import Logging
import Synchronization

@testable import Web

/// All middleware in the order in which `Web` puts it, without files, before routes that a test adds.
struct MiddlewareStack {
    let log = LogLines()
    var policy = OriginPolicy(hosts: .loopback(and: []))

    func application(_ configure: (Router<BasicRequestContext>) -> Void) -> some ApplicationProtocol {
        let router = Router(context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: RequestLog())
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: OriginMiddleware(policy: policy))
        configure(router)
        router.refuseOtherMethods()
        let log = log
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .debug
        return Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: logger
        )
    }
}

/// Keeps what is logged.
struct LogLines: LogHandler {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: Logger.Metadata
    }

    private final class Store: Sendable {
        let lines = Mutex<[Line]>([])
    }

    private let store = Store()
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .debug

    var lines: [Line] { store.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        store.lines.withLock { $0.append(Line(level: event.level, message: "\(event.message)", metadata: all)) }
    }
}
