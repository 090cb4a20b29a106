/// An event that an endpoint could not be given, kept until somebody has it sent again or it is taken.
package struct DeadLetter: Hashable, Sendable, Identifiable {
    /// Grows with every letter; none is used twice.
    package let id: Int64
    package let content: Content
    /// Somebody has asked for it to be sent again.
    package let isQueued: Bool

    package struct Content: Hashable, Sendable {
        /// The name of the endpoint.
        package let endpoint: String
        /// What the endpoint knows the event by, at every attempt.
        package let eventID: String
        package let offset: Offset
        /// The message's type on the wire.
        package let type: String
        package let signal: SignalID?
        package let attempts: Int
        package let failedAt: Timestamp
        /// What went wrong at last.
        package let failure: String

        package init(
            endpoint: String,
            eventID: String,
            offset: Offset,
            type: String,
            signal: SignalID?,
            attempts: Int,
            failedAt: Timestamp,
            failure: String
        ) {
            self.endpoint = endpoint
            self.eventID = eventID
            self.offset = offset
            self.type = type
            self.signal = signal
            self.attempts = attempts
            self.failedAt = failedAt
            self.failure = failure
        }
    }

    package init(id: Int64, content: Content, isQueued: Bool) {
        self.id = id
        self.content = content
        self.isQueued = isQueued
    }
}
