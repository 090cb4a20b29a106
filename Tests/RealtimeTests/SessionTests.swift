import Domain
import Realtime
import Testing
import Wire

struct SessionTests {
    let now = Samples.now

    @Test func `connected gets number 0 and the first broadcast 1 (ENV-03, ENV-04, MSG-01)`() {
        let session = Tab(user: nil, head: Offset(10), now: now)
        #expect(steps(session.opened(Samples.greeting, resume: nil, now: now)) == [.reply(.pong, 0)])
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 1)
        #expect(session.offer(Samples.notice(12), outboxBytes: 0, now: now) == 2)
    }

    @Test func `a message that does not go out takes no number (ENV-03)`() {
        let session = liveSession()
        #expect(session.offer(Samples.price(Samples.apple), outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 1)
    }

    @Test func `an event that was offered before is not sent again`() {
        let session = liveSession()
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 1)
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == nil)
    }

    // MARK: Resuming

    @Test func `a tab that missed nothing is told so and is live`() {
        let session = Tab(user: nil, head: Offset(10), now: now)
        let actions = session.opened(Samples.greeting, resume: (Offset(10), nil), now: now)
        #expect(steps(actions) == [.reply(.pong, 0), .reply(.resumed, 1)])
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 2)
    }

    @Test func `a tab ahead of its loop is live and skips what it already has`() {
        let session = Tab(user: nil, head: Offset(10), now: now)
        _ = session.opened(Samples.greeting, resume: (Offset(12), nil), now: now)
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.notice(12), outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.notice(13), outboxBytes: 0, now: now) == 2)
    }

    @Test func `missed messages come before resumed, live ones after it`() {
        let session = Tab(user: nil, head: Offset(10), now: now)
        let opened = session.opened(Samples.greeting, resume: (Offset(8), nil), now: now)
        #expect(steps(opened) == [.reply(.pong, 0), .read(8)])
        // One more is committed while the page is read: it is in the log, so it waits for the replay.
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == nil)
        let first = session.replayed([Samples.notice(9), Samples.notice(10)], outboxBytes: 0, now: now)
        #expect(steps(first) == [.send(pageIndex: 0, 1), .send(pageIndex: 1, 2), .read(10)])
        let second = session.replayed([Samples.notice(11)], outboxBytes: 0, now: now)
        #expect(steps(second) == [.send(pageIndex: 0, 3), .reply(.resumed, 4)])
        #expect(session.offer(Samples.notice(12), outboxBytes: 0, now: now) == 5)
    }

    @Test func `a replay that is ahead of the loop does not double what the loop still brings`() {
        let session = Tab(user: nil, head: Offset(10), now: now)
        _ = session.opened(Samples.greeting, resume: (Offset(9), nil), now: now)
        let page = [Samples.notice(10), Samples.notice(11)]
        #expect(steps(session.replayed(page, outboxBytes: 0, now: now)).last == .reply(.resumed, 3))
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.notice(12), outboxBytes: 0, now: now) == 4)
    }

    @Test(arguments: [ResumeFailure.epochChanged, .trimmed, .tooMany])
    func `a tab that cannot be caught up is told at once and is live`(_ failure: ResumeFailure) {
        let session = Tab(user: nil, head: Offset(10), now: now)
        let actions = session.opened(Samples.greeting, resume: (Offset(3), failure), now: now)
        #expect(steps(actions) == [.reply(.pong, 0), .reply(.resumed, 1)])
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 2)
    }

    @Test func `a replay waits while the tab has much to take`() {
        let session = Tab(user: nil, head: Offset(12), now: now)
        _ = session.opened(Samples.greeting, resume: (Offset(10), nil), now: now)
        let full = session.limits.outboxBytesLow + 1
        #expect(steps(session.replayed([Samples.notice(11)], outboxBytes: full, now: now)) == [.send(pageIndex: 0, 1)])
        #expect(session.drained(outboxBytes: full, now: now).isEmpty)
        #expect(steps(session.drained(outboxBytes: 0, now: now)) == [.read(11)])
        #expect(session.drained(outboxBytes: 0, now: now).isEmpty, "one read at a time")
    }

    // MARK: Joined messages

    private func offer(_ session: Tab, _ offsets: ClosedRange<Int64>, into count: Int = 1, bytes: Int = 0)
        -> JoinedOffer?
    {
        let batch = BroadcastBatch(offsets.map(Samples.notice))
        return session.offer(batch, joinedInto: count, outboxBytes: bytes, now: now)
    }

    @Test func `joined messages take one number each, and their events none (GAP-16)`() {
        let session = liveSession()
        #expect(offer(session, 11...30, into: 3) == .joined(firstNumber: 1))
        #expect(session.offer(Samples.notice(31), outboxBytes: 0, now: now) == 4)
        #expect(offer(session, 11...30, into: 3) == nil, "and are not taken twice")
    }

    @Test func `who wants a part of it gets that part one by one`() {
        let session = liveSession()
        _ = session.received(.success(.unsubscribe([.alerts])), now: now)
        let batch = BroadcastBatch([
            Samples.alert(11, .info), Samples.notice(12), Samples.alert(13, .info), Samples.signal(14),
        ])
        let offered = session.offer(batch, joinedInto: 1, outboxBytes: 0, now: now)
        #expect(offered == .apart(wanted: 0b1010, firstNumber: 2))
        let none = BroadcastBatch([Samples.alert(15, .info), Samples.alert(16, .info)])
        #expect(session.offer(none, joinedInto: 1, outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.notice(17), outboxBytes: 0, now: now) == 4)
    }

    @Test func `who came back to the middle of it gets the rest one by one (GAP-16)`() {
        let session = Tab(user: nil, head: Offset(20), now: now)
        _ = session.opened(Samples.greeting, resume: (Offset(13), nil), now: now)
        #expect(offer(session, 11...20) == nil, "the log leads it on")
        let page = (Int64(14)...20).map(Samples.notice)
        #expect(steps(session.replayed(page, outboxBytes: 0, now: now)).last == .reply(.resumed, 8))
        let ahead = Tab(user: nil, head: Offset(10), now: now)
        _ = ahead.opened(Samples.greeting, resume: (Offset(13), nil), now: now)
        #expect(offer(ahead, 11...15) == .apart(wanted: 0b11000, firstNumber: 2))
    }

    @Test func `who is too slow for it is caught up from the log`() {
        let session = liveSession()
        #expect(offer(session, 11...30, bytes: session.limits.outboxBytesMax + 1) == nil)
        #expect(steps(session.drained(outboxBytes: 0, now: now)) == [.read(10)])
        let busy = liveSession()
        #expect(offer(busy, 11...30, bytes: busy.limits.outboxBytesMax) == .joined(firstNumber: 1))
    }

    // MARK: Slow tabs

    @Test func `a tab that is too slow is caught up from the log, without a hole`() {
        let session = liveSession()
        let full = session.limits.outboxBytesMax + 1
        #expect(session.offer(Samples.notice(11), outboxBytes: full, now: now) == nil)
        #expect(session.offer(Samples.decision(12, isApproval: true), outboxBytes: full, now: now) == nil)
        #expect(steps(session.drained(outboxBytes: 0, now: now)) == [.read(10)])
        let caughtUp = session.replayed(
            [Samples.notice(11), Samples.decision(12, isApproval: true)],
            outboxBytes: 0,
            now: now
        )
        #expect(steps(caughtUp) == [.send(pageIndex: 0, 1), .send(pageIndex: 1, 2), .reply(.resumed, 3)])
    }

    @Test func `a tab that fell too far behind is told to reload`() {
        var limits = Session.Limits()
        limits.replayEventsMax = 5
        let session = liveSession(limits: limits)
        for offset in 11...17 { _ = session.offer(Samples.notice(Int64(offset)), outboxBytes: .max, now: now) }
        #expect(steps(session.drained(outboxBytes: 0, now: now)) == [.reply(.resumed, 1)])
        #expect(session.offer(Samples.notice(18), outboxBytes: 0, now: now) == 2)
    }

    @Test func `a tab that takes nothing for too long is closed with 4001`() {
        let session = liveSession()
        _ = session.offer(Samples.notice(11), outboxBytes: .max, now: now)
        let later = now.advanced(byMilliseconds: Int64(session.limits.stalledMsMax) + 1)
        #expect(session.checked(outboxBytes: .max, now: now).isEmpty)
        #expect(steps(session.checked(outboxBytes: .max, now: later)) == [.close(.tooSlow)])
    }

    @Test func `prices a slow tab passed over come once, newest only`() {
        let session = liveSession()
        _ = session.received(.success(.subscribe([.prices], symbols: nil)), now: now)
        let full = session.limits.outboxBytesStreamMax + 1
        for _ in 0..<100 { #expect(session.offer(Samples.price(Samples.apple), outboxBytes: full, now: now) == nil) }
        #expect(session.offer(Samples.notice(11), outboxBytes: full, now: now) == 2, "state still goes out")
        #expect(steps(session.drained(outboxBytes: 0, now: now)) == [.refresh])
        #expect(session.passedOver() == [.price(Samples.apple)])
        #expect(session.drained(outboxBytes: 0, now: now).isEmpty)
    }

    @Test func `a log that cannot be read closes the tab rather than skip`() {
        let session = Tab(user: nil, head: Offset(10), now: now)
        _ = session.opened(Samples.greeting, resume: (Offset(1), nil), now: now)
        #expect(steps(session.replayFailed()) == [.close(.tooSlow)])
    }
}
