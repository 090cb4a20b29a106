internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket

/// Stands behind the HTTP codec and turns a connection into one for HTTP or for WebSocket, by its requests.
///
/// The first request that is not a handshake brings the rest of the HTTP pipeline. A handshake may also follow requests
/// that have been answered, as it does behind proxies that reuse connections; one pipelined behind a request still
/// being answered is left to HTTP. Event-loop-bound.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What a connection has become.
    enum Outcome: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case webSocket
    }

    private enum State {
        case http
        /// A handshake's head is in; its end is awaited.
        case handshake(Handshake)
        case deciding
        case refused
        case upgraded
    }

    private let settings: UpgradeSettings
    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let outcome: EventLoopPromise<Outcome>
    private var isOutcomeKnown = false
    private var state = State.http
    private var requestsInProgress = 0
    private var httpStateHandler: HTTPConnectionStateHandler?
    private var timeout: Scheduled<Void>?

    init(
        settings: UpgradeSettings,
        encoder: HTTPResponseEncoder,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>,
        outcome: EventLoopPromise<Outcome>
    ) {
        self.settings = settings
        self.encoder = encoder
        self.decoder = decoder
        self.outcome = outcome
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let time = TimeAmount.milliseconds(Int64(settings.webSocket.handshakeTimeoutMs))
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
        guard !isOutcomeKnown else { return }
        isOutcomeKnown = true
        outcome.fail(ChannelError.eof)
    }

    private func become(_ outcome: Outcome) {
        guard !isOutcomeKnown else { return }
        isOutcomeKnown = true
        self.outcome.succeed(outcome)
    }

    // MARK: Requests

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
        case is ChannelShouldQuiesceEvent where !isOutcomeKnown: context.close(promise: nil)
        case ChannelEvent.inputClosed where !isOutcomeKnown: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Adds what Hummingbird's own HTTP/1 channel has behind the codec.
    private func becomeHTTP(context: ChannelHandlerContext) -> Bool {
        guard httpStateHandler == nil else { return true }
        timeout?.cancel()
        timeout = nil
        let idleTimeout = Duration.milliseconds(settings.webSocket.httpIdleTimeoutMs)
        let stateHandler = HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: settings.logger)
        httpStateHandler = stateHandler
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(stateHandler)
            become(
                .http(
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: context.channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )))
            return true
        } catch {
            context.close(promise: nil)
            return false
        }
    }

    // MARK: Handshakes

    private func decide(_ handshake: Handshake, context: ChannelHandlerContext) {
        state = .deciding
        do {
            let request = try HTTPRequest(handshake.head, secure: false, splitCookie: false)
            settings.decide(request, context.channel).hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
                guard context.channel.isActive else { return }
                switch result {
                case .success(.accept(let headers, let makeHandler)):
                    self.accept(handshake, headers, makeHandler, context: context)
                case .success(.refuse(let status, let headers, let body)):
                    self.refuse(status, headers, body, context: context)
                case .failure:
                    self.refuse(.internalServerError, [:], "", context: context)
                }
            }
        } catch {
            refuse(.malformed("the request cannot be understood"), context: context)
        }
    }

    private func accept(
        _ handshake: Handshake,
        _ headers: HTTPFields,
        _ makeHandler: @escaping WebSocketUpgrade.MakeHandler,
        context: ChannelHandlerContext
    ) {
        let agreement = settings.webSocket.deflate.flatMap {
            DeflateAgreement(answering: handshake.offers, policy: $0)
        }
        var extra = HTTPHeaders(headers)
        if let agreement { extra.add(name: "Sec-WebSocket-Extensions", value: agreement.headerValue) }
        // NIO's upgrader knows how to answer a key (RFC 6455 §4.2.2); it is asked for that alone.
        let answer = NIOWebSocketServerUpgrader(
            shouldUpgrade: { [extra] channel, _ in channel.eventLoop.makeSucceededFuture(extra) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        ).buildUpgradeResponse(channel: context.channel, upgradeRequest: handshake.head, initialResponseHeaders: [:])
        answer.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let headers): self.upgrade(headers, agreement, makeHandler, context: context)
            case .failure: self.refuse(.badRequest, [:], "", context: context)
            }
        }
    }

    private func upgrade(
        _ headers: HTTPHeaders,
        _ agreement: DeflateAgreement?,
        _ makeHandler: @escaping WebSocketUpgrade.MakeHandler,
        context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        timeout?.cancel()
        timeout = nil
        state = .upgraded
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        let pipeline = context.pipeline.syncOperations
        // A timer for idle HTTP connections has no business with this one any more.
        if let httpStateHandler { pipeline.removeHandler(httpStateHandler, promise: nil) }
        pipeline.removeHandler(encoder, promise: nil)
        become(.webSocket)
        do {
            let handlers = WebSocketChannelHandler.handlers(
                round: settings.rounds.round(of: context.eventLoop),
                agreement: agreement,
                configuration: settings.webSocket,
                makeHandler: makeHandler
            )
            try pipeline.addHandlers(handlers, position: .after(self))
        } catch {
            context.close(promise: nil)
            return
        }
        let decoderRemoved = context.eventLoop.makePromise(of: Void.self)
        decoderRemoved.futureResult.assumeIsolated().whenSuccess {
            pipeline.removeHandler(self, promise: nil)
        }
        pipeline.removeHandler(decoder, promise: decoderRemoved)
    }

    private func refuse(_ refusal: Handshake.Refusal, context: ChannelHandlerContext) {
        switch refusal {
        case .malformed(let why): refuse(.badRequest, [:], why + "\n", context: context)
        case .version:
            var headers: HTTPFields = [:]
            headers[.secWebSocketVersion] = Handshake.version
            headers[.upgrade] = "websocket"
            refuse(.upgradeRequired, headers, "this server speaks WebSocket version 13\n", context: context)
        }
    }

    private func refuse(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ body: String,
        context: ChannelHandlerContext
    ) {
        state = .refused
        var fields = headers
        fields[.connection] = "close"
        fields[.contentLength] = String(body.utf8.count)
        if !body.isEmpty, fields[.contentType] == nil { fields[.contentType] = "text/plain; charset=utf-8" }
        let head = HTTPResponseHead(HTTPResponse(status: status, headerFields: fields))
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
    }
}

@available(*, unavailable)
extension UpgradeHandler: Sendable {}
