import Domain
import Engine
import Storage

/// Values the tests talk about.
enum Sample {
    static let now = Timestamp(milliseconds: 1_705_314_600_000)

    static func symbol(_ text: String = "AAPL") -> Symbol {
        guard let symbol = Symbol(text) else { preconditionFailure("\(text) is no symbol") }
        return symbol
    }

    static func user(_ text: String) -> UserName {
        guard let user = UserName(text) else { preconditionFailure("\(text) is no name") }
        return user
    }

    static func receive(_ id: SignalID, _ symbol: String = "AAPL", expiresInMs: Int64? = nil) -> Command {
        var proposal = Proposal(symbol: Self.symbol(symbol), side: .buy, source: "tests")
        proposal.expiresAt = expiresInMs.map { now.advanced(byMilliseconds: $0) }
        return .receive(id, proposal)
    }

    static func approve(_ id: SignalID, by user: String = "alice") -> Command {
        .approve(.signal(id), as: .buy, Command.Click(decisionID: DecisionID(), user: Self.user(user)))
    }

    static func reject(_ id: SignalID, by user: String = "alice") -> Command {
        .reject(.signal(id), reason: "no", Command.Click(decisionID: DecisionID(), user: Self.user(user)))
    }

    static func undo(_ id: SignalID, by user: String = "bo") -> Command {
        .undo(id, Command.Click(decisionID: DecisionID(), user: Self.user(user)))
    }

    static func extend(_ id: SignalID, by user: String = "bo", minutes: Int = 5) -> Command {
        .extend(id, minutes: minutes, Command.Click(decisionID: DecisionID(), user: Self.user(user)))
    }

    static func notice(_ id: String) -> Command { .observe(.notice(Notice(id: id, message: "text", kind: .info))) }

    static func receipt(_ key: String, fingerprint: String = "f") -> Append.NewReceipt {
        Append.NewReceipt(key: IdempotencyKey(scope: "user:alice", key: key), fingerprint: fingerprint)
    }
}

/// What became of a request, as a value that can be compared.
enum Answer: Equatable {
    case done([RecordedEvent], isRepeated: Bool)
    case refused(Refusal)
    case keyReused, busy, closing
    case store(StoreError.Code)

    var events: [RecordedEvent] { if case .done(let events, _) = self { events } else { [] } }
    var isDone: Bool { if case .done = self { true } else { false } }
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}

extension Desk {
    nonisolated func ask(_ commands: Command..., receipt: Append.NewReceipt? = nil) async -> Answer {
        await ask(commands, receipt: receipt)
    }

    nonisolated func ask(_ commands: [Command], receipt: Append.NewReceipt? = nil) async -> Answer {
        do throws(DeskError) {
            let outcome = try await submit(DeskRequest(commands, receipt: receipt))
            return .done(outcome.events, isRepeated: outcome.isRepeated)
        } catch {
            switch error {
            case .refused(let refusal): return .refused(refusal)
            case .keyReused: return .keyReused
            case .busy: return .busy
            case .closing: return .closing
            case .store(let error): return .store(error.code)
            }
        }
    }
}
