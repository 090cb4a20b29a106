import Domain
import HTTPTypes
import Realtime
import SocketSupport
import Testing

@testable import Web

/// A strategy waits for what becomes of its signal (C21): `GET /api/v1/signals/{id}/decision?wait=`.
@Suite(.timeLimit(.minutes(5))) struct DecisionWaitTests {
    @Test func `without waiting the answer is how it stands, and asking decides nothing`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            for address in ["decision", "decision?wait=0"] {
                let answer = try await caller.get("/api/v1/signals/\(id)/\(address)")
                #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store", "\(answer)")
                #expect(answer.json["state"] == "pending" && answer.json["settled"] == false)
                #expect(answer.json["released"] == false && answer.json["signal_id"] == .string(id))
                #expect(answer.json["signal"]["version"] == 1 && answer.json["signal"]["decision"] == .null)
            }
            _ = try await caller.post("/api/v1/signals/\(id)/decision", "{}").isProblem(405, "method_not_allowed")
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test func `an approval is no release before its undo window has passed (C21)`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id)
            let approved = try await caller.get("/api/v1/signals/\(id)/decision").json
            #expect(approved["state"] == "approved" && approved["released"] == false && approved["settled"] == false)
            try await Self.untilReleased(desk)
            let released = try await caller.get("/api/v1/signals/\(id)/decision?wait=55").json
            #expect(released["state"] == "released" && released["released"] == true && released["settled"] == true)
            #expect(released["signal"]["decision"]["status"] == "BUY")
        }
    }

    @Test func `what is settled is answered at once, however long one would wait`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            _ = try await caller.reject(id)
            let answer = try await caller.get("/api/v1/signals/\(id)/decision?wait=55").json
            #expect(answer["state"] == "rejected" && answer["settled"] == true && answer["released"] == false)
            #expect(answer["signal"]["decision"]["reason"] == "too late")
        }
    }

    @Test(arguments: ["", "-1", "56", "1.5", "soon", "%2B5", "99999999999999999999"])
    func `a wait that is none is refused with what it must be`(_ wait: String) async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            let problem = try await caller.get("/api/v1/signals/\(id)/decision?wait=\(wait)")
                .isProblem(400, "invalid_request")
            #expect(problem["detail"].text.contains("0 to 55"))
        }
    }

    @Test(arguments: ["AAPL", "550e8400-e29b-41d4-a716-446655440000"])
    func `what is not there is not waited for`(_ id: String) async throws {
        try await TestDesk.routed { _, caller in
            _ = try await caller.get("/api/v1/signals/\(id)/decision?wait=55").isProblem(404, "signal_not_found")
        }
    }

    // MARK: Waiting

    @Test func `all who wait hear of the release, and not of the approval before it`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            try await Self.waiting(50, for: id, on: desk) {
                _ = try await desk.caller.approve(id)
                #expect(desk.test.web.waits.count == 50)
                try await Self.untilReleased(desk.test)
            } then: { answer in
                #expect(answer.status == 200 && answer.json["state"] == "released", "\(answer)")
                #expect(answer.json["signal"]["version"] == 3)
            }
        }
    }

    @Test func `a rejection and an expiry end the wait, those of other signals do not`() async throws {
        try await TestDesk.live { desk in
            let rejected = try await desk.caller.signal()
            let expiring = try await desk.caller.signal("MSFT", more: #","expires_at":"2026-01-23T10:31:00Z""#)
            try await Self.waiting(1, for: expiring, on: desk) {
                try await Self.waiting(1, for: rejected, on: desk) {
                    _ = try await desk.caller.reject(rejected)
                } then: {
                    #expect($0.json["state"] == "rejected")
                }
                #expect(desk.test.web.waits.count == 1)
                // The desk may not be asleep yet: move until it has seen the time.
                desk.test.clock.move(milliseconds: 60_000)
                while try await desk.test.store.log.count < 4 {
                    desk.test.clock.move(milliseconds: 200)
                    await Task.yield()
                }
            } then: {
                #expect($0.json["state"] == "expired" && $0.json["settled"] == true)
            }
        }
    }

    @Test func `when the time is up the answer is pending`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            let answer = try await desk.caller.get("/api/v1/signals/\(id)/decision?wait=1")
            #expect(answer.status == 200 && answer.json["state"] == "pending" && answer.json["settled"] == false)
            #expect(desk.test.web.waits.count == 0)
        }
    }

    @Test func `a server that goes away answers whoever waits`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            try await Self.waiting(3, for: id, on: desk) {
                await desk.shutDown()
            } then: {
                #expect($0.status == 200 && $0.json["state"] == "pending", "\($0)")
            }
        }
    }

    @Test func `a client that has gone leaves nothing behind`() async throws {
        try await TestDesk.live { desk in
            let id = try await desk.caller.signal()
            try await RawClient.with(port: desk.port) { client in
                let host = "Host: 127.0.0.1:\(desk.port)"
                try await client.send("GET /api/v1/signals/\(id)/decision?wait=55 HTTP/1.1\r\n\(host)\r\n\r\n")
                while desk.test.web.waits.count == 0 { await Task.yield() }
                try await client.reset()
            }
            while desk.test.web.waits.count > 0 { await Task.yield() }
        }
    }

    @Test func `a store that fails is said, and nobody is told of a release`() async throws {
        try await TestDesk.routed { desk, caller in
            desk.store.reads(fail: true)
            _ = try await caller.get("/api/v1/signals/550e8400-e29b-41d4-a716-446655440000/decision?wait=5")
                .isProblem(503, "store_unavailable")
        }
    }

    @Test func `there is room for so many and no more`() throws {
        let waits = DecisionWaits(backplane: LocalBackplane(), waitersMax: 2)
        let (one, other) = (SignalID(), SignalID())
        let first = try #require(waits.enter(one))
        #expect(waits.enter(other) != nil && waits.enter(one) == nil)
        waits.leave(first)
        waits.leave(first)
        #expect(waits.count == 1 && waits.enter(one) != nil)
    }

    /// So many ask and wait; when they all do, `happens`.
    private static func waiting(
        _ count: Int,
        for id: String,
        on desk: LiveDesk,
        _ happens: () async throws -> Void,
        then check: (Answer) -> Void
    ) async throws {
        let before = desk.test.web.waits.count
        try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<count {
                group.addTask { try await desk.caller.get("/api/v1/signals/\(id)/decision?wait=55") }
            }
            while desk.test.web.waits.count < before + count { await Task.yield() }
            try await happens()
            for try await answer in group { check(answer) }
        }
    }

    private static func untilReleased(_ desk: TestDesk) async throws {
        let count = try await desk.store.log.count
        desk.clock.move(milliseconds: 5_000)
        while try await desk.store.log.count == count {
            desk.clock.move(milliseconds: 200)
            await Task.yield()
        }
    }
}
