package import Domain

/// How far each endpoint has been given what is in the log, and what it could not be given.
///
/// The log is the outbox: an endpoint is a place in it. Everything here is of the store's own log; what was kept beside
/// another one is nobody's. Each call is one transaction, and durable when it returns.
package protocol WebhookOutbox: Sendable {
    /// By the names of the endpoints.
    func webhookPositions() async throws(StoreError) -> [String: Offset]

    /// Moves an endpoint to `position`, together with what it could not be given on the way.
    func save(position: Offset, of endpoint: String, dead: DeadLetter.Content?) async throws(StoreError)

    /// Lets go of the places of all other endpoints; their dead letters stay.
    func forgetWebhookPositions(except endpoints: Set<String>) async throws(StoreError)

    /// Those behind `id`, oldest first.
    func deadLetters(after id: Int64, limit: Int) async throws(StoreError) -> [DeadLetter]

    /// How many there are, by the names of the endpoints.
    func deadLetterCounts() async throws(StoreError) -> [String: Int]

    /// Those of an endpoint that somebody has asked for, in the order of the log.
    func queuedDeadLetters(of endpoint: String, limit: Int) async throws(StoreError) -> [DeadLetter]

    /// Marks a letter to be sent again; doing so twice does no more.
    ///
    /// - Returns: the letter; `nil` when there is none, perhaps because it was delivered.
    func queueDeadLetter(_ id: Int64) async throws(StoreError) -> DeadLetter?

    /// Puts a letter that was tried in vain back, as it is now, or, with `nil`, lets go of one that was delivered.
    func settleDeadLetter(_ id: Int64, as content: DeadLetter.Content?) async throws(StoreError)
}
