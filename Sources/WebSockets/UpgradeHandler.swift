internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// Stands behind the HTTP decoder and turns a connection into one for HTTP or for WebSocket, by its requests.
///
/// The first request that is not a handshake brings the rest of the HTTP pipeline. A handshake may also follow requests
/// that have been answered, as it does behind proxies that reuse connections; one pipelined behind a request still
/// being answered is left to HTTP. Event-loop-bound.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        case http
        /// A handshake's head is in; its end is awaited.
        case handshake(Handshake)
        case deciding
        case refused
        case upgraded
    }

    let settings: UpgradeSettings
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    /// `nil` until HTTP is spoken: what a WebSocket is answered needs none.
    private(set) var encoder: HTTPResponseEncoder?
    /// Whether it is known who drives the connection: an HTTP conversation or the WebSocket.
    private var isDecided = false
    var state = State.http
    private var requestsInProgress = 0
    var httpStateHandler: HTTPConnectionStateHandler?
    var timeout: Scheduled<Void>?
    private var isReadHeld = false

    init(
        settings: UpgradeSettings,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>
    ) {
        self.settings = settings
        self.decoder = decoder
    }

    func handlerAdded(context: ChannelHandlerContext) {
        closeLater(inMs: settings.webSocket.handshakeTimeoutMs, context: context)
    }

    func closeLater(inMs timeMs: Int, context: ChannelHandlerContext) {
        timeout?.cancel()
        let time = TimeAmount.milliseconds(Int64(timeMs))
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        timeout?.cancel()
        timeout = nil
        isDecided = true
    }

    /// The connection is the WebSocket's from now on. After HTTP requests there is somebody who serves them, and hears of
    /// the end by itself.
    func becomeWebSocket() { isDecided = true }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .http: receive(Self.unwrapInboundIn(data), data, context: context)
        case .handshake(let handshake): receive(Self.unwrapInboundIn(data), of: handshake, context: context)
        case .deciding, .refused: break
        // The bytes behind the handshake, which the HTTP decoder hands on as it leaves.
        case .upgraded: context.fireChannelRead(data)
        }
    }

    private func receive(_ part: HTTPServerRequestPart, _ data: NIOAny, context: ChannelHandlerContext) {
        if case .head(let head) = part {
            if requestsInProgress == 0 {
                switch Handshake.verdict(on: head) {
                case .http: break
                case .webSocket(let handshake):
                    state = .handshake(handshake)
                    return
                case .refused(let refusal):
                    refuse(refusal, context: context)
                    return
                }
            }
            requestsInProgress += 1
            guard becomeHTTP(context: context) else { return }
        }
        context.fireChannelRead(data)
    }

    private func receive(_ part: HTTPServerRequestPart, of handshake: Handshake, context: ChannelHandlerContext) {
        switch part {
        case .head: break
        case .body: refuse(.malformed("the handshake must not have a body"), context: context)
        case .end: decide(handshake, context: context)
        }
    }

    /// While the application decides, what the peer sends already is left to the kernel.
    func read(context: ChannelHandlerContext) {
        if case .deciding = state {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func readOn(context: ChannelHandlerContext) {
        guard isReadHeld else { return }
        isReadHeld = false
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .http = state, case .end = Self.unwrapOutboundIn(data) { requestsInProgress -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Hummingbird answers a request it cannot read.
        if case .http = state { _ = becomeHTTP(context: context) }
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent where !isDecided: context.close(promise: nil)
        case ChannelEvent.inputClosed where !isDecided: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func addEncoder(context: ChannelHandlerContext) throws {
        guard encoder == nil else { return }
        let encoder = HTTPResponseEncoder(configuration: .init())
        self.encoder = encoder
        try context.pipeline.syncOperations.addHandler(encoder, position: .first)
    }

    /// Adds what Hummingbird's own HTTP/1 channel has behind the codec.
    private func becomeHTTP(context: ChannelHandlerContext) -> Bool {
        guard httpStateHandler == nil else { return true }
        guard !isDecided else { return false }
        timeout?.cancel()
        timeout = nil
        let idleTimeout = Duration.milliseconds(settings.webSocket.httpIdleTimeoutMs)
        let stateHandler = HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: settings.logger)
        httpStateHandler = stateHandler
        do {
            try addEncoder(context: context)
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(stateHandler)
            let channel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: context.channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            isDecided = true
            settings.onHTTP(channel)
            return true
        } catch {
            context.close(promise: nil)
            return false
        }
    }
}

@available(*, unavailable)
extension UpgradeHandler: Sendable {}
