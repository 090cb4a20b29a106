import Foundation
import Storage
import StorageSQLite

/// A kind of store to run the contract on; each use gets a fresh, empty one.
struct StoreFixture: Sendable, CustomStringConvertible {
    let description: String
    let withStore: @Sendable (_ body: (any EventStore) async throws -> Void) async throws -> Void

    static let all = [
        StoreFixture(description: "in memory") { body in try await body(MemoryStore()) },
        StoreFixture(description: "SQLite") { body in
            try await withTemporaryDirectory { directory in
                let store = try SQLiteStore(path: directory.appending(path: "log.sqlite").path)
                try await body(store)
                try await store.verify()
                try await store.close()
            }
        },
    ]
}

func withTemporaryDirectory<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}

/// A path for a database in a directory that is removed afterwards.
func withDatabasePath<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory { try await body($0.appending(path: "log.sqlite").path) }
}
