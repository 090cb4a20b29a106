import Domain
import Engine
import Foundation
import Logging
import Storage
import Synchronization
import Wire

@testable import Webhooks

enum Sample {
    /// 2026-01-23T10:30:00Z
    static let now = Timestamp(milliseconds: 1_769_164_200_000)
    static let secretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let environment = [
        "WYCKOFF_SECRET": secretText,
        "TRADINGVIEW_PASSPHRASE": "correct horse battery staple",
        "SCANNER_SECRET": "a-shared-secret-of-thirty-bytes",
        "BROKER_SECRET": secretText,
    ]
    static let id = UUID(uuidString: "550E8400-E29B-41D4-A716-446655440000")!

    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Array(Data(contentsOf: folder.appending(path: "Fixtures/webhooks/\(name).json")))
    }

    static func settings(_ bytes: [UInt8]) throws -> WebhookSettings {
        let secrets = SecretSources(folder: FileManager.default.temporaryDirectory) { environment[$0] }
        return try WebhookSettings(bytes, named: "webhooks.json", secrets: secrets)
    }

    static func settings(_ text: String) throws -> WebhookSettings { try settings(Array(text.utf8)) }

    static func source(_ name: String) throws -> WebhookSource {
        try settings(fixture("settings")).sources[name]!
    }

    static func request(
        _ body: [UInt8],
        _ fields: [String: String] = [:],
        at now: Timestamp = Sample.now
    ) -> Verification.Request {
        Verification.Request(field: { fields[$0] }, body: body, arrivedAt: now)
    }

    static func messages(_ source: WebhookSource, _ body: String) throws -> [SourceMessage] {
        try source.messages(in: request(Array(body.utf8))) { id }
    }
}

/// Time passes only for those who sleep, and then at once.
final class SleeplessClock: DeskClock {
    private let time = Mutex((now: Sample.now, slept: [Int]()))

    var slept: [Int] { time.withLock { $0.slept } }

    func now() -> Timestamp { time.withLock { $0.now } }

    func uptimeMs() -> Int64 { now().milliseconds - Sample.now.milliseconds }

    func pass(milliseconds: Int64) { time.withLock { $0.now = $0.now.advanced(byMilliseconds: milliseconds) } }

    func sleep(milliseconds: Int) async throws {
        try Task.checkCancellation()
        time.withLock { time in
            time.slept.append(milliseconds)
            time.now = time.now.advanced(byMilliseconds: Int64(milliseconds))
        }
        await Task.yield()
    }
}
