package import Storage

/// What every store must do, whatever it keeps its events in.
///
/// A driver's tests run each behaviour on a fresh, empty store of theirs.
package enum StoreContract {
    package struct Behaviour: Sendable, CustomStringConvertible {
        package let description: String
        package let check: @Sendable (any EventStore) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (any EventStore) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    package static let behaviours: [Behaviour] = log + decisions + receipts + retention + audit + readers + random
}
