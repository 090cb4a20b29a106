import Domain
import Logging
import Realtime
import SeededRandom
import SocketSupport
import Storage
import Testing
import Wire

@testable import Web

/// Many at once, slow ones, and the end.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LoadTests {
    @Test func `of 200 decisions at once one is taken, and every tab hears of it once`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk, "/ws?as=alice") { alice in
                try await Tab.greeted(desk, "/ws?as=bob") { bob in
                    let id = try await desk.caller.signal()
                    let caller = desk.caller
                    let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                        for number in 0..<200 {
                            group.addTask {
                                number.isMultiple(of: 2)
                                    ? try await caller.approve(id, as: "user\(number)")
                                    : try await caller.reject(id, as: "user\(number)")
                            }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                    let winner = try #require(answers.first { $0.status == 200 })
                    let losers = answers.filter { $0.status == 409 }
                    #expect(losers.count == 199)
                    for loser in losers {
                        #expect(loser.isProblem(409, "already_decided")["signal"] == winner.json)
                        #expect(loser.json["signal"]["decision"]["decided_at"] == "2026-01-23T10:30:00.000Z")
                    }
                    #expect(try await desk.test.store.log.count == 2)
                    let marker = #"{"type":"notification","data":{"id":"end","message":"end","type":"info"}}"#
                    _ = try await caller.post("/api/v1/events", marker)
                    for messages in [try await alice.until("notification"), try await bob.until("notification")] {
                        #expect(messages.map { $0["offset"].int } == [1, 2, 3])
                        let heard = messages[1]["type"].text
                        #expect(
                            heard == (winner.json["status"] == "REJECTED" ? "signal:rejected" : "approval_notification")
                        )
                    }
                }
            }
        }
    }

    @Test func `a tab that does not read holds up nobody, costs little, and is caught up when it reads`() async throws {
        try await TestDesk.live({
            $0.limits.session.outboxBytesMax = 64 << 10
            $0.webSocket.pingIntervalMs = 600_000
        }) { desk in
            try await Tab.greeted(desk) { reader in
                try await Tab.greeted(desk, "/ws/slow", receiveBytesMax: 4_096) { slow in
                    let count = try await Self.flood(desk) { new in _ = try await Self.take(new, from: &reader) }
                    // What the outbox may hold, and one page of a replay.
                    #expect(try await Self.slowBytes(desk) < (64 << 10) + 256 * 5_500)
                    let caughtUp = try await Self.take(count, from: &slow)
                    #expect(caughtUp.offsets == Array(1...count))
                    // It is told in between, or behind the last one.
                    if !caughtUp.isResumed { #expect(try await slow.next()["data"]["recovered"] == true) }
                }
            }
        }
    }

    @Test func `a tab that never reads is let go after its time, and its room is free again`() async throws {
        try await TestDesk.live({
            $0.limits.session.outboxBytesMax = 64 << 10
            $0.limits.slowTabCheckMs = 10
            $0.webSocket.closeTimeoutMs = 10
            $0.webSocket.pingIntervalMs = 600_000
        }) { desk in
            try await Tab.greeted(desk, "/ws/slow", receiveBytesMax: 4_096) { slow in
                try await Tab.greeted(desk) { reader in
                    _ = try await Self.flood(desk) { new in _ = try await Self.take(new, from: &reader) }
                }
                desk.test.clock.move(milliseconds: 61_000)
                while desk.test.hub.connectionCount > 0 { await Task.yield() }
                // A client that nobody uses any more would have been closed before; this one is cut off.
                _ = try? await slow.rest()
            }
            let closes = desk.test.logs.lines.filter {
                $0.message == "websocket closed" && $0.metadata["client_id"] == "slow"
            }
            #expect(closes.map(\.metadata["close_code"]) == ["4001"])
        }
    }

    @Test func `a shutdown tells the tabs by 1001 and writes what was asked for`() async throws {
        try await TestDesk.live { desk in
            try await Tab.greeted(desk) { tab in
                let id = try await desk.caller.signal()
                _ = try await tab.next()
                let gate = desk.test.store.holdAppend()
                async let decision = desk.caller.approve(id)
                await gate.untilReached()
                await desk.shutDown()
                #expect(try await tab.closing().code == 1001)
                gate.open()
                #expect(try await decision.status == 200)
                #expect(try await desk.test.store.log.count == 2)
            }
        }
    }

    /// What waits for the tab that does not read.
    static func slowBytes(_ desk: LiveDesk) async throws -> Int {
        try await desk.test.hub.summaries().first { $0.label == "slow" }?.bufferedBytes ?? 0
    }

    /// Sends signals, as fast as `each` lets it, until the slow tab takes no more: what waits for it has not changed for
    /// two rounds.
    static func flood(_ desk: LiveDesk, each: (Int) async throws -> Void) async throws -> Int {
        let round = 200
        var count = 0
        var waiting = 0
        var idleRounds = 0
        var noise = Noise(seed: 1)
        while idleRounds < 2, count < 10_000 {
            _ = try await desk.test.web.ingest.accept(try bigSignals(round, &noise))
            count += round
            try await each(round)
            let now = try await slowBytes(desk)
            idleRounds = now > 0 && now == waiting ? idleRounds + 1 : 0
            waiting = now
        }
        try #require(idleRounds == 2, "the tab takes everything")
        return count
    }

    /// They have to fill what waits, compressed or not.
    static func bigSignals(_ count: Int, _ noise: inout Noise) throws -> [SourceMessage] {
        var proposal = Proposal(symbol: try #require(Symbol("AAPL")), side: .buy, source: "tests")
        return (0..<count).map { _ in
            proposal.reasoning = String(decoding: noise.text(bytes: 4_000), as: UTF8.self)
            return SourceMessage.command(.receive(SignalID(), proposal))
        }
    }

    /// The offsets of the next so many logged messages; a tab that falls behind is told `resumed` in between.
    private static func take(_ count: Int, from tab: inout Tab) async throws -> (offsets: [Int], isResumed: Bool) {
        var offsets: [Int] = []
        var isResumed = false
        while offsets.count < count {
            let message = try await tab.next()
            if message["type"] == "resumed" {
                isResumed = message["data"]["recovered"] == true
            } else {
                offsets.append(message["offset"].int)
            }
        }
        return (offsets, isResumed)
    }
}
