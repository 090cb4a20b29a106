/// What has happened. An event carries the whole value after the change, so any event can be shown on its own.
///
/// Indirect: a signal is hundreds of bytes and dozens of references, and an event is handed on often.
package indirect enum Event: Hashable, Sendable, Codable {
    case signalReceived(Signal)
    /// One of several people whom the policy asks for has approved; the signal waits for the others.
    case signalSignedOff(Signal)
    case signalApproved(Signal)
    case signalRejected(Signal)
    case signalExpired(Signal)
    case signalExecuted(Signal)
    /// An approval was taken back: the signal is pending again, and nothing of it has left (C4).
    case signalUndone(Signal)
    /// The time limit was put off.
    case signalExtended(Signal)
    case signalWithdrawn(Signal)
    case signalFailed(Signal)
    /// An approval can no longer be undone: from now on the signal may leave for execution (C21).
    case signalReleased(Signal)
    /// Its source changed the terms of a signal that waits (issue 5, "Terms").
    case signalAmended(Signal, changes: [Difference])
    /// The desk goes on, and the time limit with what was left of it when it stopped (GAP-07).
    case signalPostponed(Signal)
    case deskStopped(DeskStop)
    /// One of the people that resuming takes wants it.
    case deskResumeSignedOff(DeskStop)
    case deskResumed(DeskStop)
    /// A person paused, resumed or stopped a trading session.
    case sessionControlled(SessionStatus)
    /// What a decided signal would have made became known. It changes nothing that was decided.
    case signalMeasured(Signal)
    case observed(Observation)

    /// The signal after the change; `nil` for events that are not about one.
    package var signal: Signal? {
        switch self {
        case .signalReceived(let signal), .signalApproved(let signal), .signalRejected(let signal),
            .signalExpired(let signal), .signalExecuted(let signal), .signalReleased(let signal),
            .signalUndone(let signal), .signalExtended(let signal), .signalWithdrawn(let signal),
            .signalFailed(let signal), .signalSignedOff(let signal), .signalAmended(let signal, _),
            .signalPostponed(let signal), .signalMeasured(let signal):
            signal
        case .deskStopped, .deskResumeSignedOff, .deskResumed, .sessionControlled, .observed: nil
        }
    }

    /// Whether the log keeps the event for ever (GAP-12). The life of every signal is: what was proposed, who decided what,
    /// and what became of it; and so is what people did to the desk and to sessions. What else was reported goes when it is
    /// old.
    package var isKeptForEver: Bool {
        switch self {
        case .signalReceived, .signalApproved, .signalRejected, .signalExpired, .signalExecuted, .signalReleased,
            .signalUndone, .signalExtended, .signalWithdrawn, .signalFailed, .signalSignedOff, .signalAmended,
            .signalPostponed, .signalMeasured, .deskStopped, .deskResumeSignedOff, .deskResumed, .sessionControlled:
            true
        case .observed: false
        }
    }
}

extension Event {
    /// The standstill after the change; `nil` for events that are not about one.
    package var deskStop: DeskStop? {
        switch self {
        case .deskStopped(let stop), .deskResumeSignedOff(let stop), .deskResumed(let stop): stop
        default: nil
        }
    }

    /// The trading session after the change; `nil` for events that are not about one.
    package var session: SessionStatus? {
        switch self {
        case .sessionControlled(let status), .observed(.session(let status)): status
        default: nil
        }
    }
}

/// A place in the log: grows by one with every event of an epoch; the first event has 1.
package struct Offset: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    /// Before the first event.
    package static let start = Offset(0)

    package static func < (one: Offset, other: Offset) -> Bool { one.value < other.value }
    package var next: Offset { Offset(value + 1) }
    package var description: String { String(value) }
}

/// Names one life of a log. A log that was replaced or restored has another epoch, so its offsets are never confused
/// with those of the old one (C3).
package struct Epoch: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package var description: String { text }
}

/// An event in the log.
package struct RecordedEvent: Hashable, Sendable {
    package let offset: Offset
    package let recordedAt: Timestamp
    package let event: Event

    package init(offset: Offset, recordedAt: Timestamp, event: Event) {
        self.offset = offset
        self.recordedAt = recordedAt
        self.event = event
    }
}
