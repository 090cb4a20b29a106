import Domain
import Engine
import HTTPTypes
import Testing

@testable import Web

/// The emergency stop and what people tell sessions, over REST (GAP-07, SES-01, SES-04, SES-06).
@Suite(.timeLimit(.minutes(5))) struct StopTests {
    private static func stop(_ caller: Caller, as user: String = "ann", _ body: String = "{}") async throws -> Answer {
        try await caller.post("/api/v1/desk/stop?as=\(user)", body)
    }

    private static func resume(
        _ caller: Caller,
        as user: String,
        _ body: String = "{}",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await caller.post("/api/v1/desk/resume?as=\(user)", body, headers: headers)
    }

    private static func session(_ caller: Caller, _ status: String, id: String = "s-1") async throws {
        let body = """
            {"type":"session_status","sessionId":"\(id)","status":"\(status)","data":{"currentPnL":"-12.50","totalTrades":3,
            "lossLimitUtilization":"40","timeElapsed":60}}
            """
        try #require(try await caller.post("/api/v1/events?source=engine", body).status == 202)
    }

    @Test func `one person stops the desk, with a reason, and everybody who asks is told`() async throws {
        try await TestDesk.routed { _, caller in
            #expect(try await caller.get("/api/v1/desk").json["stopped"] == false)
            #expect(try await caller.get("/health").json["desk"]["stopped"] == false)
            let answer = try await Self.stop(caller, #"{"reason":"  The feed is wrong "}"#)
            #expect(answer.status == 200 && answer.json["stopped"] == true, "\(answer)")
            let stop = answer.json["stop"]
            #expect(stop["stopped_by"] == "ann" && stop["reason"] == "The feed is wrong")
            #expect(stop["since"] == "2026-01-23T10:30:00.000Z" && stop["resumed_at"] == .null)
            #expect(stop["resume"]["people"] == 2 && stop["resume"]["signed_off"] == [])
            #expect(try await caller.get("/api/v1/desk").json["stop"] == stop)
            let snapshot = try await caller.get("/api/v1/snapshot").json
            #expect(snapshot["desk"]["stopped"] == true && snapshot["desk"]["stop"] == stop)
            let health = try await caller.get("/health").json
            #expect(health["status"] == "ok" && health["desk"]["since"] == "2026-01-23T10:30:00.000Z")
            let metrics = String(decoding: try await caller.get("/metrics").bytes, as: UTF8.self)
            #expect(metrics.contains("\ncountersign_desk_stopped 1"))
            #expect(metrics.contains(#"countersign_stops_total{outcome="desk_stopped"} 1"#))
            let audit = try await caller.get("/api/v1/audit?type=desk_stopped").json["entries"][0]
            #expect(audit["user"] == "ann" && audit["message"]["type"] == "desk:stopped")
        }
    }

    @Test func `by every path an approval is answered with 423 that says who, when and what to do`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal()
            _ = try await Self.stop(caller, #"{"reason":"The feed is wrong"}"#)
            let body = #"{"status":"BUY"}"#
            let single = [
                try await caller.approve(id), try await caller.approve("AAPL"), try await caller.approve("NONE"),
                try await caller.approve(id, headers: .key("first-time")),
                try await caller.approve(id, #"{"status":"BUY","terms":"\#(String(repeating: "0", count: 64))"}"#),
                try await caller.post("/approve?as=bo", #"{"symbol":"AAPL","status":"BUY"}"#),
                try await caller.approve("00000000-0000-4000-8000-000000000000", body),
            ]
            for answer in single {
                let problem = answer.isProblem(423, "desk_stopped")
                #expect(problem["stop"]["stopped_by"] == "ann" && problem["stop"]["reason"] == "The feed is wrong")
                #expect(problem["detail"].text.contains("ann stopped the desk at 2026-01-23T10:30:00.000Z"))
            }
            let bulk = try await caller.post(
                "/api/v1/decisions/bulk?as=bo",
                #"{"items":[{"signal_id":"\#(id)","action":"approve","status":"BUY"},{"signal_id":"\#(id)","action":"reject","reason":"no"}]}"#
            )
            #expect(bulk.status == 207)
            #expect(bulk.json["outcomes"][0]["status"] == 423)
            #expect(bulk.json["outcomes"][0]["problem"]["code"] == "desk_stopped")
            #expect(bulk.json["outcomes"][1]["status"] == 200)
            #expect(
                try await desk.store.log.filter { if case .signalApproved = $0.event { true } else { false } }.isEmpty
            )
        }
    }

    @Test func `the repeat of an approval from before the stop gets its first answer`() async throws {
        try await TestDesk.routed { _, caller in
            let id = try await caller.signal()
            let first = try await caller.approve(id, headers: .key("k"))
            _ = try await Self.stop(caller)
            let again = try await caller.approve(id, headers: .key("k"))
            #expect(again.status == 200 && again.bytes == first.bytes)
            #expect(try await caller.post("/api/v1/signals/\(id)/undo?as=bo", "{}").status == 200)
        }
    }

    @Test func `two people resume, each seeing how far it is, and approving works again`() async throws {
        try await TestDesk.routed { desk, caller in
            let id = try await caller.signal(more: #","expires_at":"2026-01-23T10:35:00Z""#)
            let stopID = try await Self.stop(caller).json["stop"]["id"].text
            let body = #"{"stop_id":"\#(stopID)"}"#
            desk.clock.move(milliseconds: 60_000)
            let first = try await Self.resume(caller, as: "ann", body, headers: .key("r"))
            #expect(first.json["stopped"] == true && first.json["stop"]["resume"]["signed_off"][0]["by"] == "ann")
            #expect(try await Self.resume(caller, as: "ann", body, headers: .key("r")).status == 200)
            let twice = try await Self.resume(caller, as: "Ann", body).isProblem(409, "resume_adds_nothing")
            #expect(twice["stop"]["resume"]["signed_off"].items.count == 1)
            try await Self.resume(caller, as: "bo", #"{"stop_id":"another"}"#).isProblem(409, "stop_changed")
            let second = try await Self.resume(caller, as: "bo", body)
            #expect(second.json["stopped"] == false && second.json["stop"]["resumed_at"] == "2026-01-23T10:31:00.000Z")
            #expect(try await caller.get("/api/v1/signals/\(id)").json["expires_at"] == "2026-01-23T10:36:00.000Z")
            try await Self.resume(caller, as: "cy").isProblem(409, "desk_not_stopped")
            #expect(try await caller.approve(id).status == 200)
        }
    }

    @Test func `stopping twice is no error, and takes back what was signed off`() async throws {
        try await TestDesk.routed { desk, caller in
            let first = try await Self.stop(caller)
            #expect(try await Self.stop(caller, as: "bo").json["stop"] == first.json["stop"])
            _ = try await Self.resume(caller, as: "cy")
            let anew = try await Self.stop(caller, as: "bo", #"{"reason":"Not yet"}"#)
            #expect(anew.json["stop"]["stopped_by"] == "bo" && anew.json["stop"]["resume"]["signed_off"] == [])
            #expect(try await desk.store.log.count == 3)
        }
    }

    @Test func `who stops must say who they are, in words that deceive nobody`() async throws {
        try await TestDesk.routed { _, caller in
            try await caller.postNothing("/api/v1/desk/stop").isProblem(401, "identity_required")
            try await caller.postNothing("/api/v1/desk/resume").isProblem(401, "identity_required")
            try await Self.stop(caller, #"{"user_id":"bo"}"#).isProblem(403, "user_mismatch")
            let bad = try await Self.stop(caller, #"{"reason":"a\u202Eb"}"#)
            bad.isProblem(400, "invalid_request")
            #expect(bad.pointers == ["/reason"])
            let long = String(repeating: "x", count: 501)
            try await Self.stop(caller, #"{"reason":"\#(long)"}"#).isProblem(400, "invalid_request")
            #expect(try await caller.get("/api/v1/desk").json["stopped"] == false)
            // A hurried hand says nothing more.
            #expect(try await caller.postNothing("/api/v1/desk/stop?as=ann").status == 200)
            try await caller.get("/api/v1/desk/stop").isProblem(405, "method_not_allowed")
        }
    }

    @Test func `whoever has used up their decisions can still stop`() async throws {
        try await TestDesk.routed({ $0.decisionsPerMinuteMax = 1 }) { _, caller in
            let id = try await caller.signal()
            _ = try await caller.approve(id, as: "ann")
            try await caller.approve(id, as: "ann").isProblem(429, "rate_limited")
            #expect(try await Self.stop(caller).status == 200)
        }
    }

    // MARK: Sessions

    @Test func `people pause, stop and resume a session, and its source cannot undo that`() async throws {
        try await TestDesk.routed { _, caller in
            try await Self.session(caller, "active")
            let paused = try await caller.post("/api/v1/sessions/s-1/pause?as=ann", #"{"reason":"Lunch"}"#)
            #expect(paused.status == 200 && paused.json["status"] == "paused", "\(paused)")
            #expect(paused.json["control"]["by"] == "ann" && paused.json["control"]["reason"] == "Lunch")
            #expect(paused.json["previousStatus"] == "active" && paused.json["reportedStatus"] == "active")
            try await Self.session(caller, "active")
            let seen = try await caller.get("/api/v1/sessions/s-1").json
            #expect(seen["status"] == "paused" && seen["reportedStatus"] == "active" && seen["previousStatus"] == .null)
            #expect(seen["data"]["currentPnL"] == "-12.50")
            try await caller.post("/api/v1/sessions/s-1/pause?as=bo", "{}").isProblem(409, "session_state")
            #expect(
                try await caller.postNothing("/api/v1/sessions/s-1/stop?as=bo").json["status"] == "emergency_stopped"
            )
            #expect(try await caller.postNothing("/api/v1/sessions/s-1/resume?as=cy").json["status"] == "active")
            #expect(try await caller.get("/api/v1/sessions").json["sessions"].items.count == 1)
            #expect(try await caller.get("/api/v1/snapshot").json["sessions"][0]["control"]["action"] == "resume")
        }
    }

    @Test func `an unknown session is 404, one that is over 409`() async throws {
        try await TestDesk.routed { _, caller in
            for verb in ["pause", "resume", "stop"] {
                try await caller.post("/api/v1/sessions/none/\(verb)?as=ann", "{}").isProblem(404, "session_not_found")
            }
            try await caller.get("/api/v1/sessions/none").isProblem(404, "session_not_found")
            try await Self.session(caller, "completed", id: "a b/c")
            let over = try await caller.post("/api/v1/sessions/a%20b%2Fc/resume?as=ann", "{}")
            #expect(over.isProblem(409, "session_state")["session"]["status"] == "completed")
            try await caller.postNothing("/api/v1/sessions/none/stop").isProblem(401, "identity_required")
        }
    }
}
