import SocketSupport
import Testing

@testable import Web

/// A release is told to those whom the signal names, and to nobody else, whatever carries it (CON-18, SEC-14, TEST-38…40).
@Suite(.timeLimit(.minutes(1))) struct RecipientsTests {
    private static let plan = #"""
        ,"pattern_type":"SPRING","confidence_score":92.5,"entry_price":"150.25","stop_loss":"149.50","target_price":"152.75"
        """#

    /// Approves a signal and lets its undo window pass.
    private static func release(_ desk: LiveDesk, more: String = plan) async throws -> String {
        let id = try await desk.caller.signal(more: more)
        _ = try await desk.caller.approve(id)
        let count = try await desk.test.store.log.count
        desk.test.clock.move(milliseconds: 5_000)
        while try await desk.test.store.log.count == count {
            desk.test.clock.move(milliseconds: 200)
            await Task.yield()
        }
        return id
    }

    @Test func `the whole desk is told unless the signal names somebody (MSG-26, TEST-39)`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { nobody in
                let id = try await Self.release(desk)
                let told = try #require(try await nobody.until("signal_approved").last)
                #expect(told["signal_id"] == .string(id) && told["pattern_type"] == "SPRING")
                #expect(told["confidence_grade"] == "A+" && told["r_multiple"] == .number(3.33))
                #expect(told["entry_price"] == "150.25" && told["approved_by"] == "alice")
                let signal = try await desk.caller.get("/api/v1/signals/\(id)").json
                #expect(signal["released_at"] != .null && signal["version"] == 3)
            }
        }
    }

    @Test func `of a signal for ann only ann hears, and numbers have no hole for the others (TEST-40)`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?as=ann", compress: true) { ann in
                try await Tab.greeted(desk, "/ws?as=bo", compress: true) { bo in
                    try await Tab.greeted(desk, compress: true) { nobody in
                        let id = try await Self.release(desk, more: Self.plan + #","recipients":["ann"]"#)
                        _ = try await desk.caller.signal("MSFT")
                        let told = try #require(try await ann.until("signal_approved").last)
                        #expect(told["signal_id"] == .string(id))
                        #expect(try await ann.next()["data"]["symbol"] == "MSFT")
                        for var tab in [bo, nobody] {
                            let heard = try await tab.next(3).map { $0["type"].text }
                            #expect(heard == ["signal:new", "approval_notification", "signal:new"])
                        }
                    }
                }
            }
        }
    }

    @Test func `over REST, on a stream and in a replay it is the same`() async throws {
        try await TestDesk.live { desk in
            _ = try await Self.release(desk, more: #","recipients":["ann","cy"]"#)
            _ = try await desk.caller.signal("MSFT")
            for (user, hears) in [("ann", true), ("cy", true), ("bo", false)] {
                let events = try await desk.caller.get("/api/v1/events?after=0&as=\(user)").json
                #expect(events["events"].items.contains { $0["type"] == "signal_approved" } == hears)
                #expect(events["offset"] == 4 && events["has_more"] == false)
                try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=0&as=\(user)") { tab in
                    let replayed = try await tab.until("resumed")
                    #expect(replayed.contains { $0["type"] == "signal_approved" } == hears)
                    #expect(replayed.last?["data"]["replayed"] == (hears ? 4 : 3))
                }
                try await StreamTab.open(desk, "?epoch=epoch-1&since=0&as=\(user)") { stream in
                    let replayed = try await stream.until("resumed")
                    #expect(replayed.contains { $0["type"] == "signal_approved" } == hears)
                }
            }
        }
    }

    @Test(arguments: [#"[]"#, #""ann""#, #"[1]"#, #"["a\u0000"]"#, #"{"ann":true}"#])
    func `recipients that are no list of names are refused`(_ recipients: String) async throws {
        try await TestDesk.routed { _, caller in
            let answer = try await caller.post("/api/v1/signals", #"{"symbol":"AAPL","recipients":\#(recipients)}"#)
            answer.isProblem(400, recipients.contains("u0000") ? "malformed_json" : "invalid_request")
        }
    }
}
