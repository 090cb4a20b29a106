import Engine
import HTTPTypes
import Testing

@testable import Web

/// The snapshot, single signals and patterns, and the two lists (EP-05, EP-06, GAP-04).
@Suite(.timeLimit(.minutes(5))) struct ReadingTests {
    @Test func `the snapshot holds the whole desk at one offset`() async throws {
        try await TestDesk.routed { desk, caller in
            let events = """
                {"type":"pattern_detected","data":{"id":"p/1 ü","symbol":"AAPL","pattern_type":"SPRING",\
                "confidence_score":87,"phase":"C","test_confirmed":true}}
                {"type":"portfolio:updated","data":{"total_heat":"62.5","available_capacity":"37.5"}}
                {"type":"campaign:updated","data":{"campaign_id":"C-1","risk_allocated":"1700","positions_count":3,"risk_limit":"2000"}}
                {"type":"notification","data":{"id":"n1","message":"hello","type":"info"}}
                {"type":"price_update","symbol":"AAPL","data":{"price":"185.50","change":"2.30","change_pct":"1.26","volume":45}}
                """
            #expect(try await caller.post("/api/v1/events", events).status == 202)
            let pending = try await caller.signal()
            desk.clock.move(milliseconds: 1)
            let decided = try await caller.signal()
            _ = try await caller.approve(decided)
            let snapshot = try await caller.get("/api/v1/snapshot?as=alice").json
            #expect(
                snapshot.keys == [
                    "epoch", "offset", "oldest_offset", "server_time", "user", "settings", "desk", "signals",
                    "portfolio", "campaigns",
                    "patterns", "sessions", "prices", "notifications",
                ]
            )
            #expect(snapshot["epoch"] == "epoch-1" && snapshot["oldest_offset"] == 1)
            #expect(
                snapshot["user"]["name"] == "alice" && snapshot["user"]["role"] == "trader"
                    && snapshot["user"]["named"] == true
            )
            #expect(snapshot["settings"]["reconnect"]["delays_ms"] == [1000, 2000, 4000, 8000, 16000, 30000])
            #expect(snapshot["signals"].items.map { $0["id"].text } == [decided, pending])
            #expect(snapshot["portfolio"]["total_heat"] == "62.5")
            #expect(snapshot["campaigns"][0]["utilisation_pct"] == "85")
            #expect(snapshot["prices"][0]["symbol"] == "AAPL")
            #expect(
                snapshot["notifications"][0]["type"] == "notification" && snapshot["notifications"][0]["offset"] == 4
            )
            #expect(snapshot["server_time"] == "2026-01-23T10:30:00.001Z" && snapshot["offset"] == 7)
        }
    }

    @Test func `a snapshot for nobody says that they are not named, and a bad name is told`() async throws {
        try await TestDesk.routed { _, caller in
            let user = try await caller.get("/api/v1/snapshot").json["user"]
            #expect(user["named"] == false)
            try await caller.get("/api/v1/snapshot?as=%0a").isProblem(400, "invalid_request")
        }
    }

    @Test func `a pattern is found under the address its message gives`() async throws {
        try await TestDesk.routed { _, caller in
            let pattern = """
                {"type":"pattern_detected","data":{"id":"p/1 ü%","symbol":"AAPL","pattern_type":"SPRING",\
                "confidence_score":87,"phase":"C","test_confirmed":true}}
                """
            _ = try await caller.post("/api/v1/events", pattern)
            let message = try await caller.get("/api/v1/events").json["events"][0]
            let answer = try await caller.get(message["full_details_url"].text)
            #expect(answer.status == 200 && answer.json["id"] == "p/1 ü%", "\(message) \(answer)")
            try await caller.get("/api/v1/patterns/none").isProblem(404, "pattern_not_found")
        }
    }

    @Test(arguments: ["550e8400-e29b-41d4-a716-446655440000", "nonsense", "AAPL", "%22%3E%3Cscript%3E"])
    func `a signal that is not there is not found`(_ id: String) async throws {
        try await TestDesk.routed { _, caller in
            try await caller.get("/api/v1/signals/\(id)").isProblem(404, "signal_not_found")
        }
    }

    // MARK: Lists

    @Test(arguments: [
        "limit=0", "limit=501", "limit=-1", "limit=x", "limit=", "limit=99999999999999999999", "since=",
        "since=yesterday",
        "since=epoch-1:", "since=epoch-1:-1", "since=epoch-1:x", "since=2026-13-01T00:00:00Z", "status=",
        "status=MAYBE",
        "symbol=", "symbol=A%20B",
    ])
    func `a wrong question about signals is told`(_ query: String) async throws {
        try await TestDesk.routed { _, caller in
            try await caller.get("/api/v1/signals?\(query)").isProblem(400, "invalid_request")
        }
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=x", "after=-1", "after=x", "after=", "after=1.5", "after=epoch-1:",
        "after=epoch-1:-1", "after=:1", "after=epoch-1:x", "after=a%20b:1", "after=epoch-1:0&epoch=epoch-2",
    ])
    func `a wrong question about events is told`(_ query: String) async throws {
        try await TestDesk.routed { _, caller in
            try await caller.get("/api/v1/events?\(query)").isProblem(400, "invalid_request")
        }
    }

    @Test func `a place in another log, or behind the end of this one, is gone`() async throws {
        try await TestDesk.routed { desk, caller in
            _ = try await caller.signal()
            try await caller.get("/api/v1/signals?since=epoch-2:0").isProblem(410, "epoch_changed")
            try await caller.get("/api/v1/signals?since=epoch-1:2").isProblem(410, "epoch_changed")
            try await caller.get("/api/v1/events?after=0&epoch=epoch-2").isProblem(410, "epoch_changed")
            try await caller.get("/api/v1/events?after=2").isProblem(410, "epoch_changed")
            try await caller.get("/api/v1/events?after=epoch-2:0").isProblem(410, "epoch_changed")
            try await caller.get("/api/v1/events?after=epoch-1:2").isProblem(410, "epoch_changed")
            _ = try await caller.signal()
            try await desk.store.trim(before: 2, knowing: desk.desk.checkpoint)
            try await caller.get("/api/v1/events?after=0").isProblem(410, "trimmed")
            #expect(try await caller.get("/api/v1/events?after=1&epoch=epoch-1").json["oldest"] == 2)
        }
    }

    @Test func `since a time means changed after it, whatever its offset`() async throws {
        try await TestDesk.routed { desk, caller in
            let old = try await caller.signal()
            desk.clock.move(milliseconds: 1_000)
            let new = try await caller.signal("MSFT")
            for since in [
                "2026-01-23T10:30:00.000Z", "2026-01-23T12:30:00%2B02:00", "2026-01-23T12:30:00+02:00",
                "2026-01-23T05:30:00-05:00",
            ] {
                let page = try await caller.get("/api/v1/signals?since=\(since)").json
                #expect(page["signals"].items.map { $0["id"].text } == [new], "\(since): \(page)")
                #expect(page["cursor"] == "epoch-1:2" && page["has_more"] == false)
            }
            let page = try await caller.get("/api/v1/signals?since=2026-01-23T10:29:59.999Z").json
            #expect(page["signals"].items.map { $0["id"].text } == [old, new])
        }
    }

    @Test func `signals are chosen by status and symbol`() async throws {
        try await TestDesk.routed { _, caller in
            let decided = try await caller.signal()
            _ = try await caller.approve(decided)
            let pending = try await caller.signal()
            _ = try await caller.signal("MSFT")
            func ids(_ query: String) async throws -> [String] {
                try await caller.get("/api/v1/signals?\(query)").json["signals"].items.map { $0["id"].text }
            }
            #expect(try await ids("status=approved_buy") == [decided])
            #expect(try await ids("symbol=aapl") == [decided, pending])
            #expect(try await ids("symbol=AAPL&status=PENDING_REVIEW") == [pending])
            #expect(try await ids("status=EXPIRED").isEmpty)
        }
    }

    @Test func `a place before what the desk has forgotten is 410, not a page with holes (GAP-04)`() async throws {
        try await TestDesk.routed({ $0.desk.settledSignalsMax = 2 }) { _, caller in
            for _ in 0..<8 { _ = try await caller.approve(try await caller.signal()) }
            for since in ["epoch-1:0", "1970-01-01T00:00:00Z"] {
                let answer = try await caller.get("/api/v1/signals?since=\(since)")
                #expect(answer.status == 410)
                #expect(answer.json["code"] == "trimmed")
            }
            #expect(try await caller.get("/api/v1/signals").status == 200)
            #expect(try await caller.get("/api/v1/signals?since=epoch-1:16").json["signals"].items.isEmpty)
        }
    }

    @Test func `a signal from before the log that is not in memory is found by its id (GAP-12)`() async throws {
        try await TestDesk.routed({ $0.desk.settledSignalsMax = 1 }) { desk, caller in
            let old = try await caller.signal()
            _ = try await caller.approve(old)
            for _ in 0..<3 { _ = try await caller.approve(try await caller.signal()) }
            try await desk.store.trim(before: 8, knowing: desk.desk.checkpoint)
            #expect(try await !caller.get("/api/v1/signals").json["signals"].items.contains { $0["id"].text == old })
            let answer = try await caller.get("/api/v1/signals/\(old)")
            #expect(answer.status == 200 && answer.json["id"] == .string(old) && answer.json["version"] == 2)
            #expect(answer.json["status"] == "APPROVED_BUY" && answer.json["decision"]["decided_by"] == "alice")
            try await caller.get("/api/v1/events?after=6").isProblem(410, "trimmed")
            #expect(try await caller.get("/api/v1/events?after=7").json["oldest"] == 8)
        }
    }

    @Test func `paging by cursor visits every change exactly once while changes go on`() async throws {
        try await TestDesk.routed { _, caller in
            for _ in 0..<5 { _ = try await caller.signal() }
            var seen: [String] = []
            var cursor = "epoch-1:0"
            var more = 6
            repeat {
                let page = try await caller.get("/api/v1/signals?since=\(cursor)&limit=2").json
                seen += page["signals"].items.map { "\($0["id"].text) v\($0["version"].int)" }
                cursor = page["cursor"].text
                if page["has_more"] == true { #expect(page["signals"].items.count == 2) }
                if more > 0 {
                    more -= 1
                    let id = try await caller.signal()
                    if more.isMultiple(of: 2) { _ = try await caller.approve(id) }
                }
                if page["has_more"] == false, more == 0, page["signals"].items.isEmpty { break }
            } while true
            let latest = try await caller.get("/api/v1/signals?limit=500").json["signals"].items
            let latestTexts = latest.map { "\($0["id"].text) v\($0["version"].int)" }
            #expect(Set(seen).count == seen.count)
            #expect(Set(seen).isSuperset(of: latestTexts))
            #expect(seen.count == latestTexts.count)
        }
    }

    @Test func `paging events reads the log from end to end`() async throws {
        try await TestDesk.routed { _, caller in
            for _ in 0..<5 { _ = try await caller.approve(try await caller.signal()) }
            var offsets: [Int] = []
            var after = 0
            var page = JSON.null
            repeat {
                page = try await caller.get("/api/v1/events?after=\(after)&limit=3").json
                #expect(page.keys == ["epoch", "events", "offset", "cursor", "oldest", "has_more"])
                for event in page["events"].items {
                    #expect(event["sequence_number"] == .absent)
                    offsets.append(event["offset"].int)
                }
                after = page["offset"].int
            } while page["has_more"] == true
            #expect(offsets == Array(1...10))
            let end = try await caller.get("/api/v1/events?after=10").json
            #expect(end["events"] == [] && end["offset"] == 10 && end["has_more"] == false)
        }
    }

    // REC-10
    @Test func `the cursor of one list leads on in the other`() async throws {
        try await TestDesk.routed { _, caller in
            for _ in 0..<3 { _ = try await caller.approve(try await caller.signal()) }
            let cursor = try await caller.get("/api/v1/events?limit=4").json["cursor"].text
            #expect(cursor == "epoch-1:4")
            let signals = try await caller.get("/api/v1/signals?since=\(cursor)").json
            #expect(signals["signals"].items.count == 1)
            let id = try await caller.signal()
            let events = try await caller.get("/api/v1/events?after=\(signals["cursor"].text)").json
            #expect(events["events"].items.map { $0["data"]["id"].text } == [id])
            #expect(events["cursor"] == "epoch-1:7")
            #expect(try await caller.get("/api/v1/events?after=epoch-1:6&epoch=epoch-1").json == events)
        }
    }

    @Test(arguments: ["/api/v1/events", "/api/v1/snapshot"])
    func `a store that cannot be read is answered 503, without saying what broke`(_ path: String) async throws {
        try await TestDesk.routed { desk, caller in
            desk.store.reads(fail: true)
            let answer = try await caller.get(path)
            answer.isProblem(503, "store_unavailable")
            #expect(answer.headers[.retryAfter] == "2" && !answer.description.contains("secret"))
        }
    }
}
