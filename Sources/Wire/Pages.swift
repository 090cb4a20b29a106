package import Domain

// Answers of the REST interface that are lists.

/// Signals that changed, oldest change first (`GET /api/v1/signals`).
package struct SignalsPage: Sendable, WireEncodable {
    package var epoch: Epoch
    /// Where the page ends in the log: the next page begins after it.
    package var offset: Offset
    package var signals: [Signal]
    package var hasMore: Bool

    package init(epoch: Epoch, offset: Offset, signals: [Signal], hasMore: Bool) {
        self.epoch = epoch
        self.offset = offset
        self.signals = signals
        self.hasMore = hasMore
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("epoch", epoch.text)
            json.integer("offset", offset.value)
            json.text("cursor", Cursor(epoch: epoch, offset: offset).description)
            json.list("signals", signals)
            json.flag("has_more", hasMore)
        }
    }
}

/// Logged messages in order (`GET /api/v1/events`).
package struct EventsPage: Sendable, WireEncodable {
    package var epoch: Epoch
    /// As the one who asks hears them.
    package var messages: [EncodedMessage]
    /// The last offset of the page; that of the request when the page is empty.
    package var offset: Offset
    /// The oldest offset still held.
    package var oldest: Offset
    package var hasMore: Bool
    /// What the messages are said in; `nil` is the desk's own words.
    package var dialect: Dialect?

    package init(epoch: Epoch, messages: [EncodedMessage], offset: Offset, oldest: Offset, hasMore: Bool) {
        self.epoch = epoch
        self.messages = messages
        self.offset = offset
        self.oldest = oldest
        self.hasMore = hasMore
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.text("epoch", epoch.text)
            json.key("events")
            json.array(messages) { $0.encoded($1.said(in: dialect).object) }
            json.integer("offset", offset.value)
            json.text("cursor", Cursor(epoch: epoch, offset: offset).description)
            json.integer("oldest", oldest.value)
            json.flag("has_more", hasMore)
        }
    }
}

/// What became of a posted batch (`POST /api/v1/events`).
package struct Accepted: Sendable, WireEncodable {
    package var count: Int
    package var offset: Offset
    /// The ids of what was posted, in its order; messages without an id of their own are left out.
    package var ids: [String]

    package init(count: Int, offset: Offset, ids: [String]) {
        self.count = count
        self.offset = offset
        self.ids = ids
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("accepted", count)
            json.integer("offset", offset.value)
            json.texts("ids", ids)
        }
    }
}
