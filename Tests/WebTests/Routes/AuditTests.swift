import Engine
import HTTPTypes
import Testing

@testable import Web

/// The audit over REST: who did what, when, with the hash chain (APR-18), and how the team decides (APR-19, APR-20).
@Suite(.timeLimit(.minutes(5))) struct AuditTests {
    /// Two signals, one approved by alice and one rejected by bob, and a notice.
    private static func fill(_ desk: TestDesk, _ caller: Caller) async throws -> (approved: String, rejected: String) {
        let one = try await caller.signal()
        desk.clock.move(milliseconds: 1_000)
        let other = try await caller.signal("MSFT")
        desk.clock.move(milliseconds: 1_000)
        #expect(try await caller.approve(one).status == 200)
        desk.clock.move(milliseconds: 1_000)
        #expect(try await caller.reject(other).status == 200)
        let notice = #"{"type":"notification","data":{"id":"n1","message":"hello","type":"info"}}"#
        #expect(try await caller.post("/api/v1/events", notice).status == 202)
        return (one, other)
    }

    @Test func `entries come newest first, each covering the one before, with the head of the chain`() async throws {
        try await TestDesk.routed { desk, caller in
            let (one, _) = try await Self.fill(desk, caller)
            let page = try await caller.get("/api/v1/audit").json
            let entries = page["entries"].items
            #expect(page.keys == ["epoch", "entries", "cursor", "has_more", "head"])
            #expect(entries.map { $0["offset"].int } == [5, 4, 3, 2, 1])
            #expect(
                entries.map { $0["type"].text } == [
                    "notice", "signal_rejected", "signal_approved", "signal_received", "signal_received",
                ]
            )
            #expect(page["cursor"] == .null && page["has_more"] == false)
            for (entry, before) in zip(entries, entries.dropFirst()) {
                #expect(entry["previous_hash"] == before["hash"] && entry["hash"].text.count == 64)
            }
            #expect(entries[4]["previous_hash"].text == String(repeating: "0", count: 64))
            #expect(page["head"]["hash"] == entries[0]["hash"] && page["head"]["offset"] == 5)
            #expect(page["head"]["kept_hash"] == entries[1]["hash"] && page["head"]["kept_offset"] == 4)

            let approval = entries[2]
            #expect(
                approval.keys == [
                    "offset", "recorded_at", "type", "user", "signal_id", "version", "signal", "message",
                    "previous_hash",
                    "hash",
                ]
            )
            #expect(approval["user"] == "alice" && approval["signal_id"].text == one && approval["version"] == 2)
            #expect(approval["signal"]["decision"]["decided_by"] == "alice" && approval["message"] == .null)
            #expect(entries[0]["message"]["type"] == "notification" && entries[0]["signal"] == .null)
            #expect(entries[0]["user"] == .null)
        }
    }

    @Test func `paging leads through the whole log, each entry once, in both orders`() async throws {
        try await TestDesk.routed({ $0.noticesBefore = 7 }) { _, caller in
            for (order, expected) in [("newest", [7, 6, 5, 4, 3, 2, 1]), ("oldest", [1, 2, 3, 4, 5, 6, 7])] {
                var (offsets, cursor): ([Int], String) = ([], "")
                repeat {
                    let page = try await caller.get("/api/v1/audit?limit=3&order=\(order)\(cursor)").json
                    offsets += page["entries"].items.map { $0["offset"].int }
                    cursor = page["has_more"] == true ? "&cursor=\(page["cursor"].text)" : ""
                } while !cursor.isEmpty
                #expect(offsets == expected)
            }
        }
    }

    @Test func `filters narrow down to a signal, a person, types and a time`() async throws {
        try await TestDesk.routed { desk, caller in
            let (one, other) = try await Self.fill(desk, caller)
            func offsets(_ query: String) async throws -> [Int] {
                try await caller.get("/api/v1/audit?order=oldest&\(query)").json["entries"].items.map {
                    $0["offset"].int
                }
            }
            #expect(try await offsets("signal=\(one)") == [1, 3])
            #expect(try await offsets("signal=\(other.uppercased())") == [2, 4])
            #expect(try await offsets("user=bob") == [4])
            #expect(try await offsets("user=nobody") == [])
            #expect(try await offsets("type=signal_approved,notice") == [3, 5])
            #expect(try await offsets("from=2026-01-23T10:30:02.000Z&to=2026-01-23T10:30:03.000Z") == [3])
            #expect(try await offsets("from=2026-01-23T11:30:02+01:00") == [3, 4, 5])
            #expect(try await offsets("user=bob&type=signal_approved") == [])
        }
    }

    @Test(arguments: [
        "limit=0", "limit=501", "limit=x", "order=up", "cursor=12", "signal=AAPL", "user=%0a", "type=signal_lost",
        "type=",
        "from=noon", "to=2026-13-01T00:00:00Z", "from=2026-01-23T10:30:02Z&to=2026-01-23T10:30:02Z",
    ])
    func `a parameter that is none is told which`(_ query: String) async throws {
        try await TestDesk.routed { _, caller in
            let problem = try await caller.get("/api/v1/audit?\(query)").isProblem(400, "invalid_request")
            let name = String(query.prefix { $0 != "=" })
            #expect(problem["detail"].text.contains("\(name)="))
        }
    }

    @Test func `a cursor of another log is told`() async throws {
        try await TestDesk.routed { _, caller in
            try await caller.get("/api/v1/audit?cursor=other:3").isProblem(410, "epoch_changed")
        }
    }

    @Test func `the history of a signal is its life, oldest first`() async throws {
        try await TestDesk.routed { desk, caller in
            let (one, _) = try await Self.fill(desk, caller)
            let page = try await caller.get("/api/v1/signals/\(one)/history").json
            #expect(page["entries"].items.map { $0["version"].int } == [1, 2])
            #expect(page["entries"][1]["user"] == "alice")
            let second = try await caller.get("/api/v1/signals/\(one)/history?limit=1").json
            #expect(second["has_more"] == true && second["entries"].items.count == 1)
            for id in ["nope", "00000000-0000-4000-8000-000000000000"] {
                try await caller.get("/api/v1/signals/\(id)/history").isProblem(404, "signal_not_found")
            }
        }
    }

    @Test func `statistics say how fast, who and at which hour (APR-19, APR-20)`() async throws {
        try await TestDesk.routed { desk, caller in
            _ = try await Self.fill(desk, caller)
            let all = try await caller.get("/api/v1/audit/statistics?utc_offset_minutes=60").json
            #expect(all["approved"] == 1 && all["rejected"] == 1 && all["expired"] == 0 && all["is_whole"] == true)
            #expect(all["time_to_decision"]["median_ms"] == 2_000 && all["time_to_decision"]["count"] == 2)
            #expect(all["people"].items.map { $0["user"].text } == ["alice", "bob"])
            #expect(all["people"][0]["approvals_by_hour"][11] == 1)
            #expect(all["people"][1]["rejections_by_hour"][11] == 1)
            let none = try await caller.get("/api/v1/audit/statistics?to=2026-01-23T10:30:02.000Z").json
            #expect(none["approved"] == 0 && none["time_to_decision"]["median_ms"] == .null)
            for query in ["utc_offset_minutes=900", "utc_offset_minutes=x", "from=x"] {
                try await caller.get("/api/v1/audit/statistics?\(query)").isProblem(400, "invalid_request")
            }
        }
    }

    @Test func `a store that fails is a problem, and health says where the log ends`() async throws {
        try await TestDesk.routed { desk, caller in
            _ = try await Self.fill(desk, caller)
            let health = try await caller.get("/health").json
            let audit = try await caller.get("/api/v1/audit?limit=1").json
            #expect(health["store"]["head"] == audit["head"] && health["store"]["offset"] == 5)
            desk.store.reads(fail: true)
            for path in ["/api/v1/audit", "/api/v1/audit/statistics"] {
                try await caller.get(path).isProblem(503, "store_unavailable")
            }
        }
    }
}
