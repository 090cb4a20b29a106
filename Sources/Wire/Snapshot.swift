package import Domain

/// The whole desk at one offset: what a tab starts from (`GET /api/v1/snapshot`). Lists are written in the order given.
package struct Snapshot: Sendable {
    package var epoch: Epoch
    package var offset: Offset
    package var oldestOffset: Offset
    package var serverTime: Timestamp
    package var user: Me
    package var settings: Settings
    /// All pending ones and the others that changed last, newest first.
    package var signals: [Signal] = []
    package var portfolio: Portfolio?
    package var campaigns: [Campaign] = []
    package var patterns: [Pattern] = []
    package var sessions: [(status: SessionStatus, at: Timestamp)] = []
    package var prices: [Price] = []
    /// Written as complete messages.
    package var notifications: [RecordedEvent] = []

    package init(
        epoch: Epoch,
        offset: Offset,
        oldestOffset: Offset,
        serverTime: Timestamp,
        user: Me,
        settings: Settings
    ) {
        self.epoch = epoch
        self.offset = offset
        self.oldestOffset = oldestOffset
        self.serverTime = serverTime
        self.user = user
        self.settings = settings
    }
}

extension Snapshot: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("epoch", epoch.text)
            json.integer("offset", offset.value)
            json.integer("oldest_offset", oldestOffset.value)
            json.time("server_time", serverTime)
            json.member("user", user)
            json.member("settings", settings)
            json.list("signals", signals)
            json.member("portfolio", portfolio)
            json.list("campaigns", campaigns)
            json.list("patterns", patterns)
            writeSessions(to: &json)
            writePrices(to: &json)
            json.key("notifications")
            json.array(notifications) { $0.encoded(EncodedMessage(recorded: $1).object) }
        }
    }

    private func writeSessions(to json: inout JSONWriter) {
        json.key("sessions")
        json.array(sessions) { json, session in
            json.object { json in
                json.time("timestamp", session.at)
                session.status.writeMembers(to: &json)
            }
        }
    }

    private func writePrices(to json: inout JSONWriter) {
        json.key("prices")
        json.array(prices) { json, price in
            json.object { json in
                json.text("symbol", price.symbol.text)
                json.time("timestamp", price.at)
                price.writeFigures(to: &json)
            }
        }
    }
}
