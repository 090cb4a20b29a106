package import Domain

/// Where the hash chain of the log ends, as `/health` and the audit say it: what an operator notes elsewhere.
package struct ChainHead: Hashable, Sendable, WireEncodable {
    package var offset: Offset
    package var hash: String
    package var keptOffset: Offset
    package var keptHash: String

    package init(offset: Offset, hash: String, keptOffset: Offset, keptHash: String) {
        self.offset = offset
        self.hash = hash
        self.keptOffset = keptOffset
        self.keptHash = keptHash
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("offset", offset.value)
            json.text("hash", hash)
            json.integer("kept_offset", keptOffset.value)
            json.text("kept_hash", keptHash)
        }
    }
}

/// An entry of the log with its place in the hash chain.
package struct AuditEntry: Hashable, Sendable, WireEncodable {
    package var recorded: RecordedEvent
    /// What the log calls this kind of event.
    package var type: String
    package var hash: String
    package var previousHash: String

    package init(recorded: RecordedEvent, type: String, hash: String, previousHash: String) {
        self.recorded = recorded
        self.type = type
        self.hash = hash
        self.previousHash = previousHash
    }

    package func write(to json: inout JSONWriter) {
        let signal = recorded.event.signal
        json.object { json in
            json.integer("offset", recorded.offset.value)
            json.time("recorded_at", recorded.recordedAt)
            json.text("type", type)
            json.text("user", recorded.event.user?.text)
            json.text("signal_id", signal?.id.description)
            json.integer("version", signal?.version)
            json.member("signal", signal)
            json.key("message")
            // What is about a signal is told whole; its message may be for some people only.
            if signal == nil { json.encoded(EncodedMessage(recorded: recorded).object) } else { json.null() }
            json.text("previous_hash", previousHash)
            json.text("hash", hash)
        }
    }
}

/// Entries of the log in the order asked for (`GET /api/v1/audit`).
package struct AuditPage: Sendable, WireEncodable {
    package var epoch: Epoch
    package var entries: [AuditEntry]
    /// The last entry looked at, where the next page leads on; `nil` when there is nothing beyond.
    package var end: Offset?
    package var head: ChainHead

    package init(epoch: Epoch, entries: [AuditEntry], end: Offset?, head: ChainHead) {
        self.epoch = epoch
        self.entries = entries
        self.end = end
        self.head = head
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("epoch", epoch.text)
            json.list("entries", entries)
            json.text("cursor", end.map { Cursor(epoch: epoch, offset: $0).description })
            json.flag("has_more", end != nil)
            json.member("head", head)
        }
    }
}
