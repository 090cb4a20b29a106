import Domain
import Realtime
import Testing

@testable import Web

/// What waits between the writer and the loops is bounded and loses nothing that cannot be found again.
@Suite(.timeLimit(.minutes(5))) struct InboxTests {
    private static func notice(_ offset: Int64) -> RecordedEvent {
        let notice = Notice(id: "n\(offset)", message: "m", kind: .info)
        return RecordedEvent(
            offset: Offset(offset),
            recordedAt: Timestamp(milliseconds: 0),
            event: .observed(.notice(notice))
        )
    }

    private static func price(_ symbol: String, _ figure: Int) throws -> Price {
        let quantity = try #require(Quantity("\(figure)"))
        return Price(
            symbol: try #require(Symbol(symbol)),
            price: quantity,
            change: quantity,
            changePct: quantity,
            volume: figure,
            bid: nil,
            ask: nil,
            at: Timestamp(milliseconds: 0)
        )
    }

    @Test func `what was put is taken once, in order`() throws {
        let inbox = Inbox(eventsMax: 10, pricesMax: 10)
        inbox.put(.events([Self.notice(1), Self.notice(2)]))
        inbox.put(.prices([try Self.price("A", 1), try Self.price("A", 2)]))
        inbox.put(.events([Self.notice(3)]))
        let content = inbox.take()
        #expect(content.events.map(\.offset.value) == [1, 2, 3])
        #expect(content.prices.map(\.volume) == [1, 2])
        #expect(inbox.take().events.isEmpty)
    }

    @Test func `events beyond the limit are let go, the oldest first`() {
        let inbox = Inbox(eventsMax: 3, pricesMax: 3)
        for offset in 1...10 { inbox.put(.events([Self.notice(Int64(offset))])) }
        #expect(inbox.take().events.map(\.offset.value) == [8, 9, 10])
    }

    @Test func `of prices beyond the limit the newest per symbol stay`() throws {
        let inbox = Inbox(eventsMax: 4, pricesMax: 4)
        for figure in 1...5 { inbox.put(.prices([try Self.price(figure.isMultiple(of: 2) ? "B" : "A", figure)])) }
        let kept = inbox.take().prices
        #expect(kept.map(\.symbol.text) == ["B", "A"] && kept.map(\.volume) == [4, 5])
        for figure in 1...100 { inbox.put(.prices([try Self.price("S\(figure)", figure)])) }
        #expect(inbox.take().prices.count <= 4)
    }

    @Test func `whoever waits is woken, also by what was put before`() async {
        let inbox = Inbox(eventsMax: 3, pricesMax: 3)
        inbox.put(.events([Self.notice(1)]))
        for await _ in inbox.arrivals { break }
        #expect(inbox.take().events.count == 1)
    }

    @Test func `tabs get from the log what the inbox let go`() async throws {
        try await TestDesk.live({
            $0.limits.inboxEventsMax = 2
            $0.limits.session.replayPageEvents = 3
        }) { desk in
            try await Tab.greeted(desk) { tab in
                let notice = #"{"type":"notification","data":{"message":"m","type":"info"}}"#
                let notices = Array(repeating: notice, count: 20).joined(separator: "\n")
                _ = try await desk.caller.post("/api/v1/events", notices)
                #expect(try await tab.next(20).map { $0["offset"].int } == Array(1...20))
            }
        }
    }

    @Test func `when the log cannot be read then, tabs are told to come again rather than miss something`() async throws
    {
        try await TestDesk.live({ $0.limits.inboxEventsMax = 2 }) { desk in
            try await Tab.greeted(desk) { tab in
                desk.test.store.reads(fail: true)
                desk.test.backplane.publish(.events((1...20).map(Self.notice)))
                let closing = try await tab.closing()
                #expect(closing.code == 4001 && closing.reason.contains("log"))
            }
            desk.test.store.reads(fail: false)
            try await Tab.open(desk) { tab async throws in
                #expect([18, 20].contains(try await tab.next()["offset"].int))
            }
        }
    }
}
