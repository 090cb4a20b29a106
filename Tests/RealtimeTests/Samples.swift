import Domain
import Realtime
import Wire

/// Values that the tests of this target share.
enum Samples {
    static let now = Timestamp(milliseconds: 1_768_000_000_000)
    static let apple = symbol("AAPL")
    static let microsoft = symbol("MSFT")

    static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(text) else { preconditionFailure("\(text) is no symbol") }
        return symbol
    }

    static func user(_ text: String) -> UserName {
        guard let user = UserName(text) else { preconditionFailure("\(text) is no name") }
        return user
    }

    static func number(_ text: String) -> Quantity {
        guard let quantity = Quantity(text) else { preconditionFailure("\(text) is no decimal") }
        return quantity
    }

    /// A notice at this place of the log.
    static func notice(_ offset: Int64) -> Broadcast {
        let notice = Notice(id: "n\(offset)", message: "message \(offset)", kind: .info)
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: .observed(.notice(notice))))
    }

    static func alert(_ offset: Int64, _ severity: Alert.Severity) -> Broadcast {
        let alert = Alert(id: "a\(offset)", symbol: apple, type: "price_threshold", message: "x", severity: severity)
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: .observed(.alert(alert))))
    }

    static func signal(_ offset: Int64) -> Broadcast {
        let proposal = Proposal(symbol: apple, side: .buy, source: "test")
        let signal = Signal(id: SignalID(), proposal: proposal, receivedAt: now)
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: .signalReceived(signal)))
    }

    static func emergencyStop(_ offset: Int64) -> Broadcast {
        let status = SessionStatus(
            sessionID: "s",
            state: .emergencyStopped,
            currentPnL: number("0"),
            totalTrades: 0,
            lossLimitUtilization: number("100"),
            timeElapsed: 0,
            performanceScore: nil
        )
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: .observed(.session(status))))
    }

    static func risk(_ offset: Int64, _ level: RiskAlert.Level) -> Broadcast {
        let alert = RiskAlert(
            sessionID: nil,
            level: level,
            cause: .volatility,
            message: "x",
            currentValue: number("2"),
            threshold: number("1")
        )
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: .observed(.risk(alert))))
    }

    static func decision(_ offset: Int64, isApproval: Bool) -> Broadcast {
        var signal = Signal(
            id: SignalID(),
            proposal: Proposal(symbol: apple, side: .buy, source: "test"),
            receivedAt: now
        )
        let outcome: Decision.Outcome = isApproval ? .approved(as: .buy) : .rejected(reason: "stale")
        signal.status = isApproval ? .approved(.buy) : .rejected
        signal.decision = Decision(
            id: DecisionID("d"),
            outcome: outcome,
            decidedBy: user("alice"),
            decidedAt: now,
            note: nil
        )
        let event: Event = isApproval ? .signalApproved(signal) : .signalRejected(signal)
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: event))
    }

    /// An approval that has left the desk, for these alone.
    static func release(_ offset: Int64, to names: [String]) -> Broadcast {
        var proposal = Proposal(symbol: apple, side: .buy, source: "test")
        proposal.recipients = names.map(user)
        var signal = Signal(id: SignalID(), proposal: proposal, receivedAt: now)
        signal.status = .approved(.buy)
        signal.releasedAt = now
        return Broadcast(RecordedEvent(offset: Offset(offset), recordedAt: now, event: .signalReleased(signal)))
    }

    static func price(_ symbol: Symbol, _ text: String = "185.50") -> Broadcast {
        Broadcast(
            Price(
                symbol: symbol,
                price: number(text),
                change: number("0.10"),
                changePct: number("0.05"),
                volume: 1,
                bid: nil,
                ask: nil,
                at: now
            )
        )
    }

    /// Any message; a session only numbers it.
    static let greeting = EncodedMessage.pong(at: now)
}

/// What a session told its driver to do, in short.
enum Step: Equatable {
    case reply(MessageType, Int)
    case send(pageIndex: Int, Int)
    case read(Int64)
    case refresh
    case sendAgain(Int64)
    case acknowledged(Int64, [Acknowledgements.Delivery])
    case undelivered([Int64])
    case looking(SignalID?)
    case tellPresence
    case close(CloseCode)

    init(_ action: Session.Action) {
        switch action {
        case .reply(let message, let number): self = .reply(message.type, number)
        case .send(let index, let number): self = .send(pageIndex: index, number)
        case .read(let position, _): self = .read(position.value)
        case .refresh: self = .refresh
        case .sendAgain(let offset): self = .sendAgain(offset.value)
        case .acknowledged(let offset, let deliveries): self = .acknowledged(offset.value, deliveries)
        case .undelivered(let offsets): self = .undelivered(offsets.map(\.value))
        case .looking(let signal): self = .looking(signal)
        case .tellPresence: self = .tellPresence
        case .close(let code, _): self = .close(code)
        }
    }
}

/// A tab that says nothing and takes everything.
func liveSession(user: UserName? = nil, head: Int64 = 10, limits: Session.Limits = Session.Limits()) -> Tab {
    let session = Tab(user: user, head: Offset(head), limits: limits, now: Samples.now)
    _ = session.opened(Samples.greeting, resume: nil, now: Samples.now)
    return session
}

func steps(_ actions: [Session.Action]) -> [Step] { actions.map(Step.init) }
