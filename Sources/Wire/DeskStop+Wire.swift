package import Domain

// The emergency stop, as REST and the messages `desk:…` tell it (GAP-07).

extension DeskStop: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("id", id.text)
            json.time("since", since)
            json.text("stopped_by", stoppedBy.text)
            json.time("stopped_at", stoppedAt)
            json.text("reason", reason)
            json.key("resume")
            json.object { json in
                json.integer("people", Self.resumePeople)
                json.text("role", resumeRole.rawValue)
                json.key("signed_off")
                json.array(signOffs) { json, signOff in
                    json.object { json in
                        json.text("by", signOff.by.text)
                        json.time("at", signOff.at)
                    }
                }
            }
            json.time("resumed_at", resumedAt)
        }
    }
}

/// Which of the tabs that were there when the desk was stopped have acknowledged it.
package struct StopAcknowledgements: Hashable, Sendable {
    package struct Waiting: Hashable, Sendable {
        package let user: UserName
        /// Of the user's that have not acknowledged.
        package let tabs: Int
        /// Whether one of these is still there.
        package let isConnected: Bool

        package init(user: UserName, tabs: Int, isConnected: Bool) {
            self.user = user
            self.tabs = tabs
            self.isConnected = isConnected
        }
    }

    /// More names say nothing more.
    package static let namesMax = 20

    package let offset: Offset
    package let tabs: Int
    package let acknowledged: Int
    package let waiting: [Waiting]

    package init(offset: Offset, tabs: Int, acknowledged: Int, waiting: [Waiting]) {
        self.offset = offset
        self.tabs = tabs
        self.acknowledged = acknowledged
        self.waiting = waiting
    }
}

extension StopAcknowledgements: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("offset", offset.value)
            json.integer("tabs", tabs)
            json.integer("acknowledged", acknowledged)
            json.key("waiting")
            json.array(Array(waiting.prefix(Self.namesMax))) { json, waiting in
                json.object { json in
                    json.text("user", waiting.user.text)
                    json.integer("tabs", waiting.tabs)
                    json.flag("connected", waiting.isConnected)
                }
            }
        }
    }
}

/// Whether the desk runs (`GET /api/v1/desk`, in the snapshot and in `connected`).
package struct DeskStanding: Hashable, Sendable, WireEncodable {
    /// The standstill in force, or the last one there was: time limits and undo windows stood still for so long.
    package var stop: DeskStop?
    package var acknowledgements: StopAcknowledgements?

    package init(stop: DeskStop? = nil, acknowledgements: StopAcknowledgements? = nil) {
        self.stop = stop
        self.acknowledgements = acknowledgements
    }

    package var isStopped: Bool { stop?.isInForce == true }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.flag("stopped", isStopped)
            json.member("stop", stop)
            json.member("acknowledgements", acknowledgements)
        }
    }
}

extension EncodedMessage {
    /// Not in the log: who comes later finds it in the snapshot.
    package static func deskAcknowledged(at now: Timestamp, _ answers: StopAcknowledgements) -> EncodedMessage {
        EncodedMessage(.deskAcknowledged, at: now) { $0.member("data", answers) }
    }
}
