import Domain
import GRDB
package import Storage

/// The log as the audit reads it: see ``EventStore``.
extension SQLiteStore {
    package func head() async throws(StoreError) -> LogHead {
        try await read { [format] db in try LogReader(db, format).head() }
    }

    package func entries(_ query: LogQuery) async throws(StoreError) -> LogPage {
        let page = try await read { db in try LogScanner(db: db).page(query) }
        let entries = try page.entries.map { entry throws(StoreError) in try entry.decoded(by: format) }
        return LogPage(entries: entries, end: page.end)
    }
}
