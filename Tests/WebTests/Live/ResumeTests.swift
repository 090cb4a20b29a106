import Domain
import Engine
import Logging
import Realtime
import Testing
import Wire

@testable import Web

/// A tab that comes back gets what it missed, or is told to start anew; never silence (REC-01…17).
@Suite(.timeLimit(.minutes(5))) struct ResumeTests {
    /// Waits until what was posted so far has reached the tabs.
    private static func settle(_ desk: LiveDesk, _ post: () async throws -> Void) async throws {
        try await Tab.greeted(desk) { tab in
            try await post()
            let marker = #"{"type":"notification","data":{"id":"end","message":"end","type":"info"}}"#
            _ = try await desk.caller.post("/api/v1/events", marker)
            _ = try await tab.until("notification")
            // This tab has heard of it; the loops of the others have now as well.
            _ = try await desk.test.hub.summaries()
        }
    }

    @Test(arguments: [(12, nil, 12), (8, nil, 10), (12, ResumeFailure.epochChanged, 10)])
    func `a loop that lags behind the others does not say that the desk is behind the tab`(
        _ since: Int64,
        _ failure: ResumeFailure?,
        _ offset: Int
    ) async throws {
        try await TestDesk.routed { desk, _ in
            let greeting = try LiveGreeting(
                connectionID: "c",
                label: nil,
                me: Me(name: nil, role: .trader),
                manner: Manner { _ in nil },
                resume: (Offset(since), failure),
                oldest: Offset(1),
                acknowledges: false
            )
            let connected = desk.hub.connected(greeting, head: Offset(10), now: desk.clock.now())
            #expect(try JSON(connected.object)["offset"].int == offset)
        }
    }

    @Test func `what was missed comes first, then resumed with its count, then what is new`() async throws {
        try await TestDesk.live { desk in
            var missed: [String] = []
            try await Self.settle(desk) {
                for _ in 0..<5 { missed.append(try await desk.caller.signal()) }
            }
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=2&as=alice") { tab in
                let replay = try await tab.until("resumed")
                #expect(replay.map { $0["offset"].int }.dropLast() == [3, 4, 5, 6])
                #expect(replay.prefix(3).map { $0["data"]["id"].text } == Array(missed[2...]))
                let data = try #require(replay.last)["data"]
                #expect(data["recovered"] == true && data["replayed"] == 4 && data["offset"] == 6)
                let id = try await desk.caller.signal("MSFT")
                let live = try await tab.next()
                #expect(live["offset"] == 7 && live["data"]["id"] == .string(id))
            }
        }
    }

    @Test func `who missed nothing is told so at once`() async throws {
        try await TestDesk.live { desk in
            try await Self.settle(desk) {}
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=1") { tab in
                let resumed = try await tab.next()
                #expect(resumed["type"] == "resumed")
                #expect(
                    resumed["data"]["recovered"] == true && resumed["data"]["replayed"] == 0
                        && resumed["data"]["offset"] == 1
                )
            }
        }
    }

    @Test(arguments: [
        ("epoch=epoch-0&since=1", "epoch_changed"), ("epoch=epoch-1&since=99", "epoch_changed"),
        ("epoch=epoch-1&since=1", "trimmed"), ("epoch=epoch-1&since=2", "too_many"),
    ])
    func `who cannot be led on is told why, and hears what is new`(_ query: String, _ reason: String) async throws {
        try await TestDesk.live({
            $0.limits.session.replayEventsMax = 3
            $0.noticesBefore = 6
            $0.oldest = 3
        }) { desk in
            try await Tab.open(desk, "/ws?\(query)") { tab in
                let connected = try await tab.next()
                #expect(connected["oldest_offset"] == 3)
                let resumed = try await tab.next()
                #expect(resumed["type"] == "resumed")
                #expect(resumed["data"]["recovered"] == false && resumed["data"]["reason"] == .string(reason))
                #expect(resumed["data"]["offset"] == 6)
                _ = try await desk.caller.signal()
                #expect(try await tab.next()["offset"] == 7)
            }
        }
    }

    @Test func `when the log is trimmed every tab that comes is told where it now begins (GAP-12)`() async throws {
        try await TestDesk.live({
            $0.noticesBefore = 6
            $0.limits.recalledEventsMax = 0
        }) { desk in
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=2") { tab async throws in
                #expect(try await tab.until("resumed").count == 5)
            }
            try await desk.test.store.trim(before: 5, knowing: desk.test.desk.checkpoint)
            // Not yet told: nothing is answered in part, and the next attempt knows.
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=2") { tab async throws in
                #expect(try await tab.closing().code == 4001)
            }
            desk.test.hub.trimmed(to: Offset(5))
            try await Tab.open(desk, "/ws?epoch=epoch-1&since=2") { tab async throws in
                #expect(try await tab.next()["oldest_offset"] == 5)
                let resumed = try await tab.next()["data"]
                #expect(resumed["recovered"] == false && resumed["reason"] == "trimmed" && resumed["offset"] == 6)
            }
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=4") { tab async throws in
                #expect(try await tab.until("resumed").map { $0["offset"].int }.dropLast() == [5, 6])
            }
            #expect(try await desk.caller.get("/api/v1/snapshot").json["oldest_offset"] == 5)
        }
    }

    /// From memory; from memory after a restart; in part, and wholly, from the store.
    @Test(arguments: [(0, 0), (200, 1_000), (200, 50), (200, 0)])
    func `a long replay comes in pages, in order and without a hole, while events go on`(
        _ before: Int,
        _ recalled: Int
    ) async throws {
        try await TestDesk.live({
            $0.limits.session.replayPageEvents = 7
            $0.limits.recalledEventsMax = recalled
            $0.noticesBefore = before
        }) { desk in
            try await Self.settle(desk) {
                let notice =
                    #"{"type":"alert_triggered","data":{"type":"price_threshold","message":"m","severity":"info"}}"#
                let notices = Array(repeating: notice, count: 200 - before + 1).joined(separator: "\n")
                _ = try await desk.caller.post("/api/v1/events", notices)
            }
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=0") { tab in
                for _ in 0..<5 { _ = try await desk.caller.signal() }
                var offsets: [Int] = []
                while offsets.count < 207 {
                    let message = try await tab.next()
                    if message["type"] != "resumed" { offsets.append(message["offset"].int) }
                }
                #expect(offsets == Array(1...207))
            }
        }
    }

    @Test func `when the log cannot be read for a replay the tab is told to come again`() async throws {
        try await TestDesk.live({
            $0.noticesBefore = 5
            $0.limits.recalledEventsMax = 0
        }) { desk in
            desk.test.store.events(fail: true)
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=0") { tab in
                let closing = try await tab.closing()
                #expect(closing.code == 4001 && closing.reason.contains("log"))
            }
            #expect(desk.test.logs.lines.contains { $0.level == .error && $0.message == "replay failed" })
            desk.test.store.events(fail: false)
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=0") { tab async throws in
                #expect(try await tab.until("resumed").count == 6)
            }
        }
    }

    @Test func `after a restart tabs that come back do not each read the log`() async throws {
        try await TestDesk.live({ $0.noticesBefore = 300 }) { desk in
            // Whoever is told of something new has been told behind what was recalled.
            try await Tab.greeted(desk) { tab in
                _ = try await desk.caller.signal()
                _ = try await tab.next()
            }
            desk.test.store.events(fail: true)
            try await Tab.greeted(desk, "/ws?epoch=epoch-1&since=100") { tab async throws in
                #expect(try await tab.until("resumed").count == 202)
            }
        }
    }
}
