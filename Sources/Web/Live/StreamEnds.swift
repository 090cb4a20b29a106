import NIOCore

/// Stands in the pipeline of a stream's connection and hears when there is nobody left to write for: the reader has gone,
/// or the server is going away. Event-loop-bound.
final class StreamEnds: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    enum End {
        case readerGone
        case serverGoingAway
    }

    private let heard: (End) -> Void

    init(_ heard: @escaping (End) -> Void) { self.heard = heard }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: heard(.serverGoingAway)
        // Who asks for a stream and closes its half has nothing to say, but neither has a tab that was closed; the one can
        // ask again, of the other nobody would tell us before the next heartbeat.
        case ChannelEvent.inputClosed: heard(.readerGone)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        heard(.readerGone)
        context.fireChannelInactive()
    }
}

@available(*, unavailable)
extension StreamEnds: Sendable {}
