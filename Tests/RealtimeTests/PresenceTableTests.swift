import Domain
import Testing
import Wire

@testable import Realtime

/// Who is here and who looks at what: it warns, and goes with the tab.
@Suite struct PresenceTableTests {
    private let now = Samples.now
    private let ann = Samples.user("ann")
    private let bo = Samples.user("bo")
    private let apple = SignalID()
    private let other = SignalID()

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }

    /// Ann has a tab, Bo has two, and one has no name.
    private var team: PresenceTable {
        var table = PresenceTable()
        table.entered("a", user: ann, at: now)
        table.entered("b1", user: bo, at: after(1))
        table.entered("b2", user: bo, at: after(2))
        table.entered("x", user: nil, at: after(3))
        return table
    }

    @Test func `users are here with their tabs since their first, and who has no name counts`() {
        let present = team.present
        #expect(present.users == [.init(user: ann, tabs: 1, since: now), .init(user: bo, tabs: 2, since: after(1))])
        #expect(present.anonymousTabs == 1 && present.looking == [])
    }

    @Test func `a user is gone with the last tab, and comes back as of then`() {
        var table = team
        table.left("b1")
        #expect(table.present.users.last == .init(user: bo, tabs: 1, since: after(1)))
        table.left("b2")
        #expect(table.present.users.map(\.user) == [ann])
        table.entered("b3", user: bo, at: after(9))
        #expect(table.present.users.last == .init(user: bo, tabs: 1, since: after(9)))
    }

    @Test func `tabs of one user that look at one signal are one claim since the first`() {
        var table = team
        table.looking("b2", of: bo, at: apple, now: after(10))
        table.looking("b1", of: bo, at: apple, now: after(20))
        table.looking("x", of: nil, at: apple, now: after(30))
        #expect(
            table.present.looking == [
                .init(signal: apple, user: nil, tabs: 1, since: after(30)),
                .init(signal: apple, user: bo, tabs: 2, since: after(10)),
            ]
        )
    }

    @Test func `a claim goes with its tab, with another signal, and with nothing`() {
        var table = team
        table.looking("a", of: ann, at: apple, now: now)
        table.looking("b1", of: bo, at: apple, now: now)
        table.looking("x", of: nil, at: apple, now: now)
        table.left("a")
        table.looking("b1", of: bo, at: other, now: after(5))
        table.looking("x", of: nil, at: nil, now: after(5))
        #expect(table.present.looking == [.init(signal: other, user: bo, tabs: 1, since: after(5))])
    }

    @Test func `a claim goes when its signal is decided`() {
        var table = team
        table.looking("a", of: ann, at: apple, now: now)
        table.looking("b1", of: bo, at: other, now: now)
        table.settled([apple])
        #expect(table.present.looking.map(\.signal) == [other])
    }

    @Test func `saying the same again changes neither the time nor anything else`() {
        var table = team
        table.looking("a", of: ann, at: apple, now: now)
        _ = table.take()
        table.looking("a", of: ann, at: apple, now: after(60_000))
        table.settled([other])
        table.left("nobody")
        #expect(!table.hasChanged)
        #expect(table.present.looking.map(\.since) == [now])
    }

    @Test func `nobody speaks for another's tab`() {
        var table = team
        let asBo = table.looking("a", of: bo, at: apple, now: now)
        #expect(!asBo)
        let withoutName = table.looking("a", of: nil, at: apple, now: now)
        #expect(!withoutName)
        let ofNoTab = table.looking("gone", of: ann, at: apple, now: now)
        #expect(!ofNoTab)
        #expect(table.present.looking == [])
    }

    @Test func `who polls is here until they do not ask again in time (C20)`() {
        var table = PresenceTable()
        let came = table.polled(ann, lookingAt: apple, at: now)
        #expect(came)
        table.expired(at: after(14_999))
        let stayed = table.polled(ann, lookingAt: apple, at: after(14_999))
        #expect(stayed)
        table.expired(at: after(29_998))
        #expect(table.present.looking == [.init(signal: apple, user: ann, tabs: 1, since: now)])
        table.expired(at: after(29_999))
        #expect(table.present == Presence(users: [], anonymousTabs: 0, looking: []))
    }

    @Test func `no more poll than there is room for`() {
        var limits = PresenceTable.Limits()
        limits.pollersMax = 1
        var table = PresenceTable(limits: limits)
        let annCame = table.polled(ann, lookingAt: nil, at: now)
        #expect(annCame)
        let boCame = table.polled(bo, lookingAt: nil, at: now)
        #expect(!boCame)
        let annStayed = table.polled(ann, lookingAt: apple, at: after(1))
        #expect(annStayed)
        table.expired(at: after(60_000))
        let boCameLater = table.polled(bo, lookingAt: nil, at: after(60_000))
        #expect(boCameLater)
    }

    @Test func `ten thousand tabs that come and go leave nothing behind`() {
        var table = PresenceTable()
        for number in 0..<10_000 {
            table.entered("\(number)", user: number.isMultiple(of: 3) ? nil : Samples.user("u\(number % 500)"), at: now)
            let user = number.isMultiple(of: 3) ? nil : Samples.user("u\(number % 500)")
            table.looking("\(number)", of: user, at: apple, now: now)
        }
        #expect(table.present.users.count == 500 && table.present.looking.count == 501)
        for number in 0..<10_000 { table.left("\(number)") }
        let left = table.take()
        #expect(left == Presence(users: [], anonymousTabs: 0, looking: []))
    }

    @Test func `a tab says what it looks at within its limit of messages, and is told who is here when it asks`() {
        var limits = Session.Limits()
        limits.messagesPerMinuteMax = 2
        let session = liveSession(user: ann, limits: limits)
        #expect(steps(session.received(.success(.looking(apple)), now: now)) == [.looking(apple)])
        let asked = steps(session.received(.success(.subscribe([.presence], symbols: nil)), now: now))
        #expect(asked == [.reply(.subscriptionConfirmed, 1), .tellPresence])
        #expect(steps(session.received(.success(.looking(nil)), now: now)).last == .close(.tooManyMessages))
    }

    @Test func `only who asked hears who is here`() {
        let session = liveSession(user: ann)
        let told = Broadcast(Presence(users: [], anonymousTabs: 1, looking: []), at: now)
        #expect(session.offer(told, outboxBytes: 0, now: now) == nil)
        _ = session.received(.success(.subscribe([.presence], symbols: nil)), now: now)
        #expect(session.offer(told, outboxBytes: 0, now: now) == 2)
        #expect(session.offer(told, outboxBytes: .max, now: now) == nil)
    }
}
