import Domain
import Engine
import Storage
import Wire

// The desk's errors as problems of the wire: the only place where they get a status (style, three families).

extension Problem {
    init(_ error: DeskError) {
        switch error {
        case .refused(let refusal): self = Problem(refusal: refusal)
        case .keyReused:
            self = Problem(
                .idempotencyKeyReused,
                detail: "This Idempotency-Key belongs to another request. Use a new key for a new request.")
        case .busy:
            self = Problem.unavailable("More requests are waiting than the desk can hold. Nothing was done; try again.")
        case .closing:
            self = Problem.unavailable("The desk is closing. Nothing was done; try again when it is back.")
        case .store(let error): self = Problem(store: error)
        }
    }
}

extension Desk {
    func submitOrProblem(_ request: DeskRequest) async throws -> DeskOutcome {
        do throws(DeskError) { return try await submit(request) } catch { throw Problem(error) }
    }

    func snapshotOrProblem() async throws -> Snapshot {
        do throws(StoreError) { return try await snapshot() } catch { throw Problem(store: error) }
    }

    func signalOrProblem(_ id: SignalID) async throws -> Signal? {
        do throws(StoreError) { return try await signal(id) } catch { throw Problem(store: error) }
    }
}

extension Ingest {
    func acceptOrProblem(_ messages: [SourceMessage], receipt: Append.NewReceipt?) async throws -> DeskOutcome {
        do throws(DeskError) { return try await accept(messages, receipt: receipt) } catch { throw Problem(error) }
    }
}
