import Crypto
import Domain
import Foundation
import HTTPTypes
import Storage
import Testing
import Webhooks

@testable import Web

/// Webhooks that come in: who is believed, what is taken, and that nothing is taken twice (GAP-08).
@Suite(.timeLimit(.minutes(5))) struct WebhookTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let environment = ["SECRET": secret, "PASSPHRASE": "correct horse battery staple"]
    private static let signal = #"{"type":"signal:new","data":{"symbol":"AAPL","side":"BUY"}}"#
    private static let alert = #"""
        {"passphrase":"correct horse battery staple","time":"2026-01-23T10:30:00Z","symbol":"AAPL","action":"buy","price":"150.25"}
        """#

    private static func settings() throws -> WebhookSettings {
        let text = #"""
            {"sources":{
              "engine":{"verify":"standard_webhooks","secret":{"env":"SECRET"},"takes":"messages","requests_per_minute_max":5},
              "tradingview":{"verify":"passphrase","secret":{"env":"PASSPHRASE"},"takes":"tradingview"}},
             "endpoints":{"broker":{"url":"http://127.0.0.1:9/","secret":{"env":"SECRET"}}}}
            """#
        let folder = FileManager.default.temporaryDirectory
        let secrets = SecretSources(folder: folder) { environment[$0] }
        return try WebhookSettings(Array(text.utf8), named: "webhooks.json", secrets: secrets)
    }

    private static func routed(_ body: @escaping @Sendable (TestDesk, Caller) async throws -> Void) async throws {
        let settings = try settings()
        try await TestDesk.routed({ $0.webhooks = settings }, body)
    }

    /// As a sender makes it, by itself.
    private static func signed(_ body: String, id: String, at now: Timestamp) -> HTTPFields {
        let seconds = now.milliseconds / 1000
        let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst(6)))!)
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(seconds).\(body)".utf8), using: key)
        return [
            .contentType: "application/json", .init("webhook-id")!: id, .init("webhook-timestamp")!: "\(seconds)",
            .init("webhook-signature")!: "v1,\(Data(code).base64EncodedString())",
        ]
    }

    private static func send(
        _ caller: Caller,
        _ desk: TestDesk,
        _ body: String = signal,
        id: String = "msg_1"
    ) async throws -> Answer {
        try await caller.post(
            "/api/v1/webhooks/engine",
            body,
            headers: signed(body, id: id, at: desk.clock.now())
        )
    }

    @Test func `a signed signal waits on the desk, with its source's name`() async throws {
        try await Self.routed { desk, caller in
            let answer = try await Self.send(caller, desk)
            #expect(answer.status == 202 && answer.json["accepted"] == 1 && answer.json["offset"] == 1, "\(answer)")
            let signal = try await caller.get("/api/v1/signals/\(answer.json["ids"][0].text)").json
            #expect(signal["source"] == "engine" && signal["awaiting_approval"] == true)
        }
    }

    @Test func `the same webhook again is answered the same and does nothing, also when it is signed anew`()
        async throws
    {
        try await Self.routed { desk, caller in
            let first = try await Self.send(caller, desk)
            desk.clock.move(milliseconds: 60_000)
            for _ in 0..<3 { #expect(try await Self.send(caller, desk).bytes == first.bytes) }
            #expect(try await desk.store.log.count == 1)
            _ = try await Self.send(caller, desk, Self.signal.replacing("AAPL", with: "MSFT"))
                .isProblem(422, "idempotency_key_reused")
            #expect(try await Self.send(caller, desk, id: "msg_2").status == 202)
            #expect(try await desk.store.log.count == 2)
        }
    }

    @Test func `the same webhook many times at once is one signal, and all hear of the same one`() async throws {
        try await Self.routed { desk, caller in
            let alert = Self.alert
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<40 { group.addTask { try await caller.post("/api/v1/webhooks/tradingview", alert) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 40 && answers.allSatisfy { $0.status == 202 })
            #expect(Set(answers.map(\.bytes)).count == 1)
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test func `a webhook that comes again after its signal has expired is still the same`() async throws {
        try await Self.routed { desk, caller in
            let body = #"{"type":"signal:new","data":{"symbol":"AAPL","expires_at":"2026-01-23T10:31:00Z"}}"#
            let first = try await Self.send(caller, desk, body)
            desk.clock.move(milliseconds: 120_000)
            let again = try await Self.send(caller, desk, body)
            #expect(first.status == 202 && again.bytes == first.bytes)
            _ = try await Self.send(caller, desk, body, id: "msg_2").isProblem(422, "webhook_unusable")
        }
    }

    @Test func `whoever is not believed learns nothing of why, and the log has no secret`() async throws {
        try await Self.routed { desk, caller in
            let good = Self.signed(Self.signal, id: "msg_1", at: desk.clock.now())
            var answers: [Answer] = []
            for (name, value) in [
                ("webhook-signature", "v1,AAAA"), ("webhook-timestamp", "1"), ("webhook-id", "msg_2"),
                ("webhook-id", nil), ("webhook-timestamp", nil), ("webhook-signature", nil),
            ] as [(String, String?)] {
                var headers = good
                headers[HTTPField.Name(name)!] = value
                answers.append(try await caller.post("/api/v1/webhooks/engine", Self.signal, headers: headers))
            }
            answers.append(try await caller.post("/api/v1/webhooks/engine", Self.signal + " ", headers: good))
            answers.append(
                try await caller.post("/api/v1/webhooks/tradingview", Self.alert.replacing("staple", with: "stable"))
            )
            for answer in answers { answer.isProblem(401, "signature_invalid") }
            #expect(Set(answers.map(\.bytes)).count == 1)
            #expect(try await desk.store.log.count == 0)
            for line in desk.logs.lines {
                for secret in ["horse", Self.secret, "MfKQ9r8"] { #expect(!"\(line)".contains(secret)) }
            }
        }
    }

    @Test func `a stale webhook is not taken (± 5 minutes)`() async throws {
        try await Self.routed { desk, caller in
            let headers = Self.signed(Self.signal, id: "msg_1", at: desk.clock.now())
            desk.clock.move(milliseconds: 300_001)
            try await caller.post("/api/v1/webhooks/engine", Self.signal, headers: headers)
                .isProblem(401, "signature_invalid")
            try await caller.post("/api/v1/webhooks/tradingview", Self.alert).isProblem(422, "webhook_unusable")
            #expect(try await desk.store.log.count == 0)
        }
    }

    @Test(arguments: ["application/json", "text/plain; charset=utf-8", "TEXT/PLAIN", "application/vnd.x+json"])
    func `a TradingView alert is taken as it is sent, once`(_ contentType: String) async throws {
        try await Self.routed { desk, caller in
            let headers: HTTPFields = [.contentType: contentType]
            let first = try await caller.post("/api/v1/webhooks/tradingview", Self.alert, headers: headers)
            #expect(first.status == 202, "\(first)")
            let again = try await caller.post("/api/v1/webhooks/tradingview", Self.alert, headers: headers)
            #expect(again.bytes == first.bytes)
            let next = Self.alert.replacing("10:30:00", with: "10:30:01")
            #expect(try await caller.post("/api/v1/webhooks/tradingview", next, headers: headers).status == 202)
            #expect(try await desk.store.log.count == 2)
            let signal = try await caller.get("/api/v1/signals/\(first.json["ids"][0].text)")
            #expect(signal.json["entry_price"] == "150.25" && signal.json["expires_at"] == "2026-01-23T10:35:00.000Z")
            #expect(!signal.description.contains("horse"))
        }
    }

    @Test func `what cannot be used is said with every place that is wrong`() async throws {
        try await Self.routed { desk, caller in
            let body = Self.alert.replacing(#""buy""#, with: #""flat""#).replacing(#""symbol":"AAPL","#, with: "")
            let answer = try await caller.post("/api/v1/webhooks/tradingview", body)
            #expect(answer.isProblem(422, "webhook_unusable")["errors"].items.count == 2)
            #expect(answer.pointers == ["/symbol", "/action"])
            try await caller.post("/api/v1/webhooks/tradingview", "{").isProblem(400, "malformed_json")
            try await Self.send(caller, desk, #"{"type":"approval_notification"}"#, id: "a")
                .isProblem(422, "webhook_unusable")
            try await Self.send(caller, desk, Self.signal.replacing(#""side""#, with: #""source":"x","side""#), id: "b")
                .isProblem(422, "webhook_unusable")
            #expect(try await desk.store.log.count == 0)
        }
    }

    @Test func `who is not known, what is too large and what is no text is refused`() async throws {
        try await Self.routed { desk, caller in
            try await caller.post("/api/v1/webhooks/nobody", Self.signal).isProblem(404, "not_found")
            let large = try await caller.post("/api/v1/webhooks/engine", String(repeating: " ", count: 65_537))
            #expect(large.isProblem(413, "body_too_large")["bytes_max"] == 65_536)
            for headers in [
                [.contentType: "application/x-www-form-urlencoded"], [.contentType: "text/plain; charset=latin1"],
                [.contentType: "application/json", .contentEncoding: "gzip"],
            ] as [HTTPFields] {
                try await caller.post("/api/v1/webhooks/tradingview", Self.alert, headers: headers)
                    .isProblem(415, "unsupported_media_type")
            }
            try await caller.get("/api/v1/webhooks/engine").isProblem(405, "method_not_allowed")
            #expect(try await desk.store.log.count == 0)
        }
    }

    @Test func `a source has its own limit, which nobody else uses up`() async throws {
        try await Self.routed { desk, caller in
            for _ in 0..<50 {
                _ = try await caller.post("/api/v1/webhooks/engine", Self.signal).isProblem(401, "signature_invalid")
            }
            for number in 0..<5 { #expect(try await Self.send(caller, desk, id: "m\(number)").status == 202) }
            let refused = try await Self.send(caller, desk, id: "m5")
            refused.isProblem(429, "rate_limited")
            #expect(refused.headers[.retryAfter] != nil)
            #expect(try await caller.post("/api/v1/webhooks/tradingview", Self.alert).status == 202)
            desk.clock.move(milliseconds: 12_000)
            #expect(try await Self.send(caller, desk, id: "m5").status == 202)
        }
    }

    @Test func `whoever is not believed does not fill the log`() async throws {
        try await Self.routed { desk, caller in
            for _ in 0..<100 { _ = try await caller.post("/api/v1/webhooks/engine", Self.signal) }
            let lines = desk.logs.lines.filter { "\($0)".contains("webhook not believed") }
            #expect(lines.count == WebhookRoutes.doubtLinesPerMinuteMax)
        }
    }

    @Test func `a store that fails is said, and the webhook may come again`() async throws {
        try await Self.routed { desk, caller in
            desk.store.appends(fail: true)
            try await Self.send(caller, desk).isProblem(503, "store_unavailable")
            desk.store.appends(fail: false)
            #expect(try await Self.send(caller, desk).status == 202)
            #expect(try await desk.store.log.count == 1)
        }
    }

    @Test func `what becomes of webhooks is counted, by source`() async throws {
        try await Self.routed { desk, caller in
            _ = try await Self.send(caller, desk)
            _ = try await Self.send(caller, desk)
            _ = try await caller.post("/api/v1/webhooks/tradingview", Self.alert.replacing("staple", with: "stable"))
            let metrics = try await caller.get("/metrics").description
            for line in [
                #"countersign_webhook_requests_total{outcome="accepted",source="engine"} 1"#,
                #"countersign_webhook_requests_total{outcome="repeated",source="engine"} 1"#,
                #"countersign_webhook_requests_total{outcome="unverified",source="tradingview"} 1"#,
                #"countersign_webhook_dead_letters{endpoint="broker"} 0"#,
            ] {
                #expect(metrics.contains(line), "\(line)")
            }
        }
    }

    // MARK: Dead letters

    private static func letter(_ offset: Int64, endpoint: String = "broker") -> DeadLetter.Content {
        DeadLetter.Content(
            endpoint: endpoint,
            eventID: "epoch-1:\(offset):1769164200000",
            offset: Offset(offset),
            type: "signal_approved",
            signal: nil,
            attempts: 8,
            failedAt: Timestamp(milliseconds: 1_769_164_200_000),
            failure: "it answered 500"
        )
    }

    @Test func `dead letters are shown page by page, and sent again by somebody who is known`() async throws {
        try await Self.routed { desk, caller in
            for offset in 1...3 as ClosedRange<Int64> {
                let letter = Self.letter(offset, endpoint: offset == 3 ? "gone" : "broker")
                try await desk.outbox.save(position: letter.offset, of: letter.endpoint, dead: letter)
            }
            let page = try await caller.get("/api/v1/webhooks/dead-letters?limit=2").json
            #expect(page["has_more"] == true && page["dead_letters"].items.count == 2)
            let first = page["dead_letters"][0]
            #expect(
                first["event_id"] == "epoch-1:1:1769164200000" && first["attempts"] == 8 && first["queued"] == false
            )
            #expect(first["failure"] == "it answered 500" && first["signal_id"] == .null)
            let rest = try await caller.get("/api/v1/webhooks/dead-letters?after=2").json
            #expect(rest["has_more"] == false && rest["dead_letters"].items.map { $0["id"] } == [3])

            let address = "/api/v1/webhooks/dead-letters/1/redeliver"
            try await caller.post(address, "").isProblem(401, "identity_required")
            let queued = try await caller.post("\(address)?as=alice", "")
            #expect(queued.status == 202 && queued.json["queued"] == true && queued.json["id"] == 1)
            try await caller.post("/api/v1/webhooks/dead-letters/3/redeliver?as=alice", "")
                .isProblem(409, "endpoint_unknown")
            for id in ["4", "0", "-1", "x", "99999999999999999999"] {
                try await caller.post("/api/v1/webhooks/dead-letters/\(id)/redeliver?as=alice", "")
                    .isProblem(404, "not_found")
            }
            let dismissal = "/api/v1/webhooks/dead-letters/3"
            try await caller.call(.delete, dismissal).isProblem(401, "identity_required")
            #expect(try await caller.call(.delete, "\(dismissal)?as=alice").status == 204)
            try await caller.call(.delete, "\(dismissal)?as=alice").isProblem(404, "not_found")
            try await caller.call(.delete, "/api/v1/webhooks/dead-letters/x?as=alice").isProblem(404, "not_found")
            try await caller.get(dismissal).isProblem(405, "method_not_allowed")
            #expect(try await caller.get("/api/v1/webhooks/dead-letters").json["dead_letters"].items.count == 2)
            for query in ["limit=0", "limit=501", "after=-1", "after=x"] {
                try await caller.get("/api/v1/webhooks/dead-letters?\(query)").isProblem(400, "invalid_request")
            }
        }
    }
}
