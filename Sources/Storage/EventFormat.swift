package import Domain
package import Foundation

/// How an event is written in a log: a type name and the JSON of the value it carries.
///
/// The names and the JSON are kept for ever, so they are spelled out here and not taken from Swift's case names. A field
/// may be added when it is optional; anything else needs a new type name beside the old one, which stays readable.
/// `EventFormatTests` holds one golden line per type.
package struct EventFormat: Sendable {
    package struct Stored: Hashable, Sendable {
        package let type: String
        package let payload: Data

        package init(type: String, payload: Data) {
            self.type = type
            self.payload = payload
        }
    }

    private let decoder = JSONDecoder()

    package init() {}

    package func encode(_ event: Event) -> Stored {
        var json = PayloadWriter()
        switch event {
        case .signalReceived(let signal), .signalApproved(let signal), .signalRejected(let signal),
            .signalExpired(let signal), .signalExecuted(let signal), .signalReleased(let signal),
            .signalUndone(let signal), .signalExtended(let signal), .signalWithdrawn(let signal),
            .signalFailed(let signal), .signalSignedOff(let signal), .signalPostponed(let signal),
            .signalMeasured(let signal):
            signal.write(to: &json)
        case .signalAmended(let signal, let changes): signal.write(changes, to: &json)
        case .deskStopped(let stop), .deskResumeSignedOff(let stop), .deskResumed(let stop): stop.write(to: &json)
        case .sessionControlled(let session): session.write(to: &json)
        case .observed(let observation): observation.write(to: &json)
        }
        return Stored(type: TypeName(event).rawValue, payload: Data(json.bytes))
    }

    /// - Throws: `tooNew` for a type this version does not know, `corrupted` for JSON that is not the type's.
    package func decode(_ stored: Stored) throws(StoreError) -> Event {
        guard let type = TypeName(rawValue: stored.type) else {
            throw StoreError(
                .tooNew,
                "The log holds an event of the type \(stored.type), which this version does not know. "
                    + "Start the version that wrote it, or a newer one."
            )
        }
        do {
            return try decode(stored.payload, as: type)
        } catch {
            throw StoreError(.corrupted, "A stored \(stored.type) event cannot be read back.", underlying: error)
        }
    }

    /// All types there are.
    package static let types = TypeName.allCases.map(\.rawValue)

    /// The types of the events that are let go when they are old: those that are not ``Event/isKeptForEver``.
    package static let trimmedTypes = TypeName.allCases.filter { !$0.isKeptForEver }.map(\.rawValue)

    private enum TypeName: String, CaseIterable {
        case signalReceived = "signal_received"
        case signalSignedOff = "signal_signed_off"
        case signalApproved = "signal_approved"
        case signalRejected = "signal_rejected"
        case signalExpired = "signal_expired"
        case signalExecuted = "signal_executed"
        case signalReleased = "signal_released"
        case signalUndone = "signal_undone"
        case signalExtended = "signal_extended"
        case signalWithdrawn = "signal_withdrawn"
        case signalFailed = "signal_failed"
        case signalAmended = "signal_amended"
        case signalPostponed = "signal_postponed"
        case deskStopped = "desk_stopped"
        case deskResumeSignedOff = "desk_resume_signed_off"
        case deskResumed = "desk_resumed"
        case sessionControlled = "session_controlled"
        case signalMeasured = "signal_measured"
        case pattern, portfolio, campaign, session, algorithm, alert, notice, risk

        init(_ event: Event) {
            switch event {
            case .signalReceived: self = .signalReceived
            case .signalSignedOff: self = .signalSignedOff
            case .signalApproved: self = .signalApproved
            case .signalRejected: self = .signalRejected
            case .signalExpired: self = .signalExpired
            case .signalExecuted: self = .signalExecuted
            case .signalReleased: self = .signalReleased
            case .signalUndone: self = .signalUndone
            case .signalExtended: self = .signalExtended
            case .signalWithdrawn: self = .signalWithdrawn
            case .signalFailed: self = .signalFailed
            case .signalAmended: self = .signalAmended
            case .signalPostponed: self = .signalPostponed
            case .deskStopped: self = .deskStopped
            case .deskResumeSignedOff: self = .deskResumeSignedOff
            case .deskResumed: self = .deskResumed
            case .sessionControlled: self = .sessionControlled
            case .signalMeasured: self = .signalMeasured
            case .observed(.pattern): self = .pattern
            case .observed(.portfolio): self = .portfolio
            case .observed(.campaign): self = .campaign
            case .observed(.session): self = .session
            case .observed(.algorithm): self = .algorithm
            case .observed(.alert): self = .alert
            case .observed(.notice): self = .notice
            case .observed(.risk): self = .risk
            }
        }

        var isKeptForEver: Bool {
            switch self {
            case .signalReceived, .signalApproved, .signalRejected, .signalExpired, .signalExecuted, .signalReleased,
                .signalUndone, .signalExtended, .signalWithdrawn, .signalFailed, .signalSignedOff, .signalAmended,
                .signalPostponed, .signalMeasured, .deskStopped, .deskResumeSignedOff, .deskResumed, .sessionControlled:
                true
            case .pattern, .portfolio, .campaign, .session, .algorithm, .alert, .notice, .risk: false
            }
        }
    }

    private func decode(_ payload: Data, as type: TypeName) throws -> Event {
        switch type {
        case .signalReceived: .signalReceived(try decoder.decode(Signal.self, from: payload))
        case .signalSignedOff: .signalSignedOff(try decoder.decode(Signal.self, from: payload))
        case .signalApproved: .signalApproved(try decoder.decode(Signal.self, from: payload))
        case .signalRejected: .signalRejected(try decoder.decode(Signal.self, from: payload))
        case .signalExpired: .signalExpired(try decoder.decode(Signal.self, from: payload))
        case .signalExecuted: .signalExecuted(try decoder.decode(Signal.self, from: payload))
        case .signalReleased: .signalReleased(try decoder.decode(Signal.self, from: payload))
        case .signalUndone: .signalUndone(try decoder.decode(Signal.self, from: payload))
        case .signalExtended: .signalExtended(try decoder.decode(Signal.self, from: payload))
        case .signalWithdrawn: .signalWithdrawn(try decoder.decode(Signal.self, from: payload))
        case .signalFailed: .signalFailed(try decoder.decode(Signal.self, from: payload))
        case .signalMeasured: .signalMeasured(try decoder.decode(Signal.self, from: payload))
        case .signalAmended: try decoder.decode(StoredAmendment.self, from: payload).event
        case .signalPostponed: .signalPostponed(try decoder.decode(Signal.self, from: payload))
        case .deskStopped: .deskStopped(try decoder.decode(DeskStop.self, from: payload))
        case .deskResumeSignedOff: .deskResumeSignedOff(try decoder.decode(DeskStop.self, from: payload))
        case .deskResumed: .deskResumed(try decoder.decode(DeskStop.self, from: payload))
        case .sessionControlled: .sessionControlled(try decoder.decode(SessionStatus.self, from: payload))
        case .pattern: .observed(.pattern(try decoder.decode(Pattern.self, from: payload)))
        case .portfolio: .observed(.portfolio(try decoder.decode(Portfolio.self, from: payload)))
        case .campaign: .observed(.campaign(try decoder.decode(Campaign.self, from: payload)))
        case .session: .observed(.session(try decoder.decode(SessionStatus.self, from: payload)))
        case .algorithm: .observed(.algorithm(try decoder.decode(AlgorithmDecision.self, from: payload)))
        case .alert: .observed(.alert(try decoder.decode(Alert.self, from: payload)))
        case .notice: .observed(.notice(try decoder.decode(Notice.self, from: payload)))
        case .risk: .observed(.risk(try decoder.decode(RiskAlert.self, from: payload)))
        }
    }
}
