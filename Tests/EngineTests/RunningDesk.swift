import Domain
import Engine
import Foundation
import Logging
import Storage
import StorageSQLite
import Testing

/// The stores every promise of the desk is tested on.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    /// Runs `body` with a new log; what it leaves on the disk is removed.
    func withStore(_ body: (any EventStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        case .sqlite:
            try await Self.withDirectory { directory in
                let store = try SQLiteStore(path: directory + "/desk.sqlite")
                try await body(store)
                try await store.close()
            }
        }
    }

    static func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("desk-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory.path)
    }
}

/// A desk with everything around it in the test's hands.
struct RunningDesk {
    let desk: Desk
    let store: ScriptedStore
    let backplane: RecordingBackplane
    let clock: ManualClock

    /// Recovers a desk from `base`, runs it as long as `body`, and waits until it has closed.
    static func with(
        _ base: any EventStore = MemoryStore(),
        clock: ManualClock = ManualClock(),
        limits: Desk.Limits = Desk.Limits(),
        policies: PolicyBoard = PolicyBoard(),
        _ body: (RunningDesk) async throws -> Void
    ) async throws {
        let store = ScriptedStore(base)
        let backplane = RecordingBackplane(durable: { store.durable })
        let desk = Desk(
            store: store,
            backplane: backplane,
            clock: clock,
            limits: limits,
            policies: policies,
            logger: .silent
        )
        try await desk.recover()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await desk.run() }
            defer { group.cancelAll() }
            try await body(RunningDesk(desk: desk, store: store, backplane: backplane, clock: clock))
        }
    }

    func receive(_ symbol: String = "AAPL", expiresInMs: Int64? = nil) async throws -> SignalID {
        let id = SignalID()
        let answer = await desk.ask(Sample.receive(id, symbol, expiresInMs: expiresInMs))
        try #require(answer.isDone, "\(answer)")
        return id
    }

    /// Holds the next append, and returns the answer of the request in it once it has come that far.
    func hold(_ command: Command) async -> Task<Answer, Never> {
        store.next(.hold)
        let first = Task { await desk.ask(command) }
        await store.untilHeld()
        return first
    }

    /// Returns once so many requests wait for the writer.
    func untilQueued(_ count: Int) async {
        while await desk.queuedCount < count { await Task.yield() }
    }

    func log() async throws -> [RecordedEvent] {
        try await store.events(after: .start, limit: Int.max)
    }

    func status(_ id: SignalID) async throws -> SignalStatus? { try await desk.signal(id)?.status }
}

extension Logger {
    static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}
