internal import NIOCore

/// Joins a channel to its `WebSocketConnection`: bytes in, bytes out.
///
/// What stands behind it in the pipeline is what is left of HTTP, when the connection had served requests before it was
/// upgraded: that part hears nothing more but the end of the channel.
final class WebSocketChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private let round: LoopRound
    private let agreement: DeflateAgreement?
    /// To the handshake; `nil` once it is on its way.
    private var answer: ByteBuffer?
    private let makeHandler: (WebSocketConnection) -> any WebSocketHandler
    private var connection: WebSocketConnection?

    init(
        round: LoopRound,
        agreement: DeflateAgreement?,
        answer: ByteBuffer,
        makeHandler: @escaping (WebSocketConnection) -> any WebSocketHandler
    ) {
        self.round = round
        self.agreement = agreement
        self.answer = answer
        self.makeHandler = makeHandler
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let connection = WebSocketConnection(context: context, round: round, agreement: agreement)
        self.connection = connection
        if let answer = answer.take() { connection.begin(with: answer) }
        connection.open(with: makeHandler(connection))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection?.receive(Self.unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {}

    /// The socket's own errors: the channel is lost.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection?.writabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: connection?.close(code: .goingAway, reason: "the server is shutting down")
        // A peer that has closed its half can neither send a close frame nor be wanted any more.
        case ChannelEvent.inputClosed: context.close(promise: nil)
        case ChannelEvent.outputClosed: break
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    /// Somebody else closes the channel: the HTTP part behind us does when its task is cancelled, first its own half, then
    /// all. The peer is told before.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard let connection else {
            context.close(mode: mode, promise: promise)
            return
        }
        connection.close(code: .goingAway, reason: "the server is shutting down")
        if mode == .all {
            context.channel.closeFuture.cascade(to: promise)
            connection.disconnectWhenFlushed()
        } else {
            promise?.succeed()
        }
    }

    private func end() {
        let connection = connection
        self.connection = nil
        connection?.disconnected()
    }
}

@available(*, unavailable)
extension WebSocketChannelHandler: Sendable {}
