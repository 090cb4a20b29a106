import Domain
import NIOCore
import Realtime
import WebSockets
import Wire

/// A broadcast with its frames, encoded once for all tabs of all loops.
struct LiveMessage: Sendable {
    let broadcast: Broadcast
    let prepared: PreparedMessage
    let typeIndex: Int
    private let retellings = PerDialect<Retelling>()

    /// Compressed by itself, if at all: for one tab, or for the few that listen to a price.
    init(_ broadcast: Broadcast) {
        self.broadcast = broadcast
        prepared = PreparedMessage(broadcast.message)
        typeIndex = broadcast.message.type.index
    }

    /// Compressed with the memory of what all tabs have received.
    init(_ broadcast: Broadcast, with deflater: inout SharedDeflater, now: NIODeadline) {
        self.broadcast = broadcast
        prepared = deflater.prepare(tail: broadcast.message.tail, now: now)
        typeIndex = broadcast.message.type.index
    }

    /// As this user hears it.
    func told(to user: UserName?) -> LiveMessage {
        broadcast.audience.includes(user) ? self : LiveMessage(broadcast.told(to: user))
    }

    func said(in dialect: Dialect?) -> EncodedMessage {
        dialect.map { retelling(in: $0).message } ?? broadcast.message
    }

    func prepared(in dialect: Dialect?) -> PreparedMessage { dialect.map { retelling(in: $0).prepared } ?? prepared }

    private func retelling(in dialect: Dialect) -> Retelling {
        retellings.value(in: dialect) { Retelling(broadcast.message.said(in: dialect)) }
    }
}

/// A message in a dialect.
///
/// Its frames stand alone, also those of a message that the dialect leaves as it is: who hears other words than the rest
/// cannot follow the shared stream, and must not make the rest wait for resets of it.
private final class Retelling: Sendable {
    let message: EncodedMessage
    let prepared: PreparedMessage

    init(_ message: EncodedMessage) {
        self.message = message
        prepared = PreparedMessage(message)
    }
}

/// Messages that go to the tabs together: those whom all of them are for.
struct LiveMessages: Sendable {
    let batch: BroadcastBatch
    let messages: [LiveMessage]
    private let prepared: [PreparedMessage]
    let typeIndices: [Int]

    /// The bits of those who take all of them.
    var all: UInt64 { UInt64.max >> UInt64(BroadcastBatch.broadcastsMax - prepared.count) }

    init(_ messages: some Collection<LiveMessage>) {
        batch = BroadcastBatch(messages.map(\.broadcast))
        self.messages = Array(messages)
        prepared = messages.map(\.prepared)
        typeIndices = messages.map(\.typeIndex)
    }

    func said(in dialect: Dialect?) -> [EncodedMessage] { messages.map { $0.said(in: dialect) } }

    func prepared(in dialect: Dialect?) -> [PreparedMessage] {
        dialect == nil ? prepared : messages.map { $0.prepared(in: dialect) }
    }
}

extension [LiveMessage] {
    /// In order, and what is not for the whole desk alone.
    func batches(ofCount count: Int) -> [[LiveMessage]] {
        var batches: [[LiveMessage]] = []
        var isOpen = false
        for message in self {
            let isForDesk = message.broadcast.audience == .desk
            if isOpen, isForDesk, batches[batches.count - 1].count < count {
                batches[batches.count - 1].append(message)
            } else {
                batches.append([message])
            }
            isOpen = isForDesk
        }
        return batches
    }
}

extension PreparedMessage {
    /// Compressed by itself, if at all.
    convenience init(_ message: EncodedMessage) { self.init(head: EncodedMessage.head, tail: message.tail) }
}
