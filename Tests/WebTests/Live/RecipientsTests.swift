import SocketSupport
import Testing

@testable import Web

/// A trade plan is told to those whom the signal names, and to nobody else, whatever carries it (CON-18, SEC-14, TEST-38…40). The
/// others hear that the signal has left the desk, so that everybody holds the same version of it.
@Suite(.timeLimit(.minutes(5))) struct RecipientsTests {
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

    @Test func `of a signal for ann only ann gets the plan, and the others hear which version it has now (TEST-40)`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?as=ann", compress: true) { ann in
                try await Tab.greeted(desk, "/ws?as=bo", compress: true) { bo in
                    try await Tab.greeted(desk, compress: true) { nobody in
                        let id = try await Self.release(desk, more: Self.plan + #","recipients":["ann"]"#)
                        _ = try await desk.caller.signal("MSFT")
                        let told = try #require(try await ann.until("signal_approved").last)
                        #expect(told["signal_id"] == .string(id) && told["entry_price"] == "150.25")
                        #expect(try await ann.next()["data"]["symbol"] == "MSFT")
                        let signal = try await desk.caller.get("/api/v1/signals/\(id)").json
                        #expect(signal["recipients"] == .array(["ann"]) && signal["version"] == told["version"])
                        for var tab in [bo, nobody] {
                            let heard = try await tab.next(4)
                            #expect(
                                heard.map { $0["type"].text }
                                    == ["signal:new", "approval_notification", "signal:released", "signal:new"]
                            )
                            #expect(heard[2]["offset"] == told["offset"] && heard[2]["timestamp"] == told["timestamp"])
                            #expect(
                                heard[2]["data"]
                                    == .object([
                                        "signal_id": .string(id), "version": signal["version"],
                                        "released_at": signal["released_at"],
                                    ])
                            )
                        }
                    }
                }
            }
        }
    }

    @Test func `of signals released together everybody gets their own plan, in the order of the log`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?as=ann") { ann in
                try await Tab.greeted(desk, "/ws?as=bo") { bo in
                    for recipients in [#","recipients":["ann"]"#, #","recipients":["bo"]"#, ""] {
                        _ = try await desk.caller.approve(try await desk.caller.signal(more: recipients))
                        // So that they are due in this order.
                        desk.test.clock.move(milliseconds: 1)
                    }
                    desk.test.clock.move(milliseconds: 5_000)
                    while try await desk.test.store.log.count < 9 {
                        desk.test.clock.move(milliseconds: 200)
                        await Task.yield()
                    }
                    let (annHeard, boHeard) = (try await ann.next(9).suffix(3), try await bo.next(9).suffix(3))
                    #expect(
                        annHeard.map { $0["type"].text } == ["signal_approved", "signal:released", "signal_approved"]
                    )
                    #expect(
                        boHeard.map { $0["type"].text } == ["signal:released", "signal_approved", "signal_approved"]
                    )
                    for heard in [annHeard, boHeard] { #expect(heard.map { $0["offset"].int } == [7, 8, 9]) }
                }
            }
        }
    }

    @Test func `over REST, on a stream and in a replay it is the same`() async throws {
        try await TestDesk.live { desk in
            _ = try await Self.release(desk, more: #","recipients":["ann","cy"]"#)
            _ = try await desk.caller.signal("MSFT")
            for (user, told) in [("ann", "signal_approved"), ("cy", "signal_approved"), ("bo", "signal:released")] {
                let types = ["signal:new", "approval_notification", told, "signal:new"]
                let events = try await desk.caller.get("/api/v1/events?after=0&as=\(user)").json
                #expect(events["events"].items.map { $0["type"].text } == types)
                #expect(events["offset"] == 4 && events["has_more"] == false)
                try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=0&as=\(user)") { tab in
                    let replayed = try await tab.until("resumed")
                    #expect(replayed.dropLast().map { $0["type"].text } == types)
                    #expect(replayed.last?["data"]["replayed"] == 4)
                }
                try await StreamTab.greeted(desk, "?epoch=epoch-1&since=0&as=\(user)") { stream in
                    let replayed = try await stream.until("resumed")
                    #expect(replayed.dropLast().map { $0["type"].text } == types)
                }
            }
        }
    }

    @Test func `in a dialect and on a live stream the others hear the same`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?as=bo&dialect=agents") { bo in
                try await StreamTab.greeted(desk, "?as=cy") { cy in
                    _ = try await Self.release(desk, more: #","recipients":["ann"]"#)
                    #expect(try await bo.until("signal:released").map { $0["offset"].int } == [1, 2, 3])
                    #expect(try await cy.until("signal:released").map { $0["offset"].int } == [1, 2, 3])
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
