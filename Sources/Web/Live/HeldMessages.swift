import Domain
import NIOCore
import Realtime
import WebSockets
import Wire

/// What was held back in a burst, for the tabs that batch: joined and, for those that do not want all of it, one by one.
struct HeldMessages: Sendable {
    let apart: LiveMessages
    private let joined: JoinedMessages
    private let retellings = PerDialect<JoinedMessages>()
    private let releasedAt: Timestamp

    var batch: BroadcastBatch { apart.batch }

    /// - Parameter prepare: gives a joined message its frames.
    init(_ broadcasts: [Broadcast], now: Timestamp, prepare: (EncodedMessage) -> PreparedMessage) {
        apart = LiveMessages(broadcasts.map { LiveMessage($0) })
        joined = JoinedMessages(EncodedMessage.joined(broadcasts.map(\.message), at: now), prepare: prepare)
        releasedAt = now
    }

    func joined(in dialect: Dialect?) -> JoinedMessages {
        guard let dialect else { return joined }
        return retellings.value(in: dialect) {
            let messages = EncodedMessage.joined(apart.said(in: dialect), at: releasedAt)
            return JoinedMessages(messages) { PreparedMessage($0) }
        }
    }
}

/// The joined messages of a release, in one wording.
final class JoinedMessages: Sendable {
    let messages: [EncodedMessage]
    let prepared: [PreparedMessage]

    init(_ messages: [EncodedMessage], prepare: (EncodedMessage) -> PreparedMessage) {
        self.messages = messages
        prepared = messages.map(prepare)
    }

    var count: Int { messages.count }
    /// Bit by bit, all of them.
    var all: UInt64 { count == UInt64.bitWidth ? .max : 1 << UInt64(count) - 1 }
}
