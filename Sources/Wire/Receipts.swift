package import Domain

/// Who has seen what was decided about a signal, as REST and `receipts:updated` tell it.
package struct Receipts: Hashable, Sendable {
    package struct Seen: Hashable, Sendable {
        package let user: UserName
        /// `nil` when it is no longer known when.
        package let at: Timestamp?
        package let attempt: Int?
        package let latencyMs: Int64?

        package init(user: UserName, at: Timestamp?, attempt: Int?, latencyMs: Int64?) {
            self.user = user
            self.at = at
            self.attempt = attempt
            self.latencyMs = latencyMs
        }
    }

    package struct Waiting: Hashable, Sendable {
        package let user: UserName
        /// `nil` while a tab of the user's is connected.
        package let offlineSince: Timestamp?

        package init(user: UserName, offlineSince: Timestamp?) {
            self.user = user
            self.offlineSince = offlineSince
        }
    }

    /// In a message to everybody; REST tells all.
    package static let namesMax = 20

    package let signal: SignalID
    /// Of the message that was sent; `nil` when there is none, or none so new.
    package let offset: Offset?
    package let sentAt: Timestamp?
    package let seen: [Seen]
    package let waiting: [Waiting]

    package init(signal: SignalID, offset: Offset?, sentAt: Timestamp?, seen: [Seen], waiting: [Waiting]) {
        self.signal = signal
        self.offset = offset
        self.sentAt = sentAt
        self.seen = seen
        self.waiting = waiting
    }

    fileprivate func write(namesMax: Int, to json: inout JSONWriter) {
        json.text("signal_id", signal.description)
        json.integer("offset", offset?.value)
        json.time("sent_at", sentAt)
        json.integer("recipients", seen.count + waiting.count)
        json.integer("delivered", seen.count)
        json.key("seen")
        json.array(Array(seen.prefix(namesMax))) { json, seen in
            json.object { json in
                json.text("user", seen.user.text)
                json.time("seen_at", seen.at)
                json.integer("attempt", seen.attempt)
                json.integer("latency_ms", seen.latencyMs)
            }
        }
        json.key("waiting")
        json.array(Array(waiting.prefix(namesMax))) { json, waiting in
            json.object { json in
                json.text("user", waiting.user.text)
                json.time("offline_since", waiting.offlineSince)
            }
        }
    }
}

extension Receipts: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { write(namesMax: .max, to: &$0) }
    }
}

extension EncodedMessage {
    /// Not in the log: who comes later asks for it.
    package static func receiptsUpdated(at now: Timestamp, _ receipts: Receipts) -> EncodedMessage {
        EncodedMessage(.receiptsUpdated, at: now) { json in
            json.object("data") { receipts.write(namesMax: Receipts.namesMax, to: &$0) }
        }
    }
}
