import SocketSupport
import Testing

@testable import Web

/// What reaches which tab, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct BroadcastTests {
    private static let marker = #"{"type":"notification","data":{"id":"end","message":"end","type":"info"}}"#

    private static func price(_ symbol: String, _ price: String) -> String {
        """
        {"type":"price_update","symbol":"\(symbol)","data":{"price":"\(price)","change":"2.30","change_pct":"1.26","volume":45}}
        """
    }

    @Test func `ENV-03 connected comes first, with number 0 and everything a tab must know`() async throws {
        try await TestDesk.live { desk in
            _ = try await desk.caller.signal()
            try await Tab.open(desk, "/ws/wall?as=alice") { tab in
                // Broadcasts are made apart from answers: wait until the loops have heard of the signal.
                let connected = try await tab.next()
                #expect(
                    connected.keys == [
                        "sequence_number", "type", "timestamp", "connection_id", "epoch", "offset", "oldest_offset",
                        "user", "settings", "desk",
                    ]
                )
                #expect(connected["sequence_number"] == 0 && connected["type"] == "connected")
                #expect(connected["timestamp"] == "2026-01-23T10:30:00.000Z")
                #expect(connected["connection_id"].text.count == 36)
                #expect(connected["epoch"] == "epoch-1" && connected["oldest_offset"] == 1)
                #expect([0, 1].contains(connected["offset"].int))
                let user = connected["user"]
                #expect(user["name"] == "alice" && user["role"] == "trader" && user["named"] == true)
                let settings = connected["settings"]
                #expect(settings["heartbeat_interval_ms"] == 30_000 && settings["message_bytes_max"] == 65_536)
                #expect(
                    settings["reconnect"]["attempts_max"] == 10 && settings["reconnect"]["probe_interval_ms"] == 60_000
                )
                #expect(settings["decision_timeout_ms"] == 10_000 && settings["note_characters_max"] == 500)
                #expect(settings["messages_per_minute_max"] == 100)
            }
            try await Tab.open(desk) { tab async throws in
                #expect(try await tab.next()["user"]["named"] == false)
            }
        }
    }

    @Test func `MSG-17, APR-26: an approval reaches every tab once, whatever it subscribed to`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?as=alice") { alice in
                try await Tab.greeted(desk, "/ws/wall?as=bob") { bob in
                    try await Tab.greeted(desk) { nobody in
                        try await bob.say(#"{"type":"unsubscribe","channels":["signals","alerts"]}"#)
                        try await bob.say(#"{"type":"subscribe_symbol","symbol":"MSFT"}"#)
                        let confirmed = try await bob.next(2)
                        #expect(confirmed[1]["data"]["symbol"] == "MSFT")
                        try await nobody.say(#"{"type":"subscribe","channel":"prices","symbols":["AAPL"]}"#)
                        _ = try await nobody.next()
                        let id = try await desk.caller.signal()
                        let body = #"{"status":"BUY","note":"Technicals look strong. RSI oversold."}"#
                        let answer = try await desk.caller.approve(
                            id,
                            as: "alice.smith",
                            body,
                            headers: .key("click-7")
                        )
                        #expect(answer.status == 200)
                        _ = try await desk.caller.post("/api/v1/events", Self.marker)
                        let heard = [
                            try await alice.until("notification"), try await bob.until("notification"),
                            try await nobody.until("notification"),
                        ]
                        for messages in heard {
                            let approvals = messages.filter { $0["type"] == "approval_notification" }
                            #expect(approvals.count == 1)
                            let message = try #require(approvals.first)
                            #expect(message["offset"] == 2 && message["timestamp"] == "2026-01-23T10:30:00.000Z")
                            let data = message["data"]
                            #expect(
                                data.keys == [
                                    "symbol", "approved_status", "approved_by", "approved_at", "note",
                                    "accepted_price", "signal_id", "decision_id", "status", "version",
                                    "undo_window_ms", "policy", "sign_offs",
                                ]
                            )
                            #expect(data["symbol"] == "AAPL" && data["approved_status"] == "BUY")
                            #expect(data["approved_by"] == "alice.smith")
                            #expect(data["approved_at"] == "2026-01-23T10:30:00.000Z")
                            #expect(data["note"] == "Technicals look strong. RSI oversold.")
                            #expect(data["signal_id"] == .string(id) && data["decision_id"] == "click-7")
                            #expect(data["status"] == "APPROVED_BUY" && data["version"] == 2)
                        }
                        #expect(
                            heard[0].map { $0["type"].text } == ["signal:new", "approval_notification", "notification"]
                        )
                        #expect(heard[1].map { $0["type"].text } == ["approval_notification", "notification"])
                        #expect(heard[0].map { $0["offset"].int } == [1, 2, 3])
                    }
                }
            }
        }
    }

    @Test func `a rejection says who, why and with what note`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                try await tab.say(#"{"type":"unsubscribe","channel":"signals"}"#)
                _ = try await tab.next()
                let id = try await desk.caller.signal()
                let answer = try await desk.caller.reject(id, #"{"reason":"too late","note":"next time"}"#)
                let message = try await tab.next()
                #expect(message["type"] == "signal:rejected" && message["offset"] == 2)
                #expect(message["data"] == answer.json)
                let decision = message["data"]["decision"]
                #expect(decision["outcome"] == "rejected" && decision["decided_by"] == "bob")
                #expect(decision["reason"] == "too late" && decision["note"] == "next time")
            }
        }
    }

    @Test func `an expiry and an execution are told as they happen`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                let late = try await desk.caller.signal(more: #","expires_at":"2026-01-23T10:30:01Z""#)
                let done = try await desk.caller.signal("MSFT")
                _ = try await desk.caller.approve(done)
                try await desk.test.release(done)
                _ = try await tab.until("signal_approved")
                _ = try await desk.caller.post(
                    "/api/v1/events",
                    #"{"type":"signal:executed","data":{"id":"\#(done)"}}"#
                )
                let executed = try await tab.next()
                #expect(executed["type"] == "signal:executed" && executed["data"]["decision"]["decided_by"] == "alice")
                // The desk may not be asleep yet: move until it has seen the time.
                desk.test.clock.move(milliseconds: 60_000)
                while try await desk.test.store.log.count < 6 {
                    desk.test.clock.move(milliseconds: 1_000)
                    await Task.yield()
                }
                let expired = try await tab.next()
                #expect(expired["type"] == "signal:expired" && expired["data"]["id"] == .string(late))
                #expect(expired["data"]["decision"] == .null)
            }
        }
    }

    @Test func `prices reach those who subscribed to them, thinned to their symbols`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { all in
                try await Tab.greeted(desk) { one in
                    try await Tab.greeted(desk) { none in
                        // As browsers do: prices wait for who has not answered.
                        try await all.answerPings()
                        try await one.answerPings()
                        try await all.say(#"{"type":"subscribe","channel":"prices"}"#)
                        #expect(try await all.next()["data"]["symbols"] == .null)
                        try await one.say(#"{"type":"subscribe_symbol","symbol":"aapl"}"#)
                        let confirmed = try await one.next()["data"]
                        #expect(confirmed["symbols"] == ["AAPL"] && confirmed["symbol"] == "AAPL")
                        #expect(
                            confirmed["channels"] == [
                                "alerts", "notifications", "portfolio", "prices", "sessions", "signals",
                            ]
                        )
                        let prices = "[\(Self.price("MSFT", "400")),\(Self.price("AAPL", "185.50"))]"
                        _ = try await desk.caller.post("/api/v1/events", prices)
                        let heard = try await all.next(2)
                        #expect(heard.map { $0["symbol"].text } == ["MSFT", "AAPL"])
                        #expect(heard[1]["data"]["price"] == "185.50" && heard[1]["offset"] == .absent)
                        #expect(try await one.next()["symbol"] == "AAPL")
                        _ = try await desk.caller.post("/api/v1/events", Self.marker)
                        #expect(try await none.next()["type"] == "notification")
                        #expect(try await one.next()["type"] == "notification")
                        try await one.say(#"{"type":"unsubscribe_symbol","symbol":"AAPL"}"#)
                        #expect(try await one.next()["data"]["symbols"] == [])
                    }
                }
            }
        }
    }

    @Test func `MSG-19: what a tab says wrongly is answered and the connection stays`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                let wrong = [
                    ("{", "malformed_message"), ("[]", "malformed_message"), ("{}", "malformed_message"),
                    (#"{"type":7}"#, "malformed_message"), (#"{"type":"dance"}"#, "unknown_type"),
                    (#"{"type":"subscribe","channel":"invalid_channel"}"#, "unknown_channel"),
                    (#"{"type":"subscribe_symbol","symbol":"A B"}"#, "invalid_symbol"),
                    (#"{"type":"ping","type":"ping"}"#, "malformed_message"),
                ]
                for (text, code) in wrong {
                    try await tab.say(text)
                    let error = try await tab.next()
                    #expect(error["type"] == "error" && error["code"] == .string(code), "\(error)")
                    #expect(error.keys == ["sequence_number", "type", "timestamp", "error", "code", "data"])
                    #expect(error["data"] == .null && !error["error"].text.isEmpty)
                }
                try await tab.say(#"{"type":"ping"}"#)
                let pong = try await tab.next()
                #expect(pong["type"] == "pong" && pong["data"]["timestamp"] == pong["timestamp"])
            }
        }
    }

    @Test func `long messages are compressed when that was agreed, and each inflates to the right JSON`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, compress: true) { packed in
                try await Tab.greeted(desk) { plain in
                    let reasoning = String(repeating: "Spring below support, low volume, test held. ", count: 20)
                    for _ in 0..<5 { _ = try await desk.caller.signal(more: #","reasoning":"\#(reasoning)""#) }
                    #expect(try await packed.next(5) == plain.next(5))
                    #expect(packed.compressedCount == 5 && plain.compressedCount == 0)
                    try await packed.say(#"{"type":"ping"}"#)
                    #expect(try await packed.next()["type"] == "pong")
                    #expect(packed.compressedCount == 5)
                }
            }
        }
    }

    @Test func `a tab that goes away in the middle of a broadcast does not disturb the others`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { stays in
                for round in 1...10 {
                    try await Tab.greeted(desk) { leaves in
                        try await leaves.send(.close(code: 1000))
                        _ = try await desk.caller.signal()
                    }
                    #expect(try await stays.next()["offset"] == .number(Double(round)))
                }
            }
        }
    }

    @Test func `statistics name every tab once, with what it listens to`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws/wall") { first in
                try await Tab.greeted(desk, "/ws/wall") { _ in
                    try await Tab.greeted(desk, "/ws/wall%20(2)") { _ in
                        try await Tab.open(desk) { unlabelled in
                            let id = try await unlabelled.next()["connection_id"].text
                            try await first.say(#"{"type":"subscribe_symbol","symbol":"MSFT"}"#)
                            _ = try await first.next()
                            let stats = try await desk.caller.get("/ws/stats").json
                            let labels = Set(stats["clients"].items.map(\.text))
                            #expect(labels == ["wall", "wall (2)", "wall (3)", id])
                            #expect(stats["total_connections"] == 4)
                            #expect(stats["channel_subscriptions"].keys == labels)
                            #expect(
                                stats["channel_subscriptions"]["wall (2)"] == [
                                    "alerts", "notifications", "portfolio", "sessions", "signals",
                                ]
                            )
                            #expect(stats["symbol_subscriptions"].keys.count == 1)
                            #expect(try await desk.caller.get("/ws/stats").json == stats)
                            #expect(try await desk.caller.get("/health").json["websocket"]["connections"] == 4)
                        }
                    }
                }
            }
        }
    }
}
