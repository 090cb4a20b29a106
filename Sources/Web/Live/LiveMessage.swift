import Domain
import NIOCore
import Realtime
import WebSockets
import Wire

/// A broadcast with its frame, encoded once and deflated at most once for all tabs of all loops.
struct LiveMessage: Sendable {
    let broadcast: Broadcast
    let prepared: PreparedMessage

    init(_ broadcast: Broadcast) {
        self.broadcast = broadcast
        prepared = PreparedMessage(
            head: LiveMessage.head,
            tail: ByteBuffer(bytes: broadcast.message.tail)
        )
    }

    static let head = ByteBuffer(bytes: EncodedMessage.head)
}
