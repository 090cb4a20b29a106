import Engine
import Testing

@testable import Web

/// Every tab hears of a stop at once and acknowledges it, and everybody sees how many have ("6/6", GAP-07).
@Suite(.timeLimit(.minutes(5))) struct LiveStopTests {
    private static func stop(_ desk: LiveDesk, as user: String = "ann") async throws {
        let answer = try await desk.caller.post("/api/v1/desk/stop?as=\(user)", #"{"reason":"The feed is wrong"}"#)
        try #require(answer.status == 200, "\(answer)")
    }

    private static func ack(_ message: JSON) -> String { #"{"type":"ack","offset":\#(message["offset"].int)}"# }

    private static func acknowledgements(_ desk: LiveDesk) async throws -> JSON {
        try await desk.caller.get("/api/v1/desk").json["acknowledgements"]
    }

    @Test func `each tab is told and counted, whatever it unsubscribed from`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?ack=1&as=ann") { ann in
                try await Tab.greeted(desk, "/ws?ack=1&as=bo") { bo in
                    try await bo.say(
                        #"{"type":"unsubscribe","channels":["signals","sessions","alerts","notifications"]}"#
                    )
                    _ = try await bo.until("subscription_confirmed")
                    try await Self.stop(desk)
                    let told = try #require(try await ann.until("desk:stopped").last)
                    #expect(told["data"]["stopped_by"] == "ann" && told["data"]["reason"] == "The feed is wrong")
                    let alsoTold = try #require(try await bo.until("desk:stopped").last)
                    #expect(alsoTold["offset"] == told["offset"])
                    let before = try await Self.acknowledgements(desk)
                    #expect(before["tabs"] == 2 && before["acknowledged"] == 0)
                    #expect(before["waiting"].items.map { $0["user"].text } == ["ann", "bo"])
                    try await ann.say(Self.ack(told))
                    try await bo.say(Self.ack(alsoTold))
                    while try await Self.acknowledgements(desk)["acknowledged"] != 2 { await Task.yield() }
                    desk.test.clock.move(milliseconds: 1_000)
                    var all = JSON.null
                    while all["acknowledged"] != 2 {
                        all = try #require(try await ann.until("desk:acknowledged").last)["data"]
                        desk.test.clock.move(milliseconds: 1_000)
                    }
                    #expect(all["tabs"] == 2 && all["waiting"] == [] && all["offset"] == told["offset"])
                }
            }
        }
    }

    @Test func `who does not acknowledge gets it again, and is named`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?ack=1&as=ann") { tab in
                try await Self.stop(desk)
                let first = try await tab.until("desk:stopped").last
                desk.test.clock.move(milliseconds: 100)
                #expect(try await tab.until("desk:stopped").last?["offset"] == first?["offset"])
                #expect(try await Self.acknowledgements(desk)["waiting"][0]["user"] == "ann")
            }
        }
    }

    @Test func `who comes later finds the desk stopped in the greeting and in the snapshot, and is not counted`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Self.stop(desk)
            try await Tab.open(desk, "/ws?ack=1&as=bo") { tab in
                let connected = try await tab.next()
                #expect(connected["desk"]["stopped"] == true && connected["desk"]["stop"]["stopped_by"] == "ann")
                let snapshot = try await desk.caller.get("/api/v1/snapshot").json
                #expect(snapshot["desk"]["stop"] == connected["desk"]["stop"])
                #expect(snapshot["desk"]["acknowledgements"]["tabs"] == 0)
            }
        }
    }

    @Test func `signing off and resuming are told to everybody, and resuming after the limits it moves`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal(more: #","expires_at":"2026-01-23T10:35:00Z""#)
            try await Tab.greeted(desk) { tab in
                try await Self.stop(desk)
                desk.test.clock.move(milliseconds: 30_000)
                _ = try await desk.caller.post("/api/v1/desk/resume?as=ann", "{}")
                let first = try #require(try await tab.until("desk:resume_signed_off").last)
                #expect(first["data"]["resume"]["signed_off"].items.map { $0["by"].text } == ["ann"])
                _ = try await desk.caller.post("/api/v1/desk/resume?as=bo", "{}")
                let told = try await tab.until("desk:resumed")
                let postponed = try #require(told.first { $0["type"] == "signal:postponed" })
                #expect(postponed["data"]["id"] == .string(id))
                #expect(postponed["data"]["expires_at"] == "2026-01-23T10:35:30.000Z")
                let last = try #require(told.last)
                #expect(last["offset"].int == postponed["offset"].int + 1 && last["data"]["resumed_at"] != .null)
                #expect(try await desk.caller.get("/api/v1/desk").json["acknowledgements"] == .null)
            }
        }
    }

    @Test func `a page without a socket hears the same and acknowledges over REST`() async throws {
        try await TestDesk.live { desk in
            try await Self.stop(desk)
            let page = try await desk.caller.get("/api/v1/events?after=0").json
            let told = try #require(page["events"].items.last)
            #expect(told["type"] == "desk:stopped")
            let answer = try await desk.caller.post("/api/v1/acks?as=cy", #"{"offset":\#(told["offset"].int)}"#)
            #expect(answer.status == 204)
        }
    }

    @Test func `a session that a person stops is told once as critical, in the words of session_status`() async throws {
        try await TestDesk.live { desk in
            let report = """
                {"type":"session_status","sessionId":"s-1","status":"active","data":{"currentPnL":"0","totalTrades":0,
                "lossLimitUtilization":"0","timeElapsed":1}}
                """
            _ = try await desk.caller.post("/api/v1/events?source=engine", report)
            try await Tab.greeted(desk, "/ws?ack=1&as=ann") { tab in
                _ = try await desk.caller.post("/api/v1/sessions/s-1/stop?as=bo", #"{"reason":"Losses"}"#)
                let told = try #require(try await tab.until("session_status").last)
                #expect(told["status"] == "emergency_stopped" && told["control"]["by"] == "bo")
                #expect(told["previousStatus"] == "active" && told["reportedStatus"] == "active")
                desk.test.clock.move(milliseconds: 100)
                #expect(try await tab.until("session_status").last?["offset"] == told["offset"])
                try await tab.say(Self.ack(told))
                _ = try await desk.caller.post("/api/v1/events?source=engine", report)
                let later = try #require(try await tab.until("session_status").last)
                #expect(later["status"] == "emergency_stopped" && later["previousStatus"] == .null)
            }
        }
    }
}
