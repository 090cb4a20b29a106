import Domain

/// What a client must know of the server's settings (C7); in `connected` and in the snapshot.
package struct Settings: Hashable, Sendable {
    package var heartbeatIntervalMs = 30_000
    package var reconnectDelaysMs = [1000, 2000, 4000, 8000, 16_000, 30_000]
    package var reconnectAttemptsMax = 10
    package var probeIntervalMs = 60_000
    package var decisionTimeoutMs = 10_000
    package var messageBytesMax = 65_536
    package var noteCharactersMax = 500
    package var messagesPerMinuteMax = 100
    /// How long an approval can be undone.
    package var undoWindowMs = 5_000
    /// Common reasons to reject, offered by one click or key each.
    package var rejectReasons = [
        "Risk too high", "Poor structure", "Against the trend", "Stale price", "Duplicate",
    ]
    /// How many decisions one request may carry.
    package var bulkItemsMax = 20
    /// So long before a signal expires a tab reminds of it; 0 never does.
    package var expiryReminderMs = 60_000
    package static let rejectReasonsMax = 9
    package static let rejectReasonCharactersMax = 80

    package init() {}
}

extension Settings: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("heartbeat_interval_ms", heartbeatIntervalMs)
            json.object("reconnect") { json in
                json.key("delays_ms")
                json.array(reconnectDelaysMs) { $0.integer($1) }
                json.integer("attempts_max", reconnectAttemptsMax)
                json.integer("probe_interval_ms", probeIntervalMs)
            }
            json.integer("decision_timeout_ms", decisionTimeoutMs)
            json.integer("message_bytes_max", messageBytesMax)
            json.integer("note_characters_max", noteCharactersMax)
            json.integer("messages_per_minute_max", messagesPerMinuteMax)
            json.integer("undo_window_ms", undoWindowMs)
            json.texts("reject_reasons", rejectReasons)
            json.integer("bulk_items_max", bulkItemsMax)
            json.integer("expiry_reminder_ms", expiryReminderMs)
            json.object("extension") { json in
                json.integer("minutes", ExpiryExtension.minutesDefault)
                json.integer("times_max", ExpiryExtension.timesMax)
                json.integer("minutes_max", ExpiryExtension.minutesMax)
            }
        }
    }
}
