package import Domain
import Logging

/// How time passes for the desk: pending signals expire, approved ones are released when their undo window has passed.
extension Desk {
    /// Notes down when something is to be done about this signal.
    ///
    /// - Parameter wall: what a time limit is compared with that is not known yet.
    func watch(_ signal: Signal, wall: Timestamp? = nil) {
        let reading = time.latest
        if signal.status.isAwaitingApproval {
            deadlines.releaseIsOver(signal.id)
            let due = deadlines.expiry(of: signal, wall: wall ?? reading.wall, uptimeMs: reading.runningMs)
            if let due { expiries.add(signal.id, at: due) }
        } else if signal.awaitsReleaseSince != nil {
            releases.add(signal.id, at: deadlines.release(of: signal, uptimeMs: reading.runningMs))
        } else {
            deadlines.forget(signal.id)
        }
    }

    /// Approvals of before the start. One whose release is long overdue was approved on terms of then: it is not released by
    /// itself, for no fault may let anything out (promise 2).
    func watchUnreleased(_ signals: [Signal], at now: Timestamp) {
        for signal in signals {
            guard let approvedAt = signal.awaitsReleaseSince,
                let due = signal.releaseDue(undoWindowMs: limits.undoWindowMs)
            else { continue }
            // Of several standstills only the last is known here: then it is held, which is the safe direction.
            let stoodStillMs = projection.lastStop?.standstillMs(from: approvedAt, to: now) ?? 0
            let overdueMs = now.milliseconds - due.milliseconds - stoodStillMs
            // Undone, it expires as if nobody had approved.
            _ = deadlines.expiry(of: signal, wall: limitCounts(for: signal, at: now), uptimeMs: time.latest.runningMs)
            if overdueMs <= limits.releaseOverdueMsMax { watch(signal) } else { hold(signal) }
        }
    }

    /// From when on what is left of a time limit counts at the start: not from now, when the desk is stopped.
    func limitCounts(for signal: Signal, at now: Timestamp) -> Timestamp {
        projection.stop.map { max($0.since, signal.receivedAt) } ?? now
    }

    private func hold(_ signal: Signal) {
        deadlines.hold(signal)
        logger.warning("approved before a halt and not released", metadata: ["signal_id": "\(signal.id)"])
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
        let uptimeMs = time.read(clock).runningMs
        guard projection.stop == nil else { return false }
        let expired = expiries.takeDue(at: uptimeMs, limit: limits.batchRequestsMax).map(\.id)
        let due = releases.takeDue(at: uptimeMs, limit: limits.batchRequestsMax)
        let released = due.filter { mayLeave($0.id, overdueMs: $0.overdueMs) }.map(\.id)
        let commands =
            expired.map { Command.expire($0) }
            + released.map { Command.release($0, of: deadlines.awaitedApproval(of: $0)) }
        guard !commands.isEmpty else { return false }
        do throws(DeskError) {
            _ = try await submit(DeskRequest(commands))
            putBack(expired, released, at: uptimeMs)
            guard projection.stop == nil else { return false }
            return max(expired.count, due.count) == limits.batchRequestsMax
        } catch {
            if case .closing = error { return false }
            logger.error("due signals not handled", metadata: ["error": "\(error)", "signals": "\(commands.count)"])
            for case let signal? in (expired + released).map({ projection.signal($0) }) { watch(signal) }
            return false
        }
    }

    /// Of what a stop has overtaken nothing came: it is still due, and done when the desk goes on.
    private func putBack(_ expired: [SignalID], _ released: [SignalID], at uptimeMs: Int64) {
        guard projection.lastStop != nil else { return }
        let (stamp, wall) = (time.latest.stamp, time.latest.wall)
        for case let signal? in expired.map({ projection.signal($0) })
        where deadlines.isExpired(signal, wall: wall, uptimeMs: uptimeMs) { expiries.add(signal.id, at: uptimeMs) }
        for case let signal? in released.map({ projection.signal($0) })
        where deadlines.undoWindow(of: signal, stamp: stamp, uptimeMs: uptimeMs) == .over
            && signal.awaitsReleaseSince != nil
        { releases.add(signal.id, at: uptimeMs) }
    }

    /// False for what has changed since it was noted down, and for what a sleeping machine or a failing store has kept for so
    /// long that nobody looks at it any more: that is held.
    private func mayLeave(_ id: SignalID, overdueMs: Int64) -> Bool {
        // Forgotten among ten thousand newer ones: the decider reads it from the log.
        guard let signal = projection.signal(id) else { return overdueMs <= limits.releaseOverdueMsMax }
        guard signal.awaitsReleaseSince != nil else { return false }
        switch deadlines.undoWindow(of: signal, stamp: time.latest.stamp, uptimeMs: time.latest.runningMs) {
        case .open, .held: return false
        case .over: break
        }
        guard overdueMs > limits.releaseOverdueMsMax else { return true }
        hold(signal)
        return false
    }

    /// What time it is, as the data says it.
    package func now() -> Timestamp { time.read(clock).stamp }
}
