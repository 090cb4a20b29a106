import Domain
import NIOCore
import NIOPosix
import Realtime
import Synchronization
import Testing

@testable import Web

/// What is in front of an approval for a tab that takes prices more slowly than they come (C8).
@Suite(.serialized, .timeLimit(.minutes(5))) struct SlowTabTests {
    private static let symbols = (0..<50).map { "SYM\($0)" }
    private static let subscription = #"{"type":"subscribe","channel":"prices"}"#

    /// Posts the prices of all symbols, round after round; the round is their `volume`.
    private static func flood(_ desk: LiveDesk, rounds: Int) async throws {
        for round in 1...rounds {
            let prices = symbols.map {
                """
                {"type":"price_update","symbol":"\($0)","data":{"price":"1.5","change":"0","change_pct":"0","volume":\(round)}}
                """
            }
            let answer = try await desk.caller.post("/api/v1/events", "[\(prices.joined(separator: ","))]")
            #expect(answer.status == 202)
        }
    }

    private static func count(_ type: String, in messages: [JSON]) -> Int {
        messages.filter { $0["type"] == .string(type) }.count
    }

    @Test func `an approval passes all prices that a tab has not answered for, and then the newest of each come`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { slow in
                try await slow.say(Self.subscription)
                _ = try await slow.until("subscription_confirmed")
                try await Self.flood(desk, rounds: 40)
                let id = try await desk.caller.signal()
                #expect(try await desk.caller.approve(id).status == 200)
                let heard = try await slow.until("approval_notification")
                #expect(Self.count("price_update", in: heard) <= 6, "not the 2,000 that were posted")

                try await slow.answerPings()
                var newest: [String: Int] = [:]
                for price in heard where price["type"] == "price_update" {
                    newest[price["symbol"].text] = price["data"]["volume"].int
                }
                while newest.count < Self.symbols.count || newest.contains(where: { $0.value < 40 }) {
                    let price = try await slow.next()
                    #expect(price["type"] == "price_update")
                    #expect(price["data"]["volume"] == 40, "only the newest")
                    newest[price["symbol"].text] = price["data"]["volume"].int
                }
            }
        }
    }

    @Test func `a tab that answers is sent every price`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                try await tab.answerPings()
                try await tab.say(#"{"type":"subscribe","channel":"prices","symbols":["SYM7"]}"#)
                _ = try await tab.until("subscription_confirmed")
                for round in 1...30 {
                    try await Self.flood(desk, rounds: 1)
                    #expect(try await tab.next()["data"]["volume"] == 1, "round \(round)")
                }
            }
        }
    }

    @Test func `on an event stream too an approval passes prices that its reader does not take`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.greeted(desk, "?channels=prices", receiveBytesMax: 4_096) { slow in
                _ = try await slow.until("subscription_confirmed")
                try await Self.flood(desk, rounds: 80)
                let id = try await desk.caller.signal()
                #expect(try await desk.caller.approve(id).status == 200)
                let heard = try await slow.until("approval_notification")
                #expect(Self.count("price_update", in: heard) < 2_000, "of 4,000 that were posted")
            }
        }
    }

    @Test func `nobody is waited for where nobody acknowledges`() async throws {
        let asked = Mutex(0)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        try await loop.submit {
            let shard = LiveShard(
                eventLoop: loop,
                head: Offset(0),
                epoch: Epoch("test"),
                batching: TabCount(),
                limits: Session.Limits(),
                now: {
                    asked.withLock { $0 += 1 }
                    return Timestamp(milliseconds: 0)
                }
            )
            let alert = RiskAlert(
                sessionID: nil,
                level: .emergency,
                cause: .volatility,
                message: "x",
                currentValue: 2,
                threshold: 1
            )
            let recorded = RecordedEvent(
                offset: Offset(1),
                recordedAt: Timestamp(milliseconds: 0),
                event: .observed(.risk(alert))
            )
            shard.deliver(LiveMessages([LiveMessage(Broadcast(recorded))]), to: .everyTab, now: recorded.recordedAt)
        }.get()
        #expect(asked.withLock(\.self) == 0, "a timer asks what time it is")
    }
}
