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
        }
    }
}
