internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket

/// How a handshake is answered.
extension UpgradeHandler {
    func decide(_ handshake: Handshake, context: ChannelHandlerContext) {
        state = .deciding
        do {
            let request = try HTTPRequest(handshake.head, secure: false, splitCookie: false)
            settings.decide(request, context.channel).hop(to: context.eventLoop).assumeIsolated().whenComplete {
                result in
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
        let pipeline = context.pipeline.syncOperations
        // A timer for idle HTTP connections has no business with this one any more.
        if let httpStateHandler { pipeline.removeHandler(httpStateHandler, promise: nil) }
        if let encoder { pipeline.removeHandler(encoder, promise: nil) }
        becomeWebSocket()
        do {
            let handler = WebSocketChannelHandler(
                round: settings.rounds.round(of: context.eventLoop),
                agreement: agreement,
                answer: Self.answer(headers),
                makeHandler: makeHandler
            )
            try pipeline.addHandler(handler, position: .after(self))
        } catch {
            context.close(promise: nil)
            return
        }
        let decoderRemoved = context.eventLoop.makePromise(of: Void.self)
        decoderRemoved.futureResult.assumeIsolated().whenSuccess {
            pipeline.removeHandler(self, promise: nil)
        }
        pipeline.removeHandler(decoder, promise: decoderRemoved)
        readOn(context: context)
    }

    /// The head that switches protocols (RFC 6455 §4.2.2).
    private static func answer(_ headers: HTTPHeaders) -> ByteBuffer {
        var answer = ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n")
        for (name, value) in headers { answer.writeString("\(name): \(value)\r\n") }
        answer.writeString("\r\n")
        return answer
    }

    func refuse(_ refusal: Handshake.Refusal, context: ChannelHandlerContext) {
        switch refusal {
        case .malformed(let why): refuse(.badRequest, [:], why + "\n", context: context)
        case .version:
            var headers: HTTPFields = [:]
            headers[.secWebSocketVersion] = Handshake.version
            headers[.upgrade] = "websocket"
            headers[.connection] = "upgrade, close"
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
        if fields[.connection] == nil { fields[.connection] = "close" }
        fields[.contentLength] = String(body.utf8.count)
        if !body.isEmpty, fields[.contentType] == nil { fields[.contentType] = "text/plain; charset=utf-8" }
        do {
            try addEncoder(context: context)
        } catch {
            context.close(promise: nil)
            return
        }
        let head = HTTPResponseHead(HTTPResponse(status: status, headerFields: fields))
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        }
        // Not both halves at once: with bytes of the peer's still unread that would reset the connection, and the peer
        // might never see the answer. Its end ends the rest, or else the timer.
        closeLater(inMs: settings.webSocket.closeTimeoutMs, context: context)
        let ended = context.eventLoop.makePromise(of: Void.self)
        ended.futureResult.assumeIsolated().whenFailure { _ in context.close(promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: ended) }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
        readOn(context: context)
    }
}
