import HTTPTypes
import Logging
import Realtime
import SocketSupport
import Testing

@testable import Web

/// Server-sent events: what a stream is told, and that it keeps the promise of a socket (C20, REC-15…17).
@Suite(.timeLimit(.minutes(5))) struct StreamTests {
    private static let marker = #"{"type":"notification","data":{"id":"end","message":"end","type":"info"}}"#

    @Test func `ENV-03 connected comes first, with the place to come back to, then what is new`() async throws {
        try await TestDesk.live({ $0.noticesBefore = 3 }) { desk in
            try await StreamTab.open(desk, "?as=alice&label=wall") { tab in
                #expect(tab.header("Content-Type") == "text/event-stream")
                #expect(tab.header("Cache-Control") == "no-store" && tab.header("X-Accel-Buffering") == "no")
                #expect(tab.header("Content-Length") == nil && tab.header("Content-Encoding") == nil)
                let connected = try await tab.next()
                #expect(connected["type"] == "connected" && connected["offset"] == 3)
                #expect(connected["user"]["name"] == "alice" && connected["epoch"] == "epoch-1")
                #expect(tab.lastEventID == "epoch-1:3" && tab.retryMs == 1_000)
                let id = try await desk.caller.signal()
                let event = try #require(try await tab.event())
                #expect(event.id == "epoch-1:4")
                #expect(event.data["type"] == "signal:new" && event.data["data"]["id"] == .string(id))
                #expect(event.data["sequence_number"] == 1 && event.data["offset"] == 4)
            }
        }
    }

    @Test func `the sequence of messages is that of a socket opened at the same moment`() async throws {
        try await TestDesk.live({ $0.noticesBefore = 5 }) { desk in
            let query = "epoch=epoch-1&since=2&as=alice"
            try await Tab.open(desk, "/ws?\(query)") { socket in
                try await StreamTab.open(desk, "?\(query)") { stream in
                    #expect(try await Self.withoutID(socket.next()) == Self.withoutID(stream.next()))
                    #expect(try await socket.until("resumed") == stream.until("resumed"))
                    let decided = try await desk.caller.signal()
                    _ = try await desk.caller.approve(decided, #"{"status":"BUY","note":"Zeile 1\nZeile 2 – é"}"#)
                    _ = try await desk.caller.reject(try await desk.caller.signal("MSFT"))
                    _ = try await desk.caller.post("/api/v1/events", Self.marker)
                    let heard = try await stream.until("notification")
                    #expect(try await socket.until("notification") == heard)
                    #expect(heard.map { $0["offset"].int } == Array(6...10))
                }
            }
        }
    }

    private static func withoutID(_ message: JSON) -> JSON {
        guard case .object(var members) = message else { return message }
        #expect(members.removeValue(forKey: "connection_id") != nil)
        return .object(members)
    }

    // MARK: Coming back

    @Test(arguments: [("", "epoch-1:2"), ("?epoch=epoch-1&since=2", nil), ("?epoch=epoch-0&since=1", "epoch-1:2")])
    func `REC-10 who comes back gets exactly what was missed, and what its last id says wins`(
        _ query: String,
        _ lastEventID: String?
    ) async throws {
        try await TestDesk.live({ $0.noticesBefore = 6 }) { desk in
            try await StreamTab.open(desk, query, headers: lastEventID.map { ["Last-Event-ID: \($0)"] } ?? []) { tab in
                #expect(try await tab.next()["type"] == "connected")
                #expect(tab.lastEventID == "epoch-1:2", "not where the desk is: it has missed something yet")
                for offset in 3...6 {
                    let event = try #require(try await tab.event())
                    #expect(event.data["offset"].int == offset && event.id == "epoch-1:\(offset)")
                }
                let resumed = try #require(try await tab.event())
                #expect(resumed.data["type"] == "resumed" && resumed.data["data"]["recovered"] == true)
                #expect(resumed.data["data"]["replayed"] == 4 && resumed.id == "epoch-1:6")
                _ = try await desk.caller.signal()
                #expect(try #require(try await tab.event()).id == "epoch-1:7")
            }
        }
    }

    @Test func `a stream cut anywhere and taken up again by its last id misses nothing and hears nothing twice`()
        async throws
    {
        try await TestDesk.live({
            $0.noticesBefore = 40
            $0.limits.session.replayPageEvents = 7
        }) { desk in
            var offsets: [Int] = []
            var lastEventID = "epoch-1:0"
            var cut = 0
            while offsets.last != 60 {
                if cut < 20 { _ = try await desk.caller.signal() }
                try await StreamTab.open(desk, headers: ["Last-Event-ID: \(lastEventID)"]) { tab in
                    for _ in 0...(cut % 5) {
                        let event = try #require(try await tab.event())
                        if case .number = event.data["offset"], event.data["type"] != "connected" {
                            offsets.append(event.data["offset"].int)
                        }
                        #expect(event.data["data"]["recovered"] != false)
                    }
                    lastEventID = tab.lastEventID
                }
                cut += 1
            }
            #expect(offsets == Array(1...60))
        }
    }

    @Test(arguments: [
        ("epoch-0:1", "epoch_changed"), ("epoch-1:99", "epoch_changed"), ("epoch-1:1", "trimmed"),
        ("epoch-1:2", "too_many"),
    ])
    func `who cannot be led on is told why, and hears what is new`(_ cursor: String, _ reason: String) async throws {
        try await TestDesk.live({
            $0.limits.session.replayEventsMax = 3
            $0.noticesBefore = 6
            $0.oldest = 3
        }) { desk in
            try await StreamTab.greeted(desk, headers: ["Last-Event-ID: \(cursor)"]) { tab in
                #expect(tab.lastEventID == cursor, "cut now, it must be told the next time")
                let resumed = try await tab.next()
                #expect(resumed["data"]["recovered"] == false && resumed["data"]["reason"] == .string(reason))
                #expect(tab.lastEventID == "epoch-1:6")
                _ = try await desk.caller.signal()
                #expect(try await tab.next()["offset"] == 7)
            }
        }
    }

    @Test func `when the log cannot be read for a replay the stream ends where it is`() async throws {
        try await TestDesk.live({
            $0.noticesBefore = 5
            $0.limits.recalledEventsMax = 0
        }) { desk in
            desk.test.store.events(fail: true)
            try await StreamTab.greeted(desk, headers: ["Last-Event-ID: epoch-1:1"]) { tab async throws in
                #expect(try await tab.event() == nil)
                #expect(tab.lastEventID == "epoch-1:1")
            }
            desk.test.store.events(fail: false)
            try await StreamTab.greeted(desk, headers: ["Last-Event-ID: epoch-1:1"]) { tab async throws in
                #expect(try await tab.until("resumed").count == 5)
            }
        }
    }

    // MARK: What it hears

    @Test func `channels and symbols do what subscribe does on a socket`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.greeted(desk, "?channels=prices,user:alice,prices&symbols=aapl,MSFT,AAPL") { tab in
                try await StreamTab.greeted(desk) { none in
                    let confirmed = try await tab.next()
                    #expect(
                        confirmed["type"] == "subscription_confirmed"
                            && confirmed["data"]["symbols"] == ["AAPL", "MSFT"]
                    )
                    #expect(confirmed["data"]["channels"].items.contains("user:alice"))
                    let prices = ["TSLA", "MSFT", "AAPL"].map {
                        """
                        {"type":"price_update","symbol":"\($0)","data":{"price":"1.5","change":"0","change_pct":"0","volume":1}}
                        """
                    }
                    _ = try await desk.caller.post("/api/v1/events", "[\(prices.joined(separator: ","))]")
                    _ = try await desk.caller.post("/api/v1/events", Self.marker)
                    let heard = [try #require(try await tab.event()), try #require(try await tab.event())]
                    #expect(heard.map { $0.data["symbol"].text } == ["MSFT", "AAPL"])
                    #expect(heard.allSatisfy { $0.id == nil }, "a price is no place in the log")
                    #expect(tab.lastEventID == "epoch-1:0")
                    #expect(try #require(try await tab.event()).id == "epoch-1:1")
                    #expect(try await none.next()["type"] == "notification")
                }
            }
            try await StreamTab.greeted(desk, "?channels=prices") { tab async throws in
                #expect(try await tab.next()["data"]["symbols"] == .null)
            }
        }
    }

    @Test func `a stream on which nothing happens gets a comment, and one that hears something does not`() async throws
    {
        try await TestDesk.live({
            $0.limits.slowTabCheckMs = 5
            $0.limits.streamHeartbeatIntervalMs = 15_000
        }) { desk in
            try await StreamTab.greeted(desk) { tab in
                desk.test.clock.move(milliseconds: 14_999)
                _ = try await desk.caller.signal()
                _ = try await tab.next()
                desk.test.clock.move(milliseconds: 14_999)
                _ = try await desk.caller.signal()
                _ = try await tab.next()
                #expect(tab.commentsCount == 0)
                for beat in 1...3 {
                    desk.test.clock.move(milliseconds: 15_000)
                    try await tab.comment()
                    #expect(tab.commentsCount == beat)
                }
                _ = try await desk.caller.signal()
                #expect(try await tab.next()["offset"] == 3)
            }
        }
    }

    // MARK: Who is let in

    @Test(arguments: [
        ("as=%0A", "as="), ("since=1", "since="), ("epoch=epoch-1", "epoch="), ("epoch=&since=1", "epoch="),
        ("epoch=a%0Aid:%20x&since=1", "epoch="), ("epoch=epoch-1&since=", "since="),
        ("epoch=epoch-1&since=-1", "since="), ("epoch=epoch-1&since=1.5", "since="), ("channels=", "channels="),
        ("channels=signals,", "channels="), ("channels=gossip", "channels="), ("symbols=AAPL", "symbols="),
        ("channels=signals&symbols=AAPL", "symbols="), ("channels=prices&symbols=", "symbols="),
        ("channels=prices&symbols=A%20B", "symbols="), ("label=", "label="), ("label=stats", "label="),
        ("label=%0A", "label="), ("label=" + String(repeating: "x", count: 65), "label="),
        ("channels=" + Array(repeating: "prices", count: 33).joined(separator: ","), "channels="),
        ("channels=prices&symbols=" + Array(repeating: "A", count: 201).joined(separator: ","), "symbols="),
    ])
    func `a wrong question is told, with the name of what is wrong`(_ query: String, _ name: String) async throws {
        try await TestDesk.routed { desk, caller in
            let problem = try await caller.get("/api/v1/events/stream?\(query)").isProblem(400, "invalid_request")
            #expect(problem["detail"].text.contains(name), "\(problem)")
            #expect(desk.hub.connectionCount == 0)
        }
    }

    @Test(arguments: ["", "4", "epoch-1", "epoch-1:", "epoch-1:x", "epoch-1:-1", ":4", "a b:4"])
    func `a last id that is none of ours is told`(_ id: String) async throws {
        try await TestDesk.routed { _, caller in
            let headers: HTTPFields = [HTTPField.Name("Last-Event-ID")!: id]
            let answer = try await caller.get("/api/v1/events/stream?epoch=epoch-1&since=0", headers: headers)
            #expect(answer.isProblem(400, "invalid_request")["detail"].text.contains("Last-Event-ID"))
        }
    }

    @Test func `a full desk is 503 with the time to wait, and has room again when a stream is left`() async throws {
        try await TestDesk.live({ $0.limits.connectionsMax = 2 }) { desk in
            try await Tab.greeted(desk) { _ in
                try await StreamTab.greeted(desk) { _ in
                    let answer = try await desk.caller.get("/api/v1/events/stream")
                    let problem = answer.isProblem(503, "desk_full")
                    #expect(problem["detail"].text.contains("2 tabs") && answer.headers[.retryAfter] == "5")
                }
                while desk.test.hub.connectionCount > 1 { await Task.yield() }
                try await StreamTab.greeted(desk) { _ in }
            }
        }
    }

    @Test func `one user cannot take all the room, over whatever transport`() async throws {
        try await TestDesk.live({ $0.limits.connectionsPerUserMax = 1 }) { desk in
            try await Tab.greeted(desk, "/ws?as=alice") { _ in
                try await desk.caller.get("/api/v1/events/stream?as=alice").isProblem(503, "desk_full")
                try await StreamTab.greeted(desk, "?as=bob") { _ in
                    try await Tab.open(desk, "/ws?as=bob") { tab async throws in
                        #expect(try await tab.closing().code == 4003)
                    }
                }
            }
        }
    }

    @Test func `a question about the stream takes no room`() async throws {
        try await TestDesk.live { desk in
            let answer = try await desk.caller.call(.head, "/api/v1/events/stream")
            #expect(answer.status == 200 && answer.headers[.contentType] == "text/event-stream")
            while desk.test.hub.connectionCount > 0 { await Task.yield() }
            try await desk.caller.post("/api/v1/events/stream", "{}").isProblem(405, "method_not_allowed")
        }
    }

    @Test func `a name that was made to resolve to this machine is refused`() async throws {
        try await TestDesk.live { desk in
            try await RawClient.with(port: desk.port) { client in
                try await client.send("GET /api/v1/events/stream HTTP/1.1\r\nHost: evil.example:8000\r\n\r\n")
                #expect(try await client.head().hasPrefix("HTTP/1.1 403 "))
            }
        }
    }

    @Test func `EP-08 statistics say over what each tab listens, and to what`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.greeted(desk, "?label=wall&channels=prices&symbols=MSFT") { _ in
                try await Tab.greeted(desk, "/ws/wall") { _ in
                    let stats = try await desk.caller.get("/ws/stats").json
                    #expect(stats["total_connections"] == 2)
                    let labels = stats["clients"].items.map(\.text)
                    #expect(labels == ["wall", "wall (2)"])
                    #expect(Set(labels.map { stats["transports"][$0].text }) == ["websocket", "event_stream"])
                    let stream = try #require(labels.first { stats["transports"][$0] == "event_stream" })
                    #expect(stats["symbol_subscriptions"][stream] == ["MSFT"])
                    let health = try await desk.caller.get("/health").json
                    #expect(health["websocket"]["connections"] == 1 && health["event_stream"]["connections"] == 1)
                }
            }
        }
    }

    // MARK: The end

    @Test func `a reader that goes away is missed at once, and its room is free`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.greeted(desk, "?as=alice&label=wall") { _ in
                #expect(desk.test.hub.connectionCount == 1)
            }
            while desk.test.hub.connectionCount > 0 { await Task.yield() }
            #expect(try await desk.test.hub.summaries().isEmpty)
            let line = desk.test.logs.lines.first { $0.message == "stream closed" }
            #expect(line?.metadata["user"] == "alice" && line?.metadata["client_id"] == "wall")
            #expect(line?.metadata["reason"] == "the reader has gone")
        }
    }

    @Test func `a reader whose machine resets the connection is missed at once`() async throws {
        try await TestDesk.live { desk in
            try await RawClient.with(port: desk.port) { client in
                try await client.send("GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await client.head().hasPrefix("HTTP/1.1 200 "))
                while try await desk.test.hub.summaries().isEmpty { await Task.yield() }
                try await client.reset()
                while desk.test.hub.connectionCount > 0 { await Task.yield() }
            }
        }
    }

    @Test func `a stream that was asked for before a shutdown and opens during it ends at once`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            let gate = desk.test.store.holdAppend()
            try await Tab.greeted(desk) { tab in
                try await RawClient.with(port: desk.port) { client in
                    let body = #"{"status":"BUY"}"#
                    let head = """
                        POST /api/v1/signals/\(id)/approve?as=alice HTTP/1.1\r
                        Host: localhost\r
                        Content-Type: application/json\r
                        Content-Length: \(body.utf8.count)\r
                        \r

                        """
                    try await client.send(head + body + "GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    await gate.untilReached()
                    await desk.shutDown()
                    // Whoever is to be told of the shutdown has been.
                    #expect(try await tab.closing().code == 1001)
                    gate.open()
                    let answers = String(decoding: try await client.rest(), as: UTF8.self)
                    #expect(answers.hasPrefix("HTTP/1.1 200 ") && answers.contains("text/event-stream"))
                    #expect(answers.contains(#""type":"connected""#) && answers.hasSuffix("\r\n0\r\n\r\n"))
                }
            }
        }
    }

    @Test func `a shutdown ends the streams, whole`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.greeted(desk) { tab in
                _ = try await desk.caller.signal()
                _ = try await tab.next()
                await desk.shutDown()
                #expect(try await tab.event() == nil)
            }
            let line = desk.test.logs.lines.first { $0.message == "stream closed" }
            #expect(line?.metadata["close_code"] == "1001")
        }
    }
}
