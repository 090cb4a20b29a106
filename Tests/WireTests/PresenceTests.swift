import Domain
import Testing

@testable import Wire

/// What everybody is told of who is here is bounded; REST tells all (ENV-09).
@Suite struct PresenceTests {
    private func time(_ second: Int) -> Timestamp { Timestamp(milliseconds: 1_769_164_200_000 + Int64(second) * 1_000) }

    /// As long as names get on the wire.
    private func name(_ number: Int) -> UserName {
        UserName(String(repeating: "\"", count: 60) + String(1_000 + number))!
    }

    private var crowd: Presence {
        Presence(
            users: (0..<500).map { Presence.User(user: name($0), tabs: 1, since: time($0)) },
            anonymousTabs: 9_500,
            looking: (0..<500).map { Presence.Look(signal: SignalID(), user: name($0), tabs: 1, since: time(500 - $0)) }
        )
    }

    @Test func `a crowd fits into 10 KB, and the counts say how many there are`() throws {
        let message = EncodedMessage.presenceUpdated(at: time(0), crowd)
        #expect(message.tail.count < 10_000)
        let data = try #require(try JSONParser.parse(message.object)["data"])
        guard case .array(let users) = data["users"], case .array(let looking) = data["looking"] else {
            Issue.record("no lists")
            return
        }
        #expect(!users.isEmpty && users.count < 500 && !looking.isEmpty && looking.count < 500)
        #expect(data["users_count"] == .number("500") && data["looking_count"] == .number("500"))
    }

    @Test func `over REST nothing is left out`() throws {
        var json = JSONWriter()
        crowd.write(to: &json)
        guard case .array(let users) = try JSONParser.parse(json.bytes)["users"] else {
            Issue.record("no list")
            return
        }
        #expect(users.count == 500)
    }

    @Test func `who looks at many signals does not crowd the others out`() throws {
        let busy = (0..<50).map { Presence.Look(signal: SignalID(), user: name(1), tabs: 1, since: time(100 - $0)) }
        let quiet = Presence.Look(signal: SignalID(), user: UserName("bo")!, tabs: 1, since: time(0))
        let message = EncodedMessage.presenceUpdated(
            at: time(100),
            Presence(users: [], anonymousTabs: 0, looking: busy + [quiet])
        )
        guard case .array(let looking) = try JSONParser.parse(message.object)["data"]?["looking"] else {
            Issue.record("no list")
            return
        }
        #expect(looking.count == Presence.looksPerUserMax + 1)
        #expect(looking.last?["user"] == .string("bo"))
    }
}
