import Domain
import Foundation
import GRDB
package import Storage

/// A database that is only read: also one that a desk has open, and a copy of one. It holds no lock and changes nothing.
///
/// Isolation: immutable; GRDB serialises its one connection. Its calls block.
package struct LogFile: Sendable {
    private let queue: DatabaseQueue

    /// How many entries are in memory at once.
    private static let entriesPerPage = 500

    /// - Throws: `unavailable` when there is no such file or it cannot be read, `corrupted` when it is not a desk's, `tooNew`
    ///   when a newer version wrote it.
    package init(readingAt path: String) throws(StoreError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.unavailable, "There is no database at \(path). Say where it is with --database.")
        }
        do {
            var configuration = Configuration()
            configuration.label = "audit"
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read(Schema.requireCurrent)
        } catch {
            throw StoreError(driver: error)
        }
    }

    /// Reads every entry. One transaction, so a desk that goes on meanwhile does not disturb; its write-ahead log grows until
    /// this is done.
    ///
    /// - Parameter expected: a hash that was noted earlier and must be one of the log's.
    /// - Throws: when the file cannot be read; what is wrong with the chain is in the verdict.
    package func verify(expecting expected: LogHash? = nil) throws(StoreError) -> LogVerdict {
        try read { db in try ChainReader(db: db).verify(expecting: expected) }
    }

    /// What SQLite itself finds wrong with the file, its indexes included.
    package func complaintsAboutFile() throws(StoreError) -> [String] {
        try read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" } }
    }

    /// Hands over what is asked for, as it is stored, one by one, all from one state of the log.
    package func forEach(_ query: LogQuery, _ body: (StoredEntry) throws -> Void) throws {
        var query = query
        query.entriesMax = Self.entriesPerPage
        try queue.read { db in
            let scanner = LogScanner(db: db)
            repeat {
                let page = try scanner.page(query)
                for entry in page.entries { try body(entry) }
                query.beyond = page.end
            } while query.beyond != nil
        }
    }

    static func epoch(_ db: Database) throws -> Epoch {
        guard let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'epoch'") else {
            throw StoreError(.corrupted, "The database does not say which epoch its log is of.")
        }
        return Epoch(text)
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.read(body) } catch { throw StoreError(driver: error) }
    }
}
