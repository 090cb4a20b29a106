import Domain
import Engine
import Logging
import PolicyFile
import ServiceLifecycle
import UnixSignals

/// Takes the policy file on whenever it changes, and at SIGHUP. One that is broken or gone stays out: the one before it
/// stays in force, and the log, `/health` and `/metrics` say so.
///
/// The file is read again every second and compared byte by byte: no time stamp and no way of replacing a file can hide a
/// change.
struct PolicyWatcher: Service {
    static let checkIntervalMs = 1_000

    let path: String
    let board: PolicyBoard
    let clock: any DeskClock
    let logger: Logger
    /// SIGHUP, caught since before anybody could know of this process.
    let hangUps: UnixSignalsSequence

    func run() async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Reason.self, bufferingPolicy: .bufferingNewest(2))
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { for await _ in hangUps { wake.yield(.asked) } }
                group.addTask {
                    while (try? await clock.sleep(milliseconds: Self.checkIntervalMs)) != nil { wake.yield(.time) }
                }
                var seen: [UInt8]?
                for await reason in wakes { look(for: reason, &seen) }
                group.cancelAll()
            }
        }
    }

    private enum Reason { case time, asked }

    private func look(for reason: Reason, _ seen: inout [UInt8]?) {
        do throws(PolicyFaults) {
            let before = seen
            // A file that was gone and is back as it was is news.
            seen = nil
            let bytes = try PolicyReader.bytes(path)
            seen = bytes
            guard reason == .asked || bytes != before else { return }
            take(try PolicyReader.read(bytes), isAsked: reason == .asked)
        } catch {
            refuse(error)
        }
    }

    private func take(_ policy: Policy, isAsked: Bool) {
        let status = board.status
        guard policy.stamp != status.inForce?.stamp || status.fault != nil else {
            if isAsked { logger.info("policy is in force as it is", metadata: Self.metadata(policy)) }
            return
        }
        board.adopt(policy, at: clock.now())
        logger.notice("policy in force", metadata: Self.metadata(policy))
    }

    /// Said once for each fault, not with every look.
    private func refuse(_ faults: PolicyFaults) {
        guard board.status.fault != faults.description else { return }
        board.note(fault: faults.description)
        let kept = board.inForce?.stamp.version ?? ""
        logger.error(
            "policy refused",
            metadata: ["faults": "\(faults)", "path": "\(path)", "still_in_force": "\(kept)"]
        )
    }

    static func metadata(_ policy: Policy) -> Logger.Metadata {
        ["version": "\(policy.stamp.version)", "hash": "\(policy.stamp.hash)", "rules": "\(policy.rules.count)"]
    }
}
