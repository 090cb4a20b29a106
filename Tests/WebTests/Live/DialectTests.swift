import SocketSupport
import Testing

@testable import Web

/// Each tab hears the words it asked for, over every transport and also of what it missed (C1, MSG-16, MSG-22).
@Suite(.timeLimit(.minutes(5))) struct DialectTests {
    private static let price = """
        {"type":"price_update","symbol":"AAPL","data":{"price":"185.50","change":"2.30","change_pct":"1.26","volume":45}}
        """
    private static let reasoning = String(repeating: "Strong bullish momentum, low volume.", count: 20)

    private static func post(_ desk: LiveDesk) async throws -> String {
        let more = #","confidence":85,"reasoning":"\#(reasoning)","recommendation":{"suggested":"BUY"}"#
        return try await desk.caller.signal(more: more)
    }

    @Test func `a signal is told to each tab in its own words`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, compress: true) { own in
                try await Tab.greeted(desk, "/ws?dialect=approvals", compress: true) { approvals in
                    try await Tab.greeted(desk, "/ws/client-1?dialect=agents") { agents in
                        let id = try await Self.post(desk)
                        let plain = try await own.next()
                        #expect(plain["type"] == "signal:new" && plain["data"]["signal_id"] == .absent)
                        for (message, type) in [
                            (try await approvals.next(), "new_signal"), (try await agents.next(), "trading_signal"),
                        ] {
                            #expect(message["type"] == .string(type) && message["offset"] == 1)
                            #expect(message["data"]["signal_id"] == .string(id))
                            #expect(message["data"]["reasoning"] == .string(Self.reasoning))
                            #expect(message["data"]["confidence_score"] == 85)
                            if type == "trading_signal" {
                                #expect(message["data"]["action"] == "buy")
                                #expect(message["data"]["confidence"] == .number(0.85))
                            }
                        }
                        _ = try await desk.caller.approve(id)
                        let approval = try await own.next()
                        #expect(approval["type"] == "approval_notification")
                        #expect(try await approvals.next() == approval)
                        #expect(try await agents.next() == approval)
                        #expect(own.compressedCount == 2 && approvals.compressedCount == 2)
                    }
                }
            }
        }
    }

    @Test func `prices are numbers for agents, also the ones they are given when they have been slow`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { own in
                try await Tab.greeted(desk, "/ws?dialect=agents") { agents in
                    try await own.say(#"{"type":"subscribe","channel":"prices"}"#)
                    try await agents.say(#"{"type":"subscribe","channel":"prices","symbols":["AAPL"]}"#)
                    _ = try await (own.next(), agents.next())
                    _ = try await desk.caller.post("/api/v1/events", Self.price)
                    #expect(try await own.next()["data"]["price"] == "185.50")
                    let price = try await agents.next()
                    #expect(price["symbol"] == "AAPL" && price["data"]["price"] == .number(185.5))
                    #expect(price["data"]["volume"] == 45 && price["data"]["ask"] == .null)
                }
            }
        }
    }

    @Test func `a stream hears the same words as a socket, and what was missed comes in them too`() async throws {
        try await TestDesk.live { desk in
            try await StreamTab.greeted(desk, "?dialect=agents") { stream in
                try await StreamTab.greeted(desk) { own in
                    try await Tab.greeted(desk, "/ws?dialect=agents") { socket in
                        for _ in 0..<3 { _ = try await Self.post(desk) }
                        let heard = try await stream.next(3)
                        #expect(heard.map { $0["type"].text } == Array(repeating: "trading_signal", count: 3))
                        #expect(try await socket.next(3) == heard)
                        #expect(try await own.next(3).allSatisfy { $0["type"] == "signal:new" })
                        #expect(stream.lastEventID == "epoch-1:3")
                        let back = "?dialect=agents&epoch=epoch-1&since=1"
                        try await Tab.greeted(desk, "/ws\(back)") { tab async throws in
                            #expect(
                                try await tab.until("resumed").dropLast().map { $0["data"] }
                                    == heard[1...].map { $0["data"] }
                            )
                        }
                        try await StreamTab.greeted(desk, back) { tab async throws in
                            #expect(
                                try await tab.until("resumed").dropLast().map { $0["data"] }
                                    == heard[1...].map { $0["data"] }
                            )
                        }
                        let page = try await desk.caller.get("/api/v1/events?dialect=agents&after=1").json["events"]
                        #expect(page.items.map { $0["data"] } == heard[1...].map { $0["data"] })
                        #expect(page[0]["type"] == "trading_signal")
                        let plain = try await desk.caller.get("/api/v1/events").json["events"]
                        #expect(plain[0]["type"] == "signal:new")
                    }
                }
            }
        }
    }

    @Test func `tabs of a dialect come and go without disturbing who is left`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, compress: true) { stays in
                for round in 1...6 {
                    try await Tab.greeted(desk, "/ws?dialect=\(round.isMultiple(of: 2) ? "agents" : "approvals")") {
                        tab in
                        _ = try await Self.post(desk)
                        #expect(try await tab.next()["offset"].int == round)
                        try await tab.send(.close(code: 1000))
                        _ = try await tab.rest()
                    }
                    #expect(try await stays.next()["offset"].int == round)
                }
            }
        }
    }

    @Test(arguments: ["agent", "", "Agents", "approvals,agents"])
    func `a dialect that the desk does not speak is told`(_ name: String) async throws {
        try await TestDesk.live { desk in
            try await Tab.open(desk, "/ws?dialect=\(name)") { tab async throws in
                let closing = try await tab.closing()
                #expect(closing.code == 4500 && closing.reason.contains("approvals or agents"))
            }
            for path in ["/api/v1/events/stream", "/api/v1/events"] {
                let problem = try await desk.caller.get("\(path)?dialect=\(name)").isProblem(400, "invalid_request")
                #expect(problem["detail"].text.contains("dialect="))
            }
        }
    }
}
