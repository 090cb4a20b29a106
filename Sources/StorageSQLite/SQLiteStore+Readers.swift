package import Domain
import GRDB
package import Storage

/// Who has read what: see ``EventStore``.
extension SQLiteStore {
    package func readers() async throws(StoreError) -> [Reader] {
        try await read { [epoch] db in try ReaderTable(db: db, epoch: epoch).readers() }
    }

    package func save(readers: [Reader], forgetting forgotten: [UserName]) async throws(StoreError) {
        try await write { [epoch] db in
            try db.inTransaction(.immediate) {
                let table = ReaderTable(db: db, epoch: epoch)
                try table.forget(forgotten)
                try table.save(readers)
                return .commit
            }
        }
    }
}
