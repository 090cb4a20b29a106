import Engine
import Logging
import SocketSupport
import Testing

@testable import Web

/// Critical messages come again until they are acknowledged, and everybody sees who has them (DLV-01…09, TEST-38…43).
@Suite(.timeLimit(.minutes(5))) struct AcknowledgementTests {
    private static let expectAcks = "/ws?ack=1&as="

    private static func ack(_ message: JSON) -> String { #"{"type":"ack","offset":\#(message["offset"].int)}"# }

    @Test func `an approval that is not acknowledged comes again after 100, 500 and 2000 ms (DLV-02, TEST-41)`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                _ = try await desk.caller.approve(try await desk.caller.signal())
                let first = try await tab.until("approval_notification").last
                for delayMs in [Int64(100), 500, 2_000] {
                    desk.test.clock.move(milliseconds: delayMs)
                    let again = try await tab.until("approval_notification").last
                    #expect(again?["offset"] == first?["offset"] && again?["data"] == first?["data"])
                }
                // The last attempt is waited for as long as the one before; what comes next is something else.
                desk.test.clock.move(milliseconds: 60_000)
                while desk.logged("critical message not acknowledged").isEmpty { await Task.yield() }
                try await tab.say(#"{"type":"ping"}"#)
                #expect(try await tab.until("pong").filter { $0["type"] == "approval_notification" } == [])
            }
        }
    }

    @Test func `acknowledged, it does not come again, and the attempt and latency are logged (DLV-03, DLV-07)`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                _ = try await desk.caller.approve(try await desk.caller.signal())
                _ = try await tab.until("approval_notification")
                desk.test.clock.move(milliseconds: 100)
                let again = try #require(try await tab.until("approval_notification").last)
                desk.test.clock.move(milliseconds: 30)
                try await tab.say(Self.ack(again))
                while desk.logged("critical message delivered").isEmpty { await Task.yield() }
                let line = try #require(desk.logged("critical message delivered").first)
                #expect(line.metadata["attempt"] == "2" && line.metadata["latency_ms"] == "130")
                desk.test.clock.move(milliseconds: 60_000)
                try await tab.say(#"{"type":"ping"}"#)
                #expect(try await tab.until("pong").filter { $0["type"] == "approval_notification" } == [])
            }
        }
    }

    @Test func `who says nothing of acknowledging gets everything once`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                _ = try await desk.caller.approve(try await desk.caller.signal())
                _ = try await tab.until("approval_notification")
                desk.test.clock.move(milliseconds: 60_000)
                try await tab.say(#"{"type":"ping"}"#)
                // By now the signal is released, and the tab may hear of that.
                #expect(try await tab.until("pong").filter { $0["type"] == "approval_notification" } == [])
            }
        }
    }

    @Test func `everybody sees who has seen a decision and since when who has not is away`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, Self.expectAcks + "bo") { _ in }
            while try await desk.caller.get("/health").json["websocket"]["connections"] != 0 { await Task.yield() }
            desk.test.clock.move(milliseconds: 1_000)
            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                let id = try await desk.caller.signal()
                _ = try await desk.caller.approve(id)
                let approval = try #require(try await tab.until("approval_notification").last)
                let before = try await desk.caller.get("/api/v1/signals/\(id)/receipts").json
                #expect(before["recipients"] == 2 && before["delivered"] == 0)
                try await tab.say(Self.ack(approval))
                while try await desk.caller.get("/api/v1/signals/\(id)/receipts").json["delivered"] != 1 {
                    await Task.yield()
                }
                desk.test.clock.move(milliseconds: 1_000)
                let told = try #require(try await tab.until("receipts:updated").last)["data"]
                let asked = try await desk.caller.get("/api/v1/signals/\(id)/receipts").json
                #expect(told == asked)
                #expect(told["signal_id"] == .string(id) && told["offset"] == approval["offset"])
                #expect(told["seen"].items.map { $0["user"].text } == ["ann"])
                #expect(told["waiting"].items.map { $0["user"].text } == ["bo"])
                #expect(told["waiting"].items.first?["offline_since"] == "2026-01-23T10:30:00.000Z")
            }
        }
    }

    @Test func `who goes away and comes back is told of on what they have not seen`() async throws {
        // A release would bring receipts of its own.
        try await TestDesk.live({ $0.desk.undoWindowMs = 24 * 3_600_000 }) { desk in
            try await Tab.greeted(desk, Self.expectAcks + "ann") { ann in
                var id = ""
                try await Tab.greeted(desk, Self.expectAcks + "bo") { bo in
                    id = try await desk.caller.signal()
                    _ = try await desk.caller.approve(id)
                    _ = try await bo.until("approval_notification")
                    let before = try await Self.whereabouts(of: "bo", in: &ann, desk)
                    #expect(before == .null)
                }
                let away = try await Self.whereabouts(of: "bo", in: &ann, desk) { $0 != .null }
                let asked = try await desk.caller.get("/api/v1/signals/\(id)/receipts").json
                #expect(away.text.hasPrefix("2026-") && asked["waiting"].items.contains { $0["offline_since"] == away })
                try await Tab.greeted(desk, Self.expectAcks + "bo") { _ in
                    // Ends when it is told.
                    _ = try await Self.whereabouts(of: "bo", in: &ann, desk) { $0 == .null }
                }
            }
        }
    }

    /// What the receipts that the tab is told next say of a user who has not seen the decision, `offline_since`.
    private static func whereabouts(
        of user: String,
        in tab: inout Tab,
        _ desk: LiveDesk,
        until isExpected: (JSON) -> Bool = { _ in true }
    ) async throws -> JSON {
        while true {
            // Nothing is told before time passes; the answer shows that what was told before is here.
            desk.test.clock.move(milliseconds: 1_000)
            try await tab.say(#"{"type":"ping"}"#)
            for told in try await tab.until("pong") where told["type"] == "receipts:updated" {
                let waiting = told["data"]["waiting"].items.first { $0["user"] == .string(user) }
                if let waiting, isExpected(waiting["offline_since"]) { return waiting["offline_since"] }
            }
        }
    }

    @Test func `what a user has missed comes first on their next tab (DLV-01)`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, Self.expectAcks + "bo") { _ in }
            while try await desk.caller.get("/health").json["websocket"]["connections"] != 0 { await Task.yield() }
            let id = try await desk.caller.signal()
            _ = try await desk.caller.approve(id)
            try await Tab.greeted(desk, Self.expectAcks + "bo") { tab in
                let missed = try await tab.next()
                #expect(missed["type"] == "approval_notification" && missed["data"]["signal_id"] == .string(id))
                try await tab.say(Self.ack(missed))
                while try await desk.caller.get("/api/v1/signals/\(id)/receipts").json["delivered"] != 1 {
                    await Task.yield()
                }
            }
            try await Tab.greeted(desk, Self.expectAcks + "bo") { tab in
                try await tab.say(#"{"type":"ping"}"#)
                #expect(try await tab.next()["type"] == "pong")
            }
        }
    }

    @Test func `on an event stream and by polling it is acknowledged over REST (C20)`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.open(desk, "?as=ann&ack=1") { tab in
                let connection = try await tab.next()["connection_id"].text
                let id = try await desk.caller.signal()
                _ = try await desk.caller.approve(id)
                let approval = try #require(try await tab.until("approval_notification").last)
                let body = #"{"offset":\#(approval["offset"].int),"connection_id":"\#(connection)"}"#
                let answer = try await desk.caller.post("/api/v1/acks?as=ann", body)
                #expect(answer.status == 204)
                let told = try await desk.caller.get("/api/v1/signals/\(id)/receipts").json
                #expect(told["delivered"] == 1 && told["seen"].items.first?["attempt"] == 1)
                desk.test.clock.move(milliseconds: 60_000)
                let next = try await desk.caller.signal("MSFT")
                let between = try await tab.until("signal:new")
                #expect(between.filter { $0["type"] == "approval_notification" } == [])
                #expect(between.last?["data"]["id"] == .string(next))
            }
            let polled = try await desk.caller.post("/api/v1/acks?as=cy", #"{"offset":1,"connection_id":null}"#)
            #expect(polled.status == 204)
        }
    }

    @Test func `a bad acknowledgement is answered and ends nothing`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                for offset in ["null", "-1", "1.5", #""4""#, "[]", "1e3", "9007199254740992"] {
                    try await tab.say(#"{"type":"ack","offset":\#(offset)}"#)
                    #expect(try await tab.next()["code"] == "malformed_message", "\(offset)")
                }
                try await tab.say(#"{"type":"ack"}"#)
                #expect(try await tab.next()["code"] == "malformed_message")
            }
            let caller = desk.caller
            try await caller.post("/api/v1/acks", #"{"offset":1}"#).isProblem(401, "identity_required")
            try await caller.post("/api/v1/acks?as=ann", #"{}"#).isProblem(400, "invalid_request")
            try await caller.post("/api/v1/acks?as=ann", #"{"offset":1,"connection_id":"x"}"#)
                .isProblem(404, "not_found")
            try await caller.get("/api/v1/signals/x/receipts").isProblem(404, "signal_not_found")
            try await caller.get("/api/v1/events/stream?ack=yes").isProblem(400, "invalid_request")
        }
    }

    @Test func `an ack= that is neither 1 nor 0 is told by the close code`() async throws {
        try await TestDesk.live { desk in
            try await Tab.open(desk, "/ws?ack=yes") { tab in
                let closing = try await tab.closing()
                #expect(closing.code == 4500)
            }
        }
    }
}

extension LiveDesk {
    fileprivate func logged(_ message: String) -> [LogLines.Line] {
        test.logs.lines.filter { $0.message == message }
    }
}
