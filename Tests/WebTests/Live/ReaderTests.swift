import Domain
import Logging
import Testing

@testable import Web

/// Who has read what outlives the desk (DLV-01, DLV-05).
@Suite(.timeLimit(.minutes(5))) struct ReaderTests {
    private static let expectAcks = "/ws?ack=1&as="

    private static func ack(_ message: JSON) -> String { #"{"type":"ack","offset":\#(message["offset"].int)}"# }

    /// A desk on which Ann has acknowledged an approval and Bo has not, and its signal.
    private func decided(on store: TestStore) async throws -> String {
        var decided = ""
        try await TestDesk.live({ $0.store = store }) { desk in
            try await Tab.greeted(desk, Self.expectAcks + "bo") { _ in
                try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                    decided = try await desk.caller.signal()
                    _ = try await desk.caller.approve(decided)
                    let approval = try #require(try await tab.until("approval_notification").last)
                    try await tab.say(Self.ack(approval))
                    while try await desk.caller.get("/api/v1/signals/\(decided)/receipts").json["delivered"] != 1 {
                        await Task.yield()
                    }
                }
            }
        }
        return decided
    }

    @Test func `a desk that starts again knows what waits for whom`() async throws {
        let store = TestStore()
        let id = try await decided(on: store)
        try await TestDesk.live({ $0.store = store }) { desk in
            let told = try await desk.caller.get("/api/v1/signals/\(id)/receipts").json
            #expect(told["recipients"] == 2 && told["delivered"] == 1)
            #expect(told["seen"].items.first?["user"] == "ann" && told["seen"].items.first?["seen_at"] == .null)
            #expect(told["waiting"].items.first?["user"] == "bo")
            #expect(told["waiting"].items.first?["offline_since"] == "2026-01-23T10:30:00.000Z")

            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                try await tab.say(#"{"type":"ping"}"#)
                #expect(try await tab.next()["type"] == "pong")
            }
            try await Tab.greeted(desk, Self.expectAcks + "bo") { tab in
                let missed = try await tab.next()
                #expect(missed["type"] == "approval_notification" && missed["data"]["signal_id"] == .string(id))
                try await tab.say(Self.ack(missed))
                while try await desk.caller.get("/api/v1/signals/\(id)/receipts").json["delivered"] != 2 {
                    await Task.yield()
                }
            }
        }
        #expect(Set(try await store.readers().map(\.acknowledged)) == [Offset(2)])
    }

    @Test func `who is new is saved at once, and who acknowledges within a second`() async throws {
        try await TestDesk.live { desk in
            let store = desk.test.store
            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                while try await store.readers().isEmpty { await Task.yield() }
                _ = try await desk.caller.approve(try await desk.caller.signal())
                try await tab.say(Self.ack(try #require(try await tab.until("approval_notification").last)))
                while try await store.readers().first?.acknowledged != Offset(2) {
                    desk.test.clock.move(milliseconds: 1_000)
                    await Task.yield()
                }
            }
        }
    }

    @Test func `a store that fails holds nobody up, and is tried again`() async throws {
        try await TestDesk.live { desk in
            let store = desk.test.store
            store.readers(fail: true)
            try await Tab.greeted(desk, Self.expectAcks + "ann") { tab in
                while desk.test.logs.lines.filter({ $0.message == "readers not saved" }).isEmpty { await Task.yield() }
                _ = try await desk.caller.approve(try await desk.caller.signal())
                try await tab.say(Self.ack(try #require(try await tab.until("approval_notification").last)))
                #expect(try await store.readers() == [])
                store.readers(fail: false)
                while try await store.readers().first?.acknowledged != Offset(2) {
                    desk.test.clock.move(milliseconds: 1_000)
                    await Task.yield()
                }
            }
        }
    }
}
