import Domain
import Testing
import Wire

@testable import Realtime

/// What a tab that acknowledges is sent and when (DLV-01…09).
@Suite struct SessionAcknowledgementTests {
    private let now = Samples.now

    private func session(acknowledges: Bool = true, head: Int64 = 10) -> Session {
        var session = Session(user: Samples.user("ann"), head: Offset(head), acknowledges: acknowledges, now: now)
        _ = session.opened(Samples.greeting, resume: nil, now: now)
        return session
    }

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }

    private func ack(_ offset: Int64) -> Result<ClientMessage, ClientMessageFault> {
        .success(.acknowledge(Offset(offset)))
    }

    @Test func `an approval that is not acknowledged is looked up and sent again with a new number`() {
        var session = session()
        let approval = Samples.decision(11, isApproval: true)
        let number = session.offer(approval, outboxBytes: 0, now: now)
        #expect(number == 1)
        #expect(session.nextRetry == after(100))
        #expect(steps(session.retried(outboxBytes: 0, now: after(100))) == [.sendAgain(11)])
        #expect(steps(session.again(approval)) == [.reply(.approvalNotification, 2)])
    }

    @Test func `what was acknowledged while it was looked up is not sent again`() {
        var session = session()
        let approval = Samples.decision(11, isApproval: true)
        _ = session.offer(approval, outboxBytes: 0, now: now)
        _ = session.retried(outboxBytes: 0, now: after(100))
        _ = session.received(ack(11), now: after(101))
        #expect(steps(session.again(approval)) == [])
    }

    @Test func `a tab that does not acknowledge is sent everything once`() {
        var session = session(acknowledges: false)
        _ = session.offer(Samples.decision(11, isApproval: true), outboxBytes: 0, now: now)
        #expect(session.nextRetry == nil)
        #expect(steps(session.retried(outboxBytes: 0, now: after(60_000))) == [])
    }

    @Test func `a tab may just begin to acknowledge`() {
        var session = session(acknowledges: false)
        #expect(steps(session.received(ack(10), now: now)) == [.acknowledged(10, [])])
        _ = session.offer(Samples.decision(11, isApproval: true), outboxBytes: 0, now: now)
        #expect(session.nextRetry == after(100))
    }

    @Test(arguments: [RiskAlert.Level.critical, .emergency])
    func `critical risk alerts are to be acknowledged (GAP-14)`(_ level: RiskAlert.Level) {
        var session = session()
        _ = session.offer(Samples.risk(11, level), outboxBytes: 0, now: now)
        #expect(session.nextRetry != nil)
    }

    @Test func `nothing else is to be acknowledged (GAP-14)`() {
        var session = session()
        _ = session.offer(Samples.risk(11, .warning), outboxBytes: 0, now: now)
        _ = session.offer(Samples.notice(12), outboxBytes: 0, now: now)
        _ = session.offer(Samples.decision(13, isApproval: false), outboxBytes: 0, now: now)
        #expect(session.nextRetry == nil)
    }

    @Test func `in a batch too an approval is to be acknowledged`() {
        var session = session()
        let batch = BroadcastBatch([Samples.notice(11), Samples.decision(12, isApproval: true)])
        let offered = session.offer(batch, outboxBytes: 0, now: now)
        #expect(offered?.wanted == 0b11)
        #expect(session.nextRetry == after(100))
    }

    @Test func `what a replay brings is to be acknowledged, too`() {
        var session = Session(user: nil, head: Offset(12), acknowledges: true, now: now)
        let opened = session.opened(Samples.greeting, resume: (Offset(10), nil), now: now)
        #expect(steps(opened) == [.reply(.pong, 0), .acknowledged(10, []), .read(10)])
        _ = session.replayed([Samples.decision(11, isApproval: true), Samples.notice(12)], outboxBytes: 0, now: now)
        #expect(session.nextRetry == after(100))
        let delivery = Acknowledgements.Delivery(offset: Offset(11), attempt: 1, latencyMs: 40)
        #expect(steps(session.received(ack(12), now: after(40))) == [.acknowledged(12, [delivery])])
    }

    @Test func `acknowledging what was not offered yet stands for what was`() {
        var session = session()
        _ = session.offer(Samples.decision(11, isApproval: true), outboxBytes: 0, now: now)
        let acknowledged = steps(session.received(ack(4_000), now: now))
        #expect(acknowledged.first.map { if case .acknowledged(11, _) = $0 { true } else { false } } == true)
        _ = session.offer(Samples.decision(12, isApproval: true), outboxBytes: 0, now: now)
        #expect(session.nextRetry != nil)
    }

    @Test func `acknowledgements are no messages against the limit, unless they say nothing new (C17)`() {
        var session = session()
        for offset in Int64(11)...400 {
            _ = session.offer(Samples.decision(offset, isApproval: true), outboxBytes: 0, now: now)
            #expect(session.received(ack(offset), now: now).count == 1)
        }
        for _ in 1...100 { #expect(steps(session.received(ack(400), now: now)) == []) }
        #expect(steps(session.received(ack(400), now: now)).last == .close(.tooManyMessages))
    }

    @Test func `what waits for a user comes first on a tab that does not resume (DLV-01)`() {
        var session = Session(user: Samples.user("ann"), head: Offset(20), acknowledges: true, now: now)
        let queued = [11, 15].map { QueuedMessage(offset: Offset($0), happenedAt: after(-1_000)) }
        let opened = session.opened(Samples.greeting, resume: nil, queued: queued, now: now)
        #expect(steps(opened) == [.reply(.pong, 0), .sendAgain(11), .sendAgain(15)])
        #expect(steps(session.again(Samples.decision(11, isApproval: true))) == [.reply(.approvalNotification, 1)])
        let acknowledged = session.received(ack(15), now: now)
        guard case .acknowledged(Offset(15), let deliveries)? = acknowledged.first else {
            Issue.record("acknowledging is told")
            return
        }
        #expect(deliveries.map(\.latencyMs) == [1_000, 1_000])
    }

    @Test func `a tab whose bytes wait is not sent another copy`() {
        var session = session()
        _ = session.offer(Samples.decision(11, isApproval: true), outboxBytes: 0, now: now)
        #expect(steps(session.retried(outboxBytes: 1, now: after(100))) == [])
        #expect(steps(session.retried(outboxBytes: 0, now: after(200))) == [.sendAgain(11)])
    }
}
