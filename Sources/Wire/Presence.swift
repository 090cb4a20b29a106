package import Domain

/// Who is here and who looks at what, as REST and `presence:updated` tell it. In no log: it is true now or never.
package struct Presence: Hashable, Sendable {
    package struct User: Hashable, Sendable {
        package let user: UserName
        package let tabs: Int
        package let since: Timestamp

        package init(user: UserName, tabs: Int, since: Timestamp) {
            self.user = user
            self.tabs = tabs
            self.since = since
        }
    }

    package struct Look: Hashable, Sendable {
        package let signal: SignalID
        /// `nil` stands for all tabs without a name together.
        package let user: UserName?
        package let tabs: Int
        package let since: Timestamp

        package init(signal: SignalID, user: UserName?, tabs: Int, since: Timestamp) {
            self.signal = signal
            self.user = user
            self.tabs = tabs
            self.since = since
        }
    }

    /// A message to everybody stays below 10 KB (ENV-09); REST tells all.
    package static let userBytesMax = 4_000
    package static let bytesMax = 9_000
    /// In a message to everybody, so that nobody with many tabs crowds the others out.
    package static let looksPerUserMax = 8

    /// In the order of their names.
    package let users: [User]
    package let anonymousTabs: Int
    /// Whoever began last comes first.
    package let looking: [Look]

    package init(users: [User], anonymousTabs: Int, looking: [Look]) {
        self.users = users
        self.anonymousTabs = anonymousTabs
        self.looking = looking
    }

    fileprivate func write(isBounded: Bool, to json: inout JSONWriter) {
        let start = json.bytes.count
        json.key("users")
        json.beginArray()
        for user in users where !isBounded || json.bytes.count - start < Self.userBytesMax {
            json.object { json in
                json.text("user", user.user.text)
                json.integer("tabs", user.tabs)
                json.time("since", user.since)
            }
        }
        json.endArray()
        json.integer("users_count", users.count)
        json.integer("anonymous_tabs", anonymousTabs)
        json.key("looking")
        json.beginArray()
        var told: [UserName?: Int] = [:]
        for look in looking {
            if isBounded {
                guard json.bytes.count - start < Self.bytesMax else { break }
                guard told[look.user, default: 0] < Self.looksPerUserMax else { continue }
                told[look.user, default: 0] += 1
            }
            json.object { json in
                json.text("signal_id", look.signal.description)
                json.text("user", look.user?.text)
                json.integer("tabs", look.tabs)
                json.time("since", look.since)
            }
        }
        json.endArray()
        json.integer("looking_count", looking.count)
    }
}

extension Presence: WireEncodable {
    package func write(to json: inout JSONWriter) {
        json.object { write(isBounded: false, to: &$0) }
    }
}

extension EncodedMessage {
    /// Not in the log: who comes later is told what is true then.
    package static func presenceUpdated(at now: Timestamp, _ presence: Presence) -> EncodedMessage {
        EncodedMessage(.presenceUpdated, at: now) { json in
            json.object("data") { presence.write(isBounded: true, to: &$0) }
        }
    }
}
