import Domain
import Foundation
import Storage
import StorageContract
import StorageSQLite
import Testing

/// What the store does when the disk does not do its work; in a process of its own, as a limit on files holds for all of one.
struct FailingDiskTests {
    @Test func `a full disk stores nothing, and the store goes on when there is room again`() async throws {
        try await withDatabasePath { path in
            let lines = try await onThread {
                let writer = try WriterProcess("full-disk", path)
                return (writer.remainingLines(), writer.end().status)
            }
            #expect(lines.1 == 0)
            let acknowledged = try #require(lines.0.last { $0.hasPrefix("ack ") }?.dropFirst(4))
            #expect(lines.0.suffix(2) == ["full unavailable \(acknowledged)", "again \(Int(acknowledged)! + 1)"])

            let store = try SQLiteStore(path: path)
            try await store.verify()
            let events = try await store.events(after: .start, limit: .max)
            #expect(events.count == Int(acknowledged)! + 1)
            #expect(events.last?.event == Samples.notice("again"))
        }
    }

    @Test func `a database that may not be written is refused when it is opened`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "log.sqlite").path
            try await SQLiteStore(path: path).close()
            try FileManager.default.removeItem(atPath: path + ".lock")
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
            // First the directory may be written and only the file may not, then neither.
            for permissions in [0o777, 0o555] {
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: directory.path)
                let lines = try await onThread { try WriterProcess("read-only", path).remainingLines() }
                #expect(lines.count == 1)
                #expect(lines.first?.hasPrefix("refused unavailable ") == true, "\(lines)")
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        }
    }
}
