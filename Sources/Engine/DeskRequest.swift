package import Domain
package import Storage

/// Commands that are carried out together or not at all, by one caller.
package struct DeskRequest: Sendable {
    package let commands: [Command]
    /// Makes repeating the request safe: the second time answers what the first one did.
    package let receipt: Append.NewReceipt?

    package init(_ commands: [Command], receipt: Append.NewReceipt? = nil) {
        self.commands = commands
        self.receipt = receipt
    }

    package init(_ command: Command, receipt: Append.NewReceipt? = nil) {
        self.init([command], receipt: receipt)
    }

    /// Signals that have to be known to decide, read from the log when the desk has forgotten them. A pending one is
    /// never forgotten, and whether a new one is new is for the store to say: neither costs a read.
    var signalsToRecall: [SignalID] {
        commands.compactMap { command in
            switch command {
            case .approve(.signal(let id), _, _), .reject(.signal(let id), _, _), .reportExecuted(let id, _),
                .reportFailed(let id, _), .withdraw(let id, _), .undo(let id, _), .extend(let id, _, _),
                .release(let id, _), .amend(let id, _, _), .measure(let id, _):
                id
            case .approve, .reject, .receive, .expire, .observe, .stopDesk, .resumeDesk, .controlSession: nil
            }
        }
    }
}

/// What a request did.
package struct DeskOutcome: Sendable {
    package let events: [RecordedEvent]
    /// The request was repeated under its idempotency key; nothing happened this time.
    package let isRepeated: Bool

    package init(events: [RecordedEvent], isRepeated: Bool) {
        self.events = events
        self.isRepeated = isRepeated
    }
}

/// Why a request was not carried out.
package enum DeskError: Error, Sendable {
    case refused(Refusal)
    /// The idempotency key belongs to another request.
    case keyReused
    /// More requests wait than the desk can hold; try again.
    case busy
    /// The desk is closing; try again when it is back.
    case closing
    /// The store failed. Nothing was decided as far as the log can be read; where it could not be, asking again under
    /// the same idempotency key tells.
    case store(StoreError)
}
