package import Domain
import Foundation

/// The one clock of the desk, injected so that tests can turn it.
package protocol DeskClock: Sendable {
    /// What the clock on the wall says. Somebody may set it, either way, at any time.
    func now() -> Timestamp

    /// Milliseconds since some moment before the desk began. Nobody can set it, and it goes on while the machine sleeps.
    func uptimeMs() -> Int64

    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(milliseconds: Int) async throws
}

package struct SystemDeskClock: DeskClock {
    private static let start = ContinuousClock.now

    package init() { _ = Self.start }

    package func now() -> Timestamp { Timestamp(Date()) }

    package func uptimeMs() -> Int64 { Int64((ContinuousClock.now - Self.start) / .milliseconds(1)) }

    package func sleep(milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
}
