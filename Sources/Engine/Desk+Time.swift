import Domain
import Logging

/// How time passes for the desk: pending signals expire, approved ones are released when their undo window has passed.
extension Desk {
    /// Notes down when something is to be done about this signal.
    func watch(_ signal: Signal) {
        if signal.status.isAwaitingApproval, let at = signal.proposal.expiresAt { expiries.add(signal.id, at: at) }
        if let due = signal.releaseDue(undoWindowMs: limits.undoWindowMs) { releases.add(signal.id, at: due) }
    }

    /// Approvals of before the start. One whose release is long overdue was approved on terms of then: it is not released by
    /// itself, for no fault may let anything out (promise 2).
    func watchUnreleased(_ signals: [Signal], at now: Timestamp) {
        for signal in signals {
            guard let due = signal.releaseDue(undoWindowMs: limits.undoWindowMs) else { continue }
            let overdueMs = now.milliseconds - due.milliseconds
            if overdueMs <= limits.releaseOverdueMsMax {
                watch(signal)
            } else {
                logger.warning("approved before a halt and not released", metadata: ["signal_id": "\(signal.id)"])
            }
        }
    }

    /// Does what is due, again and again, until the task is cancelled.
    func actWhenDue() async {
        while (try? await clock.sleep(milliseconds: limits.dueCheckIntervalMs)) != nil {
            // The store may be back although nobody has asked for anything: tabs must not wait for the next request.
            if isBehindLog { wakes.continuation.yield() }
            while await actOnDue() {}
        }
    }

    /// Acts on what is due and says whether there may be more. What could not be done because of the store is tried again at
    /// the next check; until then nobody can decide on an expired signal either.
    private func actOnDue() async -> Bool {
        let now = clock.now()
        let expired = expiries.takeDue(at: now, limit: limits.batchRequestsMax)
        let released = releases.takeDue(at: now, limit: limits.batchRequestsMax)
        let commands = expired.map { Command.expire($0) } + released.map { Command.release($0) }
        guard !commands.isEmpty else { return false }
        do throws(DeskError) {
            _ = try await submit(DeskRequest(commands))
            return max(expired.count, released.count) == limits.batchRequestsMax
        } catch {
            if case .closing = error { return false }
            logger.error("due signals not handled", metadata: ["error": "\(error)", "signals": "\(commands.count)"])
            for case let signal? in (expired + released).map({ projection.signal($0) }) { watch(signal) }
            return false
        }
    }
}
