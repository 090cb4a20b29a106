import Domain
import Engine
import Foundation
import Logging
import Storage
import Wire

/// Gives one endpoint what it wants of the log: in the order of the log, one after the other, each until it is taken or dead.
///
/// Nothing is sent that is not in the log, and nothing is sent after something that is not recorded as sent or dead. So a
/// process that is killed at any moment sends at most one event again, under the same id. A value; its `run` is one task, so
/// one endpoint never waits for another.
struct EndpointCourier: Sendable {
    struct Limits: Sendable {
        var pageEvents = 200
        var redeliveriesPerRound = 100
        /// After the store has failed.
        var storeRetryMs = 1_000
        /// Events that an endpoint does not want may be looked at again after a kill; so many at most.
        var unsavedEventsMax = 1_000
        /// Then the endpoint waits until some are delivered or dismissed: what it is not given stays in the log.
        var deadLettersMax = 10_000
        var fullRetryMs = 60_000
        /// How long after it may leave again a release leaves at the latest.
        var heldRetryMs = 1_000
    }

    let endpoint: WebhookEndpoint
    let store: any EventStore
    let outbox: any WebhookOutbox
    let carrier: any WebhookCarrier
    let clock: any DeskClock
    let jitter: @Sendable () -> Double
    let logger: Logger
    let report: @Sendable (WebhookDeliveries.Report) -> Void
    let tell: @Sendable (Alert) async -> Void
    let isHeld: @Sendable () async -> Bool
    var limits = Limits()

    /// Until the task is cancelled.
    ///
    /// - Parameter wakes: yields after something may have come into the log, or was asked for.
    func run(from start: Offset, wakes: AsyncStream<Void>) async {
        var place = Place(position: start, saved: start)
        var iterator = wakes.makeAsyncIterator()
        do {
            while !Task.isCancelled {
                try await redeliver()
                if try await deliverPage(&place) { continue }
                if await iterator.next() == nil { return }
            }
        } catch {
            // Cancelled: what was not recorded is sent again after the next start.
        }
    }

    private struct Place {
        var position: Offset
        var saved: Offset
    }

    private struct Page {
        let events: [RecordedEvent]
        /// Behind which the next one begins.
        let end: Offset
    }

    /// Says whether there may be more.
    private func deliverPage(_ place: inout Place) async throws -> Bool {
        let page = try await page(after: place.position)
        for recorded in page.events {
            if endpoint.wants(recorded.event) {
                let dead = try await deliver(WebhookMessage(recorded, epoch: store.epoch))
                try await save(recorded.offset, &place, dead: dead)
                if let dead, let alert = Alert(dead, of: recorded.event) { await tell(alert) }
                try await redeliver()
            } else if recorded.offset.value - place.saved.value >= limits.unsavedEventsMax {
                try await save(recorded.offset, &place, dead: nil)
            }
            move(to: recorded.offset, &place)
        }
        guard page.end > place.position else { return !page.events.isEmpty }
        try await save(page.end, &place, dead: nil)
        move(to: page.end, &place)
        return true
    }

    private func move(to position: Offset, _ place: inout Place) {
        place.position = position
        report(.position(endpoint.name, position))
    }

    private func page(after position: Offset) async throws -> Page {
        while true {
            do throws(StoreError) {
                let events = try await store.events(after: position, limit: limits.pageEvents)
                return Page(events: events, end: events.last?.offset ?? position)
            } catch {
                if error.code == .trimmed { return try await keptPage(after: position) }
                log(.error, "the log cannot be read for a webhook", ["error": "\(error)"])
            }
            try await clock.sleep(milliseconds: limits.storeRetryMs)
        }
    }

    /// Where the log no longer leads on: what is kept for ever, all releases among it, is still there to be delivered.
    private func keptPage(after position: Offset) async throws -> Page {
        let oldest = try await recorded("where the log begins") { () async throws(StoreError) in
            try await store.extent().oldest
        }
        var query = LogQuery(entriesMax: limits.pageEvents)
        (query.order, query.beyond) = (.oldest, position)
        let page = try await recorded("what is left of the log") { [query] () async throws(StoreError) in
            try await store.entries(query)
        }
        let end = min(page.end ?? oldest, Offset(oldest.value - 1))
        log(
            .warning,
            "the log no longer holds all events that a webhook has not come to; those of signals are delivered",
            ["after": "\(position)", "through": "\(end)"]
        )
        return Page(events: page.entries.map(\.recorded).filter { $0.offset <= end }, end: end)
    }

    /// - Returns: the letter that it has become; `nil` when it was taken.
    private func deliver(_ message: WebhookMessage) async throws -> DeadLetter.Content? {
        var attempts = 0
        var failure = "the desk could not send it in time"
        while true {
            if message.type == .signalApproved { try await untilItMayLeave(message) }
            if endpoint.schedule.isTooLate(message.type, recordedAt: message.recordedAt, at: clock.now()) { break }
            switch try await attempt(message) {
            case .taken: return nil
            case .gone: return dead(message, attempts: attempts + 1, "it answered 410: it wants no more of it")
            case .failed(let reason): failure = reason
            }
            attempts += 1
            guard let pauseMs = endpoint.schedule.pauseMs(afterAttempt: attempts, jitter: jitter()) else {
                return dead(message, attempts: attempts, failure)
            }
            try await clock.sleep(milliseconds: pauseMs)
        }
        let limit = endpoint.schedule.releaseWithinSeconds
        return dead(
            message,
            attempts: attempts,
            "older than \(limit) s, which is too late to go out by itself; \(failure)"
        )
    }

    private func untilItMayLeave(_ message: WebhookMessage) async throws {
        guard await isHeld() else { return }
        log(.notice, "a release waits, for nothing may leave the desk now", ["id": "\(message.id)"])
        while await isHeld() { try await clock.sleep(milliseconds: limits.heldRetryMs) }
    }

    private func attempt(_ message: WebhookMessage) async throws -> DeliveryAttempt {
        let outcome = await carrier.post(
            message.body,
            to: endpoint.url,
            fields: message.fields(at: clock.now(), for: endpoint),
            timeoutSeconds: endpoint.schedule.timeoutSeconds
        )
        switch outcome {
        case .taken:
            report(.delivered(endpoint.name))
            log(.info, "webhook delivered", ["id": "\(message.id)"])
        case .failed(let reason):
            // Broken off by the desk's own end, which says nothing of the endpoint.
            try Task.checkCancellation()
            report(.failed(endpoint.name))
            log(.warning, "webhook not taken", ["id": "\(message.id)", "reason": "\(reason)"])
        case .gone:
            report(.failed(endpoint.name))
        }
        return outcome
    }

    private func dead(_ message: WebhookMessage, attempts: Int, _ failure: String) -> DeadLetter.Content {
        report(.dead(endpoint.name))
        log(
            .error,
            "webhook is a dead letter",
            ["id": "\(message.id)", "attempts": "\(attempts)", "reason": "\(failure)"]
        )
        return DeadLetter.Content(
            endpoint: endpoint.name,
            eventID: message.id,
            offset: message.offset,
            type: message.type.rawValue,
            signal: message.signal,
            attempts: attempts,
            failedAt: clock.now(),
            failure: failure
        )
    }

    // MARK: Again, because somebody asked

    private func redeliver() async throws {
        let letters = try await recorded("dead letters") { () async throws(StoreError) in
            try await outbox.queuedDeadLetters(of: endpoint.name, limit: limits.redeliveriesPerRound)
        }
        for letter in letters {
            // It stays asked for.
            if letter.content.type == MessageType.signalApproved.rawValue, await isHeld() { continue }
            let content = try await triedAgain(letter)
            try await recorded("a dead letter") { () async throws(StoreError) in
                try await outbox.settleDeadLetter(letter.id, as: content)
            }
        }
    }

    /// Once, however late it is: a person has decided.
    ///
    /// - Returns: the letter as it is then; `nil` when it was taken.
    private func triedAgain(_ letter: DeadLetter) async throws -> DeadLetter.Content? {
        let events = try await recorded("an event") { () async throws(StoreError) in
            try await store.events(at: [letter.content.offset])
        }
        var failure = "the event is no longer in the log"
        if let event = events.first {
            switch try await attempt(WebhookMessage(event, epoch: store.epoch)) {
            case .taken: return nil
            case .gone: failure = "it answered 410: it wants no more of it"
            case .failed(let reason): failure = reason
            }
        }
        let last = letter.content
        return DeadLetter.Content(
            endpoint: last.endpoint,
            eventID: last.eventID,
            offset: last.offset,
            type: last.type,
            signal: last.signal,
            attempts: last.attempts + 1,
            failedAt: clock.now(),
            failure: failure
        )
    }

    // MARK: The store

    private func save(_ position: Offset, _ place: inout Place, dead: DeadLetter.Content?) async throws {
        if dead != nil { try await roomForLetter() }
        try await recorded("the place of a webhook") { () async throws(StoreError) in
            try await outbox.save(position: position, of: endpoint.name, dead: dead)
        }
        place.saved = position
    }

    private func roomForLetter() async throws {
        while true {
            let count = try await recorded("dead letters") { () async throws(StoreError) in
                try await outbox.deadLetterCounts()[endpoint.name] ?? 0
            }
            guard count >= limits.deadLettersMax else { return }
            log(
                .error,
                "no room for another dead letter; the endpoint waits until some are delivered or dismissed",
                ["dead_letters": "\(count)"]
            )
            try await clock.sleep(milliseconds: limits.fullRetryMs)
            try await redeliver()
        }
    }

    /// Tries until the store does it: before that nothing more goes out (promise 2).
    private func recorded<Value: Sendable>(
        _ what: String,
        _ call: () async throws(StoreError) -> Value
    ) async throws -> Value {
        while true {
            do throws(StoreError) {
                return try await call()
            } catch {
                log(.error, "store failed; the webhook waits", ["what": "\(what)", "error": "\(error)"])
            }
            try await clock.sleep(milliseconds: limits.storeRetryMs)
        }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        logger.log(
            level: level,
            message,
            metadata: metadata.merging(["endpoint": "\(endpoint.name)"]) { own, _ in own }
        )
    }
}

extension Alert {
    /// That an endpoint was not given what happened to a signal.
    ///
    /// - Returns: `nil` for events that are about none: an alert that could not be delivered must not make another.
    fileprivate init?(_ dead: DeadLetter.Content, of event: Event) {
        guard let signal = event.signal else { return nil }
        let isRelease = MessageType(event) == .signalApproved
        let what = isRelease ? "the release" : "\(dead.type)"
        self.init(
            id: "\(dead.endpoint):\(dead.eventID)",
            symbol: signal.symbol,
            type: "webhook_dead_letter",
            message: "\(dead.endpoint) was not given \(what) of \(signal.symbol): \(dead.failure)",
            severity: isRelease ? .critical : .warning
        )
    }
}
