import Logging
import Realtime
import SeededRandom
import Testing

@testable import Web

/// Streams whose readers take nothing.
@Suite(.serialized, .timeLimit(.minutes(10))) struct StreamLoadTests {
    @Test func `a stream that is not read holds up nobody, costs little, and is caught up when it is read`()
        async throws
    {
        try await TestDesk.live({ $0.limits.session.outboxBytesMax = 64 << 10 }) { desk in
            try await Tab.greeted(desk) { reader in
                try await StreamTab.greeted(desk, "?label=slow", receiveBytesMax: 4_096) { slow in
                    let count = try await LoadTests.flood(desk) { _ = try await reader.next($0) }
                    // What the outbox may hold, and one page of a replay.
                    #expect(try await LoadTests.slowBytes(desk) < (64 << 10) + 256 * 5_500)
                    var offsets: [Int] = []
                    var isResumed = false
                    while offsets.count < count || !isResumed {
                        let message = try await slow.next()
                        if message["type"] == "resumed" {
                            isResumed = message["data"]["recovered"] == true
                        } else {
                            offsets.append(message["offset"].int)
                        }
                    }
                    #expect(offsets == Array(1...count))
                }
            }
        }
    }

    @Test func `a stream that is never read is let go after its time, and its room is free again`() async throws {
        try await TestDesk.live({
            $0.limits.session.outboxBytesMax = 64 << 10
            $0.limits.slowTabCheckMs = 10
            $0.limits.streamEndMsMax = 10
        }) { desk in
            try await StreamTab.greeted(desk, "?label=slow", receiveBytesMax: 4_096) { slow in
                try await StreamTab.greeted(desk) { reader in
                    _ = try await LoadTests.flood(desk) { _ = try await reader.next($0) }
                }
                desk.test.clock.move(milliseconds: 61_000)
                while desk.test.hub.connectionCount > 0 { await Task.yield() }
                // Somebody must hold the client, or it would have been closed before.
                _ = try? await slow.event()
            }
            let ends = desk.test.logs.lines.filter {
                $0.message == "stream closed" && $0.metadata["client_id"] == "slow"
            }
            #expect(ends.map(\.metadata["close_code"]) == ["4001"])
        }
    }

    #if os(Linux)
    @Test func `a reader that takes nothing is dropped by the kernel too, which asks no clock of ours`() async throws {
        try await TestDesk.live({ $0.limits.session.stalledMsMax = 300 }) { desk in
            try await StreamTab.greeted(desk, "?label=slow", receiveBytesMax: 4_096) { slow in
                var noise = Noise(seed: 2)
                for _ in 0..<12 { _ = try await desk.test.web.ingest.accept(try LoadTests.bigSignals(200, &noise)) }
                while desk.test.hub.connectionCount > 0 { await Task.yield() }
                _ = try? await slow.event()
            }
        }
    }
    #endif

    @Test func `a stream that is not read does not hold up a shutdown`() async throws {
        try await TestDesk.live({
            $0.limits.session.outboxBytesMax = 64 << 10
            $0.limits.streamEndMsMax = 10
        }) { desk in
            try await StreamTab.greeted(desk, "?label=slow", receiveBytesMax: 4_096) { slow in
                try await StreamTab.greeted(desk) { reader in
                    _ = try await LoadTests.flood(desk) { _ = try await reader.next($0) }
                }
                await desk.shutDown()
                while desk.test.hub.connectionCount > 0 { await Task.yield() }
                _ = try? await slow.event()
            }
        }
    }
}
