import Domain
import Engine
import Logging
import Realtime
import Storage

/// Saves who has read what, so that it outlives the process (DLV-01, DLV-05).
///
/// In batches, beside the paths of tabs and decisions: about once a second what has changed, and at once who comes for the
/// first time, for nothing waits for somebody who is not known. A store that fails is tried again.
struct ReaderKeeper: Sendable {
    struct Limits: Sendable {
        var saveIntervalMs = 1_000
        /// After each round.
        var pauseMs = 100
        var retryIntervalMs = 5_000
        /// So that decisions get their turn.
        var readersPerTransactionMax = 250
    }

    let receipts: LiveReceipts
    let store: any EventStore
    let clock: any DeskClock
    let logger: Logger
    var limits = Limits()

    /// Saves until the task is cancelled; what is left then is for a last ``save()``.
    func keep() async {
        async let _ = lookAgain()
        for await _ in receipts.newReaders {
            let isSaved = await save()
            let pauseMs = isSaved ? limits.pauseMs : limits.retryIntervalMs
            guard (try? await clock.sleep(milliseconds: pauseMs)) != nil else { return }
        }
    }

    private func lookAgain() async {
        while (try? await clock.sleep(milliseconds: limits.saveIntervalMs)) != nil { receipts.lookAgain() }
    }

    /// Saves all that is not saved, and says whether it could.
    @discardableResult
    func save() async -> Bool {
        do throws(StoreError) {
            for part in receipts.unsaved(at: clock.now()).parts(countMax: limits.readersPerTransactionMax) {
                try await store.save(readers: part.readers, forgetting: part.forgotten)
                receipts.saved(part)
            }
            return true
        } catch {
            logger.error("readers not saved", metadata: ["error": "\(error)"])
            return false
        }
    }
}
