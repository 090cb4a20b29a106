package import Domain

/// Events that endpoints could not be given (`GET /api/v1/webhooks/dead-letters`).
package struct DeadLetterPage: Sendable, WireEncodable {
    package let letters: [DeadLetterEntry]
    package let hasMore: Bool

    package init(letters: [DeadLetterEntry], hasMore: Bool) {
        self.letters = letters
        self.hasMore = hasMore
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.list("dead_letters", letters)
            json.flag("has_more", hasMore)
        }
    }
}

package struct DeadLetterEntry: Sendable, WireEncodable {
    private let letter: DeadLetter

    package init(_ letter: DeadLetter) { self.letter = letter }

    package func write(to json: inout JSONWriter) {
        let content = letter.content
        json.object { json in
            json.integer("id", letter.id)
            json.text("endpoint", content.endpoint)
            json.text("event_id", content.eventID)
            json.text("type", content.type)
            json.integer("offset", content.offset.value)
            json.text("signal_id", content.signal?.description)
            json.integer("attempts", content.attempts)
            json.time("failed_at", content.failedAt)
            json.text("failure", content.failure)
            json.flag("queued", letter.isQueued)
        }
    }
}
