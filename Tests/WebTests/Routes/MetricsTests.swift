import Foundation
import HTTPTypes
import SocketSupport
import Testing

@testable import Web

/// What the desk counts, as Prometheus collects it (OBS-02…08).
@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    private static func ack(_ message: JSON) -> String { #"{"type":"ack","offset":\#(message["offset"].int)}"# }

    @Test func `every metric is there before anything happens, with its help and its type`() async throws {
        try await TestDesk.routed { _, caller in
            let answer = try await caller.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.headers[.cacheControl] == "no-store")
            let text = String(decoding: answer.bytes, as: UTF8.self)
            // The store is measured where it is opened, and of webhooks there is what the settings name.
            let elsewhere: Set<MetricName> = [
                .storeAppend, .storeFailures, .webhookRequests, .webhookAttempts, .webhookDead, .webhookDeadLetters,
                .webhookBacklog,
            ]
            for name in MetricName.allCases where !elsewhere.contains(name) {
                #expect(text.contains("# HELP \(name.rawValue) \(name.help)\n# TYPE \(name.rawValue) "), "\(name)")
            }
            #expect(text.contains(#"countersign_build_info{version="test"} 1"#))
            #expect(text.contains("metric_series_refused_total 0\n"))
            #expect(text.contains("process_start_time_seconds 1769164200\n"))
            try await caller.post("/metrics", "{}").isProblem(405, "method_not_allowed")
        }
    }

    @Test func `every metric is explained to who runs the desk`() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/Operations.md"), encoding: .utf8)
        for name in MetricName.allCases { #expect(page.contains("`\(name.rawValue)`"), "\(name.rawValue)") }
    }

    @Test func `messages are counted once for each tab that they went to, over whatever transport`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { one in
                try await Tab.greeted(desk) { other in
                    try await other.say(#"{"type":"unsubscribe","channel":"notifications"}"#)
                    _ = try await other.until("subscription_confirmed")
                    try await StreamTab.open(desk) { stream in
                        _ = try await stream.next()
                        let notice =
                            #"{"type":"notification","data":{"id":"n","message":"m","type":"info"}}"#
                        for _ in 0..<5 { _ = try await desk.caller.post("/api/v1/events", notice) }
                        _ = try await desk.caller.signal()
                        _ = try await one.until("signal:new")
                        _ = try await other.until("signal:new")
                        _ = try await stream.until("signal:new")

                        let sent = "countersign_messages_sent_total"
                        #expect(try await desk.caller.metric(sent, "type", "notification") == 10)
                        #expect(try await desk.caller.metric(sent, "type", "signal:new") == 3)
                        #expect(try await desk.caller.metric(sent, "type", "connected") == 3)
                        #expect(try await desk.caller.metric(sent, "type", "subscription_confirmed") == 1)
                        #expect(try await desk.caller.metric(sent, "type", "pong") == 0)
                        #expect(try await desk.caller.metric("countersign_connections", "transport", "websocket") == 2)
                        #expect(
                            try await desk.caller.metric("countersign_connections", "transport", "event_stream") == 1
                        )
                    }
                }
            }
            #expect(try await desk.caller.metric("countersign_log_offset") == 6)
            #expect(try await desk.caller.metric("countersign_log_oldest_offset") == 1)
            #expect(try await desk.caller.metric("countersign_signals_pending") == 1)
        }
    }

    @Test func `what a tab has missed is counted when it comes back, and how that went`() async throws {
        try await TestDesk.live({
            $0.noticesBefore = 9
            $0.oldest = 5
        }) { desk in
            for query in ["epoch=epoch-1&since=4", "epoch=epoch-1&since=2", "epoch=other&since=4"] {
                try await Tab.greeted(desk, "/ws?" + query) { tab in _ = try await tab.until("resumed") }
            }
            let resumes = "countersign_resumes_total"
            #expect(try await desk.caller.metric(resumes, "outcome", "recovered") == 1)
            #expect(try await desk.caller.metric(resumes, "outcome", "trimmed") == 1)
            #expect(try await desk.caller.metric(resumes, "outcome", "epoch_changed") == 1)
            #expect(try await desk.caller.metric(resumes, "outcome", "too_many") == 0)
            #expect(try await desk.caller.metric("countersign_messages_sent_total", "type", "notification") == 5)
            #expect(try await desk.caller.metric("countersign_messages_sent_total", "type", "resumed") == 3)
        }
    }

    @Test func `why connections end is counted, and what clients make up is not a label`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                try await tab.send(.close(code: 4321))
                _ = try await tab.closing()
            }
            try await Tab.open(desk, "/ws?since=3") { tab in _ = try await tab.closing() }
            let closed = #"countersign_connections_closed_total{code="other",transport="websocket"}"#
            while try await desk.caller.metric(closed) != 1 { await Task.yield() }
            #expect(try await desk.caller.metric("countersign_connections_opened_total", "transport", "websocket") == 1)
            #expect(try await desk.caller.metric("countersign_connections_refused_total", "reason", "bad_request") == 1)
        }
    }

    @Test func `decisions and posts are counted by what became of them, and once under one key`() async throws {
        try await TestDesk.routed { test, caller in
            let id = try await caller.signal()
            for _ in 0..<2 { _ = try await caller.approve(id, headers: .key("click")) }
            _ = try await caller.approve(id, as: "bob")
            _ = try await caller.reject(try await caller.signal("MSFT"))
            let outcomes = ["approved": 1.0, "rejected": 1, "refused": 1, "failed": 0]
            for (outcome, count) in outcomes {
                #expect(
                    try await caller.metric("countersign_decisions_total", "outcome", outcome) == count,
                    "\(outcome)"
                )
            }
            #expect(try await caller.metric("countersign_posts_total", "outcome", "accepted") == 2)
            test.store.appends(fail: true)
            _ = try await caller.post("/api/v1/signals", #"{"symbol":"AAPL","side":"BUY"}"#)
            #expect(try await caller.metric("countersign_posts_total", "outcome", "failed") == 1)
        }
    }

    @Test func `approved at 10:30:00.000, it is on its way at once, and acknowledged within 500 ms (TEST-42, DLV-07)`()
        async throws
    {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?ack=1&as=ann") { tab in
                _ = try await desk.caller.approve(try await desk.caller.signal())
                let approval = try #require(try await tab.until("approval_notification").last)
                while try await desk.caller.metric("signal_notification_broadcast_ms_count") != 1 { await Task.yield() }
                #expect(try await desk.caller.metric("signal_notification_broadcast_ms_sum") == 0)

                desk.test.clock.move(milliseconds: 100)
                _ = try await tab.until("approval_notification")
                desk.test.clock.move(milliseconds: 300)
                try await tab.say(Self.ack(approval))
                while try await desk.caller.metric("signal_notifications_sent_total") != 1 { await Task.yield() }
                #expect(try await desk.caller.metric("signal_notification_latency_ms_sum") == 400)
                #expect(try await desk.caller.metric("signal_notification_latency_ms_bucket", "le", "250") == 0)
                #expect(try await desk.caller.metric("signal_notification_latency_ms_bucket", "le", "500") == 1)
                #expect(try await desk.caller.metric("signal_notification_retries_total") == 1)
                #expect(try await desk.caller.metric("signal_notification_failures_total") == 0)
            }
        }
    }
}

extension Caller {
    /// The value of a series; `nil` when there is none of this name.
    fileprivate func metric(_ name: String, _ label: String? = nil, _ value: String = "") async throws -> Double? {
        let series = label.map { #"\#(name){\#($0)="\#(value)"}"# } ?? name
        let answer = try await get("/metrics")
        let lines = String(decoding: answer.bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }
}
