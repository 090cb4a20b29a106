import SocketSupport
import Testing

@testable import Web

/// Bursts over real sockets and streams: joined for those who asked for it, for nobody else, and nothing is lost or late
/// (C10, MSG-09, GAP-16).
@Suite(.timeLimit(.minutes(5))) struct BatchingTests {
    private static func notices(_ ids: ClosedRange<Int>) -> String {
        ids.map { #"{"type":"notification","data":{"id":"n\#($0)","message":"message","type":"info"}}"# }
            .joined(separator: "\n")
    }

    /// Posts notices and waits until those who hear them one by one have them.
    private static func post(_ desk: LiveDesk, _ ids: ClosedRange<Int>, heardBy plain: inout Tab) async throws {
        let answer = try await desk.caller.post("/api/v1/events", notices(ids))
        try #require(answer.status == 202, "\(answer)")
        #expect(try await plain.next(ids.count).map { $0["data"]["id"].text } == ids.map { "n\($0)" })
    }

    /// The events that a client finds in these messages.
    private static func unpacked(_ messages: [JSON]) -> [JSON] {
        messages.flatMap { $0["type"] == "batch_update" ? $0["events"].items : [$0] }
    }

    private static func offsets(_ messages: [JSON]) -> [Int] { unpacked(messages).map { $0["offset"].int } }

    @Test func `ten come at once, the rest half a second later as one message with one number`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?batch=1", compress: true) { tab in
                    try await Self.post(desk, 1...25, heardBy: &plain)
                    #expect(Self.offsets(try await tab.next(10)) == Array(1...10))
                    try await tab.say(#"{"type":"ping"}"#)
                    #expect(try await tab.next()["type"] == "pong", "the others wait")
                    desk.test.clock.move(milliseconds: 500)
                    let batch = try await tab.next()
                    #expect(batch["type"] == "batch_update" && batch["sequence_number"] == 12)
                    #expect(batch["timestamp"] == "2026-01-23T10:30:00.500Z")
                    #expect(batch["batch_size"] == 15 && batch["offset"] == .absent)
                    #expect(batch["patterns_detected"] == [] && batch["signals_generated"] == [])
                    #expect(Self.offsets([batch]) == Array(11...25))
                    #expect(
                        batch["events"].items.allSatisfy {
                            $0["sequence_number"] == .absent && $0["type"] == "notification"
                        }
                    )
                    desk.test.clock.move(milliseconds: 1_000)
                    try await Self.post(desk, 26...26, heardBy: &plain)
                    #expect(try await tab.next()["offset"] == 26, "a lone one never waits")
                    #expect(tab.compressedCount == 12)
                }
            }
        }
    }

    @Test func `an approval waits for nothing, and what waits goes before it`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?batch=1") { tab in
                    let id = try await desk.caller.signal()
                    _ = try await plain.next()
                    try await Self.post(desk, 1...14, heardBy: &plain)
                    _ = try await desk.caller.approve(id)
                    #expect(Self.offsets(try await tab.next(12)) == Array(1...16))
                    #expect(try await plain.next()["type"] == "approval_notification")
                }
            }
        }
    }

    @Test func `a stream that asked for it gets the same, and its id is behind the batch`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await StreamTab.greeted(desk, "?batch=1") { stream in
                    try await StreamTab.greeted(desk) { one in
                        try await Self.post(desk, 1...20, heardBy: &plain)
                        #expect(Self.offsets(try await one.next(20)) == Array(1...20))
                        #expect(Self.offsets(try await stream.next(10)) == Array(1...10))
                        #expect(stream.lastEventID == "epoch-1:10")
                        desk.test.clock.move(milliseconds: 500)
                        let batch = try await stream.next()
                        #expect(batch["batch_size"] == 10 && Self.offsets([batch]) == Array(11...20))
                        #expect(stream.lastEventID == "epoch-1:20")
                    }
                }
            }
        }
    }

    @Test func `who wants a part gets that part, and nothing else`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?batch=1", compress: true) { part in
                    try await Tab.greeted(desk, "/ws?batch=1", compress: true) { all in
                        try await part.say(#"{"type":"unsubscribe","channel":"notifications"}"#)
                        _ = try await part.next()
                        try await Self.post(desk, 1...12, heardBy: &plain)
                        _ = try await desk.caller.signal()
                        _ = try await plain.next()
                        try await Self.post(desk, 13...14, heardBy: &plain)
                        desk.test.clock.move(milliseconds: 500)
                        let signal = try await part.next()
                        #expect(
                            signal["type"] == "signal:new" && signal["offset"] == 13 && signal["sequence_number"] == 2
                        )
                        let heard = try await all.next(11)
                        #expect(Self.offsets(heard) == Array(1...15))
                        #expect(heard[10]["signals_generated"].items == [signal["data"]])
                    }
                }
            }
        }
    }

    @Test func `who comes back to the middle of a batch, or joins while one waits, misses and doubles nothing`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?batch=1") { tab in
                    try await Self.post(desk, 1...20, heardBy: &plain)
                    try await Tab.greeted(desk, "/ws?batch=1&epoch=epoch-1&since=13") { back in
                        let replayed = try await back.until("resumed")
                        #expect(Self.offsets(replayed.dropLast()) == Array(14...20), "replay is one by one")
                        try await Tab.open(desk, "/ws?batch=1") { new in
                            #expect(try await new.next()["offset"] == 20)
                            desk.test.clock.move(milliseconds: 500)
                            #expect(Self.offsets(try await tab.next(11)) == Array(1...20))
                            desk.test.clock.move(milliseconds: 500)
                            try await Self.post(desk, 21...21, heardBy: &plain)
                            for message in [try await tab.next(), try await back.next(), try await new.next()] {
                                #expect(message["offset"] == 21)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `a dialect is batched in its own words`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?batch=1&dialect=agents", compress: true) { tab in
                    try await Self.post(desk, 1...11, heardBy: &plain)
                    _ = try await desk.caller.signal()
                    _ = try await plain.next()
                    desk.test.clock.move(milliseconds: 500)
                    let heard = try await tab.next(11)
                    #expect(Self.offsets(heard) == Array(1...12))
                    #expect(heard[10]["events"][1]["type"] == "trading_signal")
                    #expect(heard[10]["signals_generated"][0]["action"] == "buy")
                }
            }
        }
    }

    /// Plain and batching tabs, the ones in the majority and then the others: only one kind can follow the shared stream.
    @Test(arguments: [(3, 1), (1, 3), (0, 3)])
    func `every kind of tab inflates what it gets, burst after burst`(_ plainCount: Int, _ batchingCount: Int)
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, compress: true) { first in
                try await Self.with(desk, plainCount, "/ws") { desk in
                    try await Self.with(desk, batchingCount - 1, "/ws?batch=1") { desk in
                        try await Tab.greeted(desk, "/ws?batch=1", compress: true) { tab in
                            for burst in 0..<4 {
                                let start = burst * 40
                                try await Self.post(desk, (start + 1)...(start + 40), heardBy: &first)
                                desk.test.clock.move(milliseconds: 500)
                                var heard: [Int] = []
                                while heard.count < 40 { heard += Self.offsets([try await tab.next()]) }
                                #expect(heard == Array((start + 1)...(start + 40)))
                                desk.test.clock.move(milliseconds: 1_000)
                            }
                        }
                    }
                }
            }
        }
    }

    /// So many more tabs that take what they get.
    private static func with(
        _ desk: LiveDesk,
        _ count: Int,
        _ path: String,
        _ body: (LiveDesk) async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body(desk) }
        try await Tab.greeted(desk, path, compress: true) { _ in try await with(desk, count - 1, path, body) }
    }

    @Test func `when the last tab that batches has gone, nothing is held`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { plain in
                try await Tab.greeted(desk, "/ws?batch=1") { tab in
                    try await tab.send(.close(code: 1000))
                    _ = try await tab.rest()
                }
                try await Self.post(desk, 1...100, heardBy: &plain)
                #expect(try await desk.caller.get("/ws/stats").json["total_connections"] == 1)
            }
        }
    }

    @Test(arguments: ["2", "", "yes"]) func `a batch= that says nothing is told`(_ text: String) async throws {
        try await TestDesk.live { desk in
            try await Tab.open(desk, "/ws?batch=\(text)") { tab async throws in
                let closing = try await tab.closing()
                #expect(closing.code == 4500 && closing.reason.contains("batch="))
            }
            try await desk.caller.get("/api/v1/events/stream?batch=\(text)").isProblem(400, "invalid_request")
        }
    }
}
