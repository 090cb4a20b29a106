package import Domain

/// A store could not do its work. Nothing was stored by the call that threw it.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The disk is full, read-only or failing, or the database is locked by another process.
        case unavailable
        /// What is stored cannot be read back.
        case corrupted
        /// The store was written by a newer version of the program.
        case tooNew
        /// What was asked for lies before the oldest event that the log still leads on from.
        case trimmed
    }

    package let code: Code
    package let message: String
    package let underlying: (any Error)?

    package init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    package static func trimmed(after position: Offset, oldest: Offset) -> StoreError {
        StoreError(.trimmed, "The log cannot be read on from \(position): it now begins at \(oldest).")
    }

    package var description: String {
        underlying.map { "\(code.rawValue): \(message) (\($0))" } ?? "\(code.rawValue): \(message)"
    }
}
