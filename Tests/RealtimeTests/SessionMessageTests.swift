import Domain
import Realtime
import Testing
import Wire

/// What a tab says, and what it then receives.
struct SessionMessageTests {
    let now = Samples.now

    @Test func `a tab that has said nothing hears everything but prices (GAP-15)`() {
        let session = liveSession()
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 1)
        #expect(session.offer(Samples.risk(12, .warning), outboxBytes: 0, now: now) == 2)
        #expect(session.offer(Samples.price(Samples.apple), outboxBytes: 0, now: now) == nil)
    }

    @Test func `a symbol list thins prices only (CLI-01, SUB-01, C6)`() {
        let session = liveSession()
        _ = session.received(.success(.subscribe([.prices], symbols: [Samples.apple])), now: now)
        #expect(session.offer(Samples.price(Samples.apple), outboxBytes: 0, now: now) == 2)
        #expect(session.offer(Samples.price(Samples.microsoft), outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 3)
    }

    @Test func `a symbol can be added and taken away alone (CLI-04)`() {
        let session = liveSession()
        #expect(
            steps(session.received(.success(.subscribeSymbol(Samples.apple)), now: now)) == [
                .reply(.subscriptionConfirmed, 1)
            ]
        )
        #expect(session.subscriptions.symbols == [Samples.apple])
        _ = session.received(.success(.unsubscribeSymbol(Samples.apple)), now: now)
        #expect(session.subscriptions.symbols == [])
        #expect(!session.subscriptions.channels.contains(.prices))
    }

    @Test func `a channel that was left is silent (CLI-02, SUB-02)`() {
        let session = liveSession()
        _ = session.received(.success(.unsubscribe([.notifications])), now: now)
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == nil)
        #expect(session.offer(Samples.risk(12, .warning), outboxBytes: 0, now: now) == 2)
    }

    @Test(arguments: [true, false])
    func `decisions reach every tab, whatever it left (C6)`(isApproval: Bool) {
        let session = liveSession()
        _ = session.received(.success(.unsubscribe(Array(Channel.initial))), now: now)
        #expect(session.offer(Samples.decision(11, isApproval: isApproval), outboxBytes: 0, now: now) == 2)
    }

    @Test(arguments: [(RiskAlert.Level.warning, false), (.critical, true), (.emergency, true)])
    func `only critical risk alerts reach a tab that left alerts (GAP-14)`(level: RiskAlert.Level, isHeard: Bool) {
        let session = liveSession()
        _ = session.received(.success(.unsubscribe(Array(Channel.initial))), now: now)
        #expect((session.offer(Samples.risk(11, level), outboxBytes: 0, now: now) != nil) == isHeard)
    }

    @Test func `a ping is answered, a fault is answered, the tab stays (CLI-05, CLI-06, HB-02)`() {
        let session = liveSession()
        #expect(steps(session.received(.success(.ping), now: now)) == [.reply(.pong, 1)])
        let fault = ClientMessageFault(.unknownChannel, "Unknown channel: x")
        #expect(steps(session.received(.failure(fault), now: now)) == [.reply(.error, 2)])
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, now: now) == 3)
    }

    @Test func `too many messages in a minute close the tab with 4002 (C17, SEC-06)`() {
        var limits = Session.Limits()
        limits.messagesPerMinuteMax = 3
        let session = liveSession(limits: limits)
        for _ in 0..<3 { #expect(steps(session.received(.success(.ping), now: now)).count == 1) }
        #expect(steps(session.received(.success(.ping), now: now)) == [.reply(.error, 4), .close(.tooManyMessages)])
    }

    @Test func `messages over time are not too many`() {
        var limits = Session.Limits()
        limits.messagesPerMinuteMax = 6
        let session = liveSession(limits: limits)
        for tick in 0..<60 {
            let moment = now.advanced(byMilliseconds: Int64(tick) * 10_000)
            #expect(steps(session.received(.success(.ping), now: moment)) == [.reply(.pong, tick + 1)])
        }
    }

    @Test func `a clock that is set back neither refills nor breaks the limit`() {
        var limit = RateLimit(perMinuteMax: 1, now: now)
        let moments = [0, -3_600_000, -3_600_000 + 60_000].map { now.advanced(byMilliseconds: $0) }
        let taken = moments.map { limit.take(at: $0) }
        #expect(taken == [true, false, true])
    }

    @Test func `a message for some users is for nobody else (C6, SEC-14)`() {
        let audience = Audience.users([Samples.user("alice")])
        #expect(audience.includes(Samples.user("alice")))
        #expect(!audience.includes(Samples.user("bob")))
        #expect(!audience.includes(nil))
        #expect(Audience.desk.includes(nil))
        let others = Audience.others([Samples.user("alice")])
        #expect(!others.includes(Samples.user("alice")) && others.includes(Samples.user("bob")) && others.includes(nil))
    }
}
