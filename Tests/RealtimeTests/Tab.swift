import Domain
import Realtime
import Wire

/// A session behind a reference, so that expectations can call its mutating methods.
final class Tab {
    private(set) var session: Session

    init(user: UserName? = nil, head: Offset, limits: Session.Limits = Session.Limits(), now: Timestamp) {
        session = Session(user: user, head: head, limits: limits, now: now)
    }

    var limits: Session.Limits { session.limits }
    var subscriptions: Subscriptions { session.subscriptions }

    func opened(
        _ greeting: EncodedMessage,
        resume: (from: Offset, failure: ResumeFailure?)?,
        now: Timestamp
    ) -> [Session.Action] {
        session.opened(greeting, resume: resume, now: now)
    }

    func offer(_ broadcast: Broadcast, outboxBytes: Int, now: Timestamp) -> Int? {
        session.offer(broadcast, outboxBytes: outboxBytes, now: now)
    }

    func offer(
        _ batch: BroadcastBatch,
        joinedInto messagesCount: Int,
        outboxBytes: Int,
        now: Timestamp
    ) -> JoinedOffer? {
        session.offer(batch, joinedInto: messagesCount, outboxBytes: outboxBytes, now: now)
    }

    func replayed(_ page: [Broadcast], outboxBytes: Int, now: Timestamp) -> [Session.Action] {
        session.replayed(page, outboxBytes: outboxBytes, now: now)
    }

    func replayFailed() -> [Session.Action] { session.replayFailed() }

    func drained(outboxBytes: Int, now: Timestamp) -> [Session.Action] {
        session.drained(outboxBytes: outboxBytes, now: now)
    }

    func checked(outboxBytes: Int, now: Timestamp) -> [Session.Action] {
        session.checked(outboxBytes: outboxBytes, now: now)
    }

    /// What was passed over, as far as there is room.
    func passedOver(sentBytes: Int = 0) -> [StreamSubject] {
        var subjects: [StreamSubject] = []
        while let next = session.nextPassedOver(outboxBytes: 0, sentBytes: sentBytes) { subjects.append(next) }
        return subjects
    }

    func received(_ message: Result<ClientMessage, ClientMessageFault>, now: Timestamp) -> [Session.Action] {
        session.received(message, now: now)
    }
}
