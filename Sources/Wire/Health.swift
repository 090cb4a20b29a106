package import Domain

/// How the server is (`GET /health`).
package struct Health: Sendable, WireEncodable {
    package var version: String
    package var uptimeMs: Int64
    package var webSockets: Int
    package var eventStreams: Int
    /// `nil` when the store fails: the answer is 503 then, and its status says `failing`.
    package var store: (epoch: Epoch, head: ChainHead)?
    package var pending: Int
    /// Since when the desk is stopped; `nil` while it runs.
    package var stoppedSince: Timestamp?
    /// `nil` without a policy.
    package var policy: (stamp: Policy.Stamp, loadedAt: Timestamp?, fault: String?)?

    package init(
        version: String,
        uptimeMs: Int64,
        webSockets: Int,
        eventStreams: Int,
        store: (epoch: Epoch, head: ChainHead)?,
        pending: Int,
        stoppedSince: Timestamp? = nil
    ) {
        self.version = version
        self.uptimeMs = uptimeMs
        self.webSockets = webSockets
        self.eventStreams = eventStreams
        self.store = store
        self.pending = pending
        self.stoppedSince = stoppedSince
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("status", store == nil ? "failing" : "ok")
            json.text("version", version)
            json.integer("uptime_ms", uptimeMs)
            json.object("websocket") { $0.integer("connections", webSockets) }
            json.object("event_stream") { $0.integer("connections", eventStreams) }
            json.key("store")
            if let store {
                json.object { json in
                    json.text("epoch", store.epoch.text)
                    json.integer("offset", store.head.offset.value)
                    json.member("head", store.head)
                }
            } else {
                json.null()
            }
            json.integer("pending", pending)
            json.object("desk") { json in
                json.flag("stopped", stoppedSince != nil)
                json.time("since", stoppedSince)
            }
            writePolicy(to: &json)
        }
    }

    private func writePolicy(to json: inout JSONWriter) {
        json.key("policy")
        guard let policy else { return json.null() }
        json.object { json in
            json.text("version", policy.stamp.version)
            json.text("hash", policy.stamp.hash)
            json.time("loaded_at", policy.loadedAt)
            json.text("fault", policy.fault)
        }
    }
}
