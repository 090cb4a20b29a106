import Domain
import Logging

/// How time passes for the desk.
extension Desk {
    /// Expires what is due, again and again, until the task is cancelled.
    func expireWhenDue() async {
        while (try? await clock.sleep(milliseconds: limits.expiryCheckIntervalMs)) != nil {
            // The store may be back although nobody has asked for anything: tabs must not wait for the next request.
            if isBehindLog { wakes.continuation.yield() }
            while await expireDue() {}
        }
    }

    /// Expires what is due and says whether there may be more. What could not be expired because of the store is tried
    /// again at the next check; until then nobody can decide on it either.
    private func expireDue() async -> Bool {
        let due = expiries.takeDue(at: clock.now(), limit: limits.batchRequestsMax)
        guard !due.isEmpty else { return false }
        do throws(DeskError) {
            _ = try await submit(DeskRequest(due.map { .expire($0) }))
            return due.count == limits.batchRequestsMax
        } catch {
            if case .closing = error { return false }
            logger.error("expiry failed", metadata: ["error": "\(error)", "signals": "\(due.count)"])
            for case let signal? in due.map({ projection.signal($0) }) { expiries.watch(signal) }
            return false
        }
    }
}
