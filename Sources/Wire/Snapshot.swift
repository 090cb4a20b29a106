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
    package var desk = DeskStanding()

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

/// A trading session, and when it was last told of.
package struct SessionPage: Sendable, WireEncodable {
    package let status: SessionStatus
    package let at: Timestamp

    package init(status: SessionStatus, at: Timestamp) {
        self.status = status
        self.at = at
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.time("timestamp", at)
            status.writeMembers(to: &json)
        }
    }
}

/// All of them (`GET /api/v1/sessions`).
package struct SessionsPage: Sendable, WireEncodable {
    package let sessions: [SessionPage]

    package init(_ sessions: [SessionPage]) { self.sessions = sessions }

    package func write(to json: inout JSONWriter) { json.object { $0.list("sessions", sessions) } }
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
            json.member("desk", desk)
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
        json.array(sessions) { json, session in SessionPage(status: session.status, at: session.at).write(to: &json) }
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
