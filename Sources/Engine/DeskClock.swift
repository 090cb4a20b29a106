package import Domain
import Foundation

/// The one clock of the desk, injected so that tests can turn it.
package protocol DeskClock: Sendable {
    func now() -> Timestamp

    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(milliseconds: Int) async throws
}

package struct SystemDeskClock: DeskClock {
    package init() {}

    package func now() -> Timestamp { Timestamp(Date()) }

    package func sleep(milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}
