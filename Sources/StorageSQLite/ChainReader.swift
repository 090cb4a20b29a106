import Domain
import Foundation
import GRDB
package import Storage

/// Reads the rows of the `event` table as they lie there, whatever they hold, for one database access.
struct ChainReader {
    let db: Database

    /// - Returns: The first entry that is not as it was recorded, or `nil` and where the log ends.
    func verify(expecting expected: LogHash?) throws -> LogVerdict {
        let oldest = try LogReader(db, EventFormat()).oldest().value
        var verifier = ChainVerifier(oldest: oldest, expecting: expected)
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(StoredEntry.columns), event.hash, event.previous_hash FROM event ORDER BY offset
                """
        )
        while let row = try rows.next() {
            if let fault = verifier.take(Self.row(row)) { return LogVerdict(entries: verifier.entries, fault: fault) }
        }
        let head = try? LogReader(db, EventFormat()).head()
        let fault = verifier.finish(head: head)
        return LogVerdict(entries: verifier.entries, oldest: oldest, head: head, fault: fault)
    }

    private static func row(_ row: Row) -> ChainVerifier.Row {
        ChainVerifier.Row(
            offset: row.integer(0) ?? 0,
            content: StoredEntry.content(row),
            hash: row.bytes(7) ?? nil,
            // What is neither NULL nor bytes must not pass for NULL.
            previousHash: row.bytes(8) ?? Data()
        )
    }
}

/// What verifying the hash chain of a log has found.
package struct LogVerdict: Sendable {
    /// How many were found to be as they were recorded.
    package let entries: Int
    /// Where the log begins; what lies before it is kept for ever.
    package let oldest: Int64
    /// `nil` when something is wrong.
    package let head: LogHead?
    package let fault: ChainFault?

    init(entries: Int, oldest: Int64 = 1, head: LogHead? = nil, fault: ChainFault?) {
        self.entries = entries
        self.oldest = oldest
        self.head = head
        self.fault = fault
    }
}
