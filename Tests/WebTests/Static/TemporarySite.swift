import Foundation
import Hummingbird
import Logging
import Synchronization

@testable import Web

/// A folder with a page to serve and, next to it, a secret that must never be.
final class TemporarySite: Sendable {
    static let secret = "the secret next to the page"

    let folder: String
    var root: String { folder + "/Public" }
    /// The clock of the files under test; it moves when a test says so.
    let clock = Mutex(ContinuousClock.now)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try Self.secret.write(toFile: folder + "/secret.txt", atomically: false, encoding: .utf8)
        try write("<!doctype html><title>Desk</title>", to: "index.html")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to place: String) throws {
        try write(Array(text.utf8), to: place)
    }

    func write(_ bytes: [UInt8], to place: String) throws {
        let url = URL(filePath: root).appending(path: place)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func link(_ place: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: root + "/" + place, withDestinationPath: target)
    }

    func remove(_ place: String) throws {
        try FileManager.default.removeItem(atPath: root + "/" + place)
    }

    func pass(_ duration: Duration) {
        clock.withLock { $0 += duration }
    }

    func files(limits: StaticFiles.Limits = .init(), checkIntervalMs: Int? = 1_000) throws -> StaticFiles {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try StaticFiles(
            directory: root,
            limits: limits,
            checkIntervalMs: checkIntervalMs,
            logger: logger,
            now: { self.clock.withLock { $0 } }
        )
    }

    /// An application as `Web` composes it, with one route of its own.
    func application(
        files: StaticFiles? = nil,
        configure: (Router<BasicRequestContext>) -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let router = Router(context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: StaticFilesMiddleware(files: try files ?? self.files()))
        router.get("/api/v1/ping") { _, _ in "pong" }
        configure(router)
        router.refuseOtherMethods()
        return Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: {
                var logger = Logger(label: "test")
                logger.logLevel = .critical
                return logger
            }()
        )
    }
}
