import GRDB
import Storage

extension StoreError {
    /// What an error of the driver means for the desk.
    init(driver error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(database: error)
        default: self.init(.unavailable, "The database does not answer.", underlying: error)
        }
    }

    private init(database error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.unavailable, "The disk is full. Free some space; the desk goes on by itself.", underlying: error)
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(
                .unavailable,
                "The database is read-only. This user must be able to write the file and its directory.",
                underlying: error
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .unavailable,
                "Another program keeps the database locked. Close it; the desk goes on by itself.",
                underlying: error
            )
        case .SQLITE_CANTOPEN:
            self.init(
                .unavailable,
                "The database cannot be opened. Its directory must exist and be writable.",
                underlying: error
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT:
            self.init(
                .corrupted,
                "The database is damaged or is not one. Restore it from a backup.",
                underlying: error
            )
        default: self.init(.unavailable, "The disk does not do its work.", underlying: error)
        }
    }
}
