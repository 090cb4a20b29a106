package import Domain

// Messages about one connection.

extension EncodedMessage {
    /// The first message of every connection; its sequence number is 0 (ENV-03).
    package static func connected(
        at now: Timestamp,
        connectionID: String,
        epoch: Epoch,
        offset: Offset,
        oldestOffset: Offset,
        user: Me,
        settings: Settings,
        desk: DeskStanding
    ) -> EncodedMessage {
        EncodedMessage(.connected, at: now, position: offset) { json in
            json.text("connection_id", connectionID)
            json.text("epoch", epoch.text)
            json.integer("offset", offset.value)
            json.integer("oldest_offset", oldestOffset.value)
            json.member("user", user)
            json.member("settings", settings)
            json.member("desk", desk)
        }
    }

    /// - Parameters:
    ///   - channels: The complete resulting set.
    ///   - symbols: What `prices` covers: `nil` is every symbol, empty is none.
    ///   - symbol: Only in answer to the symbol form.
    package static func subscriptionConfirmed(
        at now: Timestamp,
        channels: Set<Channel>,
        symbols: Set<Symbol>?,
        symbol: Symbol? = nil
    ) -> EncodedMessage {
        EncodedMessage(.subscriptionConfirmed, at: now) { json in
            json.object("data") { json in
                json.texts("channels", channels.map(\.text).sorted())
                json.texts("symbols", symbols?.map(\.text).sorted())
                if let symbol { json.text("symbol", symbol.text) }
            }
        }
    }

    /// Everything missed up to `offset` has been sent: `replayed` messages.
    package static func resumed(at now: Timestamp, replayed: Int, offset: Offset) -> EncodedMessage {
        EncodedMessage(.resumed, at: now, position: offset) { json in
            json.object("data") { json in
                json.flag("recovered", true)
                json.integer("replayed", replayed)
                json.integer("offset", offset.value)
            }
        }
    }

    /// The missed messages cannot be sent: the tab must reload its snapshot.
    package static func notResumed(at now: Timestamp, reason: ResumeFailure, offset: Offset) -> EncodedMessage {
        EncodedMessage(.resumed, at: now, position: offset) { json in
            json.object("data") { json in
                json.flag("recovered", false)
                json.text("reason", reason.rawValue)
                json.integer("offset", offset.value)
            }
        }
    }

    package static func pong(at now: Timestamp) -> EncodedMessage {
        EncodedMessage(.pong, at: now) { json in
            json.object("data") { $0.time("timestamp", now) }
        }
    }

    package static func error(at now: Timestamp, _ code: ClientErrorCode, _ text: String) -> EncodedMessage {
        EncodedMessage(.error, at: now) { json in
            json.text("error", text)
            json.text("code", code.rawValue)
            json.key("data")
            json.null()
        }
    }

    package static func error(at now: Timestamp, _ fault: ClientMessageFault) -> EncodedMessage {
        error(at: now, fault.code, fault.text)
    }
}

/// Why missed messages cannot be sent again.
package enum ResumeFailure: String, CaseIterable, Sendable {
    /// The log is another one than the tab knew.
    case epochChanged = "epoch_changed"
    /// The messages are no longer in the log.
    case trimmed
    /// A snapshot is quicker.
    case tooMany = "too_many"
}

/// What an `error` message is about.
package enum ClientErrorCode: String, CaseIterable, Sendable {
    case malformedMessage = "malformed_message"
    case unknownType = "unknown_type"
    case unknownChannel = "unknown_channel"
    case invalidSymbol = "invalid_symbol"
    case rateLimited = "rate_limited"
}
