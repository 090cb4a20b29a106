import Domain
import Testing

@testable import Wire

struct RestBodyTests {
    private func keys(_ value: some WireEncodable) throws -> [String] {
        guard case .object(let object) = try parsed(value.encoded) else { return [] }
        return object.members.map(\.key)
    }

    @Test func `a snapshot is the whole desk`() throws {
        var snapshot = Snapshot(
            epoch: Epoch("e"),
            offset: Offset(2),
            oldestOffset: Offset(1),
            serverTime: Example.now,
            user: Me(name: nil, role: .viewer),
            settings: Settings()
        )
        snapshot.signals = [Example.signal]
        snapshot.prices = [GoldenMessages.price]
        snapshot.patterns = [GoldenMessages.pattern]
        snapshot.sessions = [
            (
                SessionStatus(
                    sessionID: "s",
                    state: .paused,
                    currentPnL: decimal("0"),
                    totalTrades: 0,
                    lossLimitUtilization: decimal("0"),
                    timeElapsed: 0,
                    performanceScore: nil
                ), Example.now
            )
        ]
        snapshot.notifications = [
            RecordedEvent(
                offset: Offset(2),
                recordedAt: Example.now,
                event: .observed(.notice(Notice(id: "n", message: "m", kind: .info)))
            )
        ]
        #expect(
            try keys(snapshot) == [
                "epoch", "offset", "oldest_offset", "server_time", "user", "settings", "desk", "signals",
                "portfolio", "campaigns",
                "patterns", "sessions", "prices", "notifications",
            ]
        )
        let body = try parsed(snapshot.encoded)
        #expect(body["user"] == ["name": .null, "role": "viewer", "named": false])
        #expect(body["portfolio"] == .null)
        #expect(body["campaigns"] == [])
        guard case .array(let prices) = body["prices"], case .array(let notes) = body["notifications"],
            case .array(let sessions) = body["sessions"]
        else {
            Issue.record("something else")
            return
        }
        #expect(prices.first?["symbol"] == "AAPL" && prices.first?["price"] == "185.50")
        #expect(notes.first?["type"] == "notification" && notes.first?["offset"] == 2)
        #expect(sessions.first?["sessionId"] == "s" && sessions.first?["status"] == "paused")
    }

    @Test func `pages carry their cursor`() throws {
        let signals = SignalsPage(epoch: Epoch("e"), offset: Offset(7), signals: [Example.signal], hasMore: true)
        #expect(try parsed(signals.encoded)["cursor"] == "e:7")
        #expect(try keys(signals) == ["epoch", "offset", "cursor", "signals", "has_more"])
        let event = RecordedEvent(offset: Offset(7), recordedAt: Example.now, event: .signalReceived(Example.signal))
        let events = EventsPage(
            epoch: Epoch("e"),
            messages: [EncodedMessage(recorded: event)],
            offset: Offset(7),
            oldest: Offset(1),
            hasMore: false
        )
        #expect(try keys(events) == ["epoch", "events", "offset", "cursor", "oldest", "has_more"])
        #expect(try parsed(events.encoded)["cursor"] == "e:7")
        #expect(try parsed(events.encoded)["events"] == [try parsed(EncodedMessage(recorded: event).object)])
        let accepted = Accepted(count: 2, offset: Offset(9), ids: ["a"])
        #expect(try parsed(accepted.encoded) == ["accepted": 2, "offset": 9, "ids": ["a"]])
    }

    @Test func `health says whether the store works`() throws {
        var health = Health(
            version: "1.0",
            uptimeMs: 5,
            webSockets: 3,
            eventStreams: 2,
            store: (Epoch("e"), ChainHead(offset: Offset(7), hash: "ab", keptOffset: Offset(5), keptHash: "cd")),
            pending: 1
        )
        #expect(
            try parsed(health.encoded) == [
                "status": "ok", "version": "1.0", "uptime_ms": 5, "websocket": ["connections": 3],
                "event_stream": ["connections": 2],
                "store": [
                    "epoch": "e", "offset": 7,
                    "head": ["offset": 7, "hash": "ab", "kept_offset": 5, "kept_hash": "cd"],
                ], "pending": 1, "desk": ["stopped": false, "since": .null], "policy": .null,
            ]
        )
        health.store = nil
        #expect(try parsed(health.encoded)["status"] == "failing")
    }

    @Test func `stats have the shape of document 3, and say over what each listens`() throws {
        let stats = Stats(clients: [
            .init(
                label: "client-1",
                transport: .webSocket,
                channels: [.prices, .alerts],
                symbols: [Symbol("MSFT")!, Symbol("AAPL")!]
            ),
            .init(label: "client-2", transport: .eventStream, channels: [.signals], symbols: []),
        ])
        #expect(
            try parsed(stats.encoded) == [
                "total_connections": 2, "clients": ["client-1", "client-2"],
                "transports": ["client-1": "websocket", "client-2": "event_stream"],
                "channel_subscriptions": ["client-1": ["alerts", "prices"], "client-2": ["signals"]],
                "symbol_subscriptions": ["client-1": ["AAPL", "MSFT"]],
            ]
        )
    }
}
