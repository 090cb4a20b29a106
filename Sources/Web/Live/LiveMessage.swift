import Domain
import NIOCore
import Realtime
import WebSockets
import Wire

/// A broadcast with its frames, encoded once for all tabs of all loops.
struct LiveMessage: Sendable {
    let broadcast: Broadcast
    let prepared: PreparedMessage

    /// Compressed by itself, if at all: for one tab, or for the few that listen to a price.
    init(_ broadcast: Broadcast) {
        self.broadcast = broadcast
        prepared = PreparedMessage(head: EncodedMessage.head, tail: broadcast.message.tail)
    }

    /// Compressed with the memory of what all tabs have received.
    init(_ broadcast: Broadcast, with deflater: inout SharedDeflater, now: NIODeadline) {
        self.broadcast = broadcast
        prepared = deflater.prepare(tail: broadcast.message.tail, now: now)
    }
}

/// Messages that go to the tabs together.
struct LiveMessages: Sendable {
    let batch: BroadcastBatch
    let prepared: [PreparedMessage]

    init(_ messages: some Collection<LiveMessage>) {
        batch = BroadcastBatch(messages.map(\.broadcast))
        prepared = messages.map(\.prepared)
    }
}
