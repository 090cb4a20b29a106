import Domain
import Engine
import Testing

@testable import Web

/// What decisions saved and cost, over REST (APR-19).
@Suite(.timeLimit(.minutes(5))) struct LedgerTests {
    private static let plan = #","entry_price":"150.25","stop_loss":"149.50","target_price":"152.75""#

    private static func price(_ caller: Caller, _ prices: String...) async throws {
        for price in prices {
            let data = #"{"price":"\#(price)","change":"0","change_pct":"0","volume":1}"#
            let body = #"{"type":"price_update","symbol":"AAPL","data":\#(data)}"#
            #expect(try await caller.post("/api/v1/events", body).status == 202)
        }
    }

    @Test func `a rejected signal is followed by the prices that are posted, and the signal and the log tell`()
        async throws
    {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: Self.plan)
            #expect(try await caller.get("/api/v1/signals/\(id)").json["paper_result"] == .null)
            #expect(try await caller.reject(id).status == 200)
            try await Self.price(caller, "150.25")
            desk.clock.move(milliseconds: 840_000)
            try await Self.price(caller, "152.75")
            await desk.paper.check()
            let signal = try await caller.get("/api/v1/signals/\(id)").json
            let result = signal["paper_result"]
            #expect(result["ending"] == "target" && result["r"] == "3.33" && result["side"] == "BUY")
            #expect(result["entry_price"] == "150.25" && result["exit_price"] == "152.75")
            #expect(result["ended_at"] == "2026-01-23T10:44:00.000Z" && result["unwatched_seconds"] == 0)
            #expect(signal["status"] == "REJECTED" && signal["version"] == 3)
            #expect(signal["decision"]["decided_by"] == "bob")
            let history = try await caller.get("/api/v1/signals/\(id)/history").json["entries"]
            #expect(history[2]["type"] == "signal_measured" && history[2]["user"] == .null)
            let found = try await caller.get("/api/v1/audit?type=signal_measured").json["entries"].items
            #expect(found.count == 1)
        }
    }

    @Test func `statistics hold what was let go against what was approved`() async throws {
        try await TestDesk.routed { desk, caller in
            let more = Self.plan + #","pattern_type":"SPRING","confidence_score":92"#
            let approved = try await caller.signal(more: more)
            let rejected = try await caller.signal(more: more)
            try await Self.price(caller, "150.25")
            #expect(try await caller.approve(approved).status == 200)
            #expect(try await caller.reject(rejected).status == 200)
            try await desk.release(approved)
            try await Self.price(caller, "149.20")
            let empty = try await caller.get("/api/v1/audit/statistics").json["ledger"]
            #expect(empty["total"]["rejected"]["signals"] == 0 && empty["following"] == 2)
            #expect(empty["follow_ms"] == 86_400_000 && empty["passed_over"] == 0)
            await desk.paper.check()
            let statistics = try await caller.get("/api/v1/audit/statistics").json
            #expect(statistics["approved"] == 1 && statistics["rejected"] == 1)
            let ledger = statistics["ledger"]
            #expect(ledger.keys == ["is_whole", "follow_ms", "following", "passed_over", "total", "by"])
            for verdict in ["approved", "rejected"] {
                #expect(ledger["total"][verdict]["r_sum"] == "-1.40")
                #expect(ledger["total"][verdict]["filled"] == 1)
                #expect(ledger["total"][verdict]["r_mean"] == "-1.40")
            }
            #expect(ledger["total"]["expired"]["r_mean"] == .null && ledger["following"] == 0)
            #expect(ledger["by"].keys == ["person", "reason", "source", "grade", "pattern"])
            #expect(ledger["by"]["person"]["lines"].items.map { $0["name"].text } == ["alice", "bob"])
            #expect(ledger["by"]["reason"]["lines"][0]["name"] == "too late")
            #expect(ledger["by"]["grade"]["lines"][0]["name"] == "A+")
            #expect(ledger["by"]["pattern"]["lines"][0]["rejected"]["signals"] == 1)
            #expect(ledger["by"]["pattern"]["left_out"] == 0)
            let before = try await caller.get("/api/v1/audit/statistics?to=2026-01-23T10:30:00.000Z").json
            #expect(before["ledger"]["total"]["rejected"]["signals"] == 0)
        }
    }

    @Test func `how many are followed, and how many were not, is measured`() async throws {
        try await TestDesk.routed({ $0.paper.tradesMax = 1 }) { _, caller in
            for _ in 0..<2 {
                #expect(try await caller.reject(try await caller.signal(more: Self.plan)).status == 200)
            }
            let metrics = String(decoding: try await caller.get("/metrics").bytes, as: UTF8.self)
            #expect(metrics.contains("\ncountersign_paper_trades 1\n"))
            #expect(metrics.contains("\ncountersign_paper_trades_passed_over 1\n"))
        }
    }
}
