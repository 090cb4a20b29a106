package import Domain

extension EncodedMessage {
    /// What a release is to those whom it is not for (CON-18, SEC-14): that the signal has left the desk, which anybody may read
    /// from the signal itself, and nothing of the plan.
    ///
    /// - Returns: `nil` for every event that is for the whole desk.
    package init?(toOthers recorded: RecordedEvent) {
        guard case .signalReleased(let signal) = recorded.event, signal.proposal.recipients != nil else { return nil }
        self.init(.signalReleased, at: recorded.recordedAt, offset: recorded.offset) { json in
            json.object("data") { json in
                json.text("signal_id", signal.id.description)
                json.integer("version", signal.version)
                json.time("released_at", signal.releasedAt)
            }
        }
    }
}
