import Foundation

/// A `StoreWriter` process and the lines it says.
///
/// Isolation: used by one task; its blocking reads run on a thread of their own (``onThread(_:)``).
final class WriterProcess {
    private let process = Process()
    private let pipe = Pipe()
    private var unread: [UInt8] = []

    init(_ arguments: String...) throws {
        process.executableURL = try Self.executable()
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
    }

    /// The next complete line, waiting for it; `nil` when the process has ended. A line cut short is not a line.
    func nextLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeFirst(end + 1) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let bytes = pipe.fileHandleForReading.availableData
            if bytes.isEmpty { return nil }
            unread += bytes
        }
    }

    func remainingLines() -> [String] {
        var lines: [String] = []
        while let line = nextLine() { lines.append(line) }
        return lines
    }

    /// SIGKILL: nothing of the process runs after it, no handler, no flush.
    func kill9() {
        kill(process.processIdentifier, SIGKILL)
    }

    /// How it ended, waiting for it.
    func end() -> (reason: Process.TerminationReason, status: Int32) {
        process.waitUntilExit()
        return (process.terminationReason, process.terminationStatus)
    }

    /// Lies beside the test bundle in the build folder.
    private static func executable() throws -> URL {
        let bundles = [Bundle.main.executableURL, Bundle.main.bundleURL] + Bundle.allBundles.map(\.bundleURL)
        for bundle in bundles.compactMap({ $0 }) {
            let candidate = bundle.deletingLastPathComponent().appending(path: "StoreWriter")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}

/// Runs blocking work on a thread of its own, so that the test runner's few threads stay free.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
