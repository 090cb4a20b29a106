package import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// HTTP/1.1 and WebSocket on one port, for Hummingbird's server.
///
/// An HTTP connection is set up and served as Hummingbird's own `HTTP1Channel` does it. A WebSocket connection is driven
/// by channel handlers on its event loop and needs no task. Hummingbird's graceful shutdown, and the cancellation of its
/// tasks, close WebSockets with 1001.
package struct HTTP1WebSocketChannel: ServerChildChannel, HTTPChannelHandler {
    /// A new connection; what it becomes is known after its first request's head.
    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        let conversation: EventLoopFuture<HTTPConversation?>
    }

    package let responder: HTTPChannelHandler.Responder
    private let configuration: WebSocketConfiguration
    private let decide: WebSocketUpgrade.Decide
    private let rounds: LoopRounds
    private let sockets = OpenSockets()

    /// - Parameter decide: called for every well-formed handshake, on the channel's event loop.
    package init(
        configuration: WebSocketConfiguration = .init(),
        responder: @escaping HTTPChannelHandler.Responder,
        decide: @escaping WebSocketUpgrade.Decide
    ) {
        self.configuration = configuration
        rounds = LoopRounds(configuration: configuration)
        self.responder = responder
        self.decide = decide
    }

    /// For a decision that can be made at once.
    package init(
        configuration: WebSocketConfiguration = .init(),
        responder: @escaping HTTPChannelHandler.Responder,
        decideAtOnce decide: @escaping @Sendable (HTTPRequest, any Channel) -> WebSocketUpgrade
    ) {
        self.init(configuration: configuration, responder: responder) { request, channel in
            channel.eventLoop.makeSucceededFuture(decide(request, channel))
        }
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // The channel keeps the buffer it has read into last; most WebSockets never need more.
            let allocator = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65_536)
            try channel.syncOptions?.setOption(.recvAllocator, value: allocator)
            let settings = UpgradeSettings(
                webSocket: configuration,
                decide: decide,
                rounds: rounds,
                sockets: sockets,
                logger: logger
            )
            let conversation = try Self.addHandlers(to: channel, settings)
            conversation.whenFailure { error in
                logger.trace("The connection ended before its first request", metadata: ["error": "\(error)"])
            }
            return Value(channel: channel, conversation: conversation)
        }
    }

    package func handle(value: Value, logger: Logger) async {
        let conversation = await withTaskCancellationHandler {
            try? await value.conversation.get()
        } onCancel: {
            value.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
        if let conversation {
            await handleHTTP(asyncChannel: conversation, logger: logger)
        } else {
            await sockets.watch()
        }
    }

    /// The HTTP codec with the limits of Hummingbird's `HTTP1Channel`, keeping what follows a handshake. The future is told
    /// once there is HTTP to serve; `nil`, when it became a WebSocket.
    static func addHandlers(
        to channel: any Channel,
        _ settings: UpgradeSettings
    ) throws -> EventLoopFuture<HTTPConversation?> {
        let limits = HTTP1Channel.Configuration.DecoderConfiguration()
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.maxHeaderFieldSize
        decoderLimits.maxHeaderListSize = limits.maxHeaderListSize
        decoderLimits.maxHeaderFieldCount = limits.maxHeaderFieldCount
        let encoder = HTTPResponseEncoder(configuration: .init())
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes,
                informationalResponseStrategy: .drop,
                limitConfiguration: decoderLimits
            )
        )
        let conversation = channel.eventLoop.makePromise(of: HTTPConversation?.self)
        let upgradeHandler = UpgradeHandler(
            settings: settings,
            encoder: encoder,
            decoder: decoder,
            conversation: conversation
        )
        let pipeline = channel.pipeline.syncOperations
        do {
            try pipeline.addHandler(encoder)
            try pipeline.addHandler(decoder)
            try pipeline.addHandler(upgradeHandler)
        } catch {
            conversation.fail(error)
            throw error
        }
        return conversation.futureResult
    }
}

/// A connection that HTTP is served on.
typealias HTTPConversation = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

/// What every connection's upgrade needs to know of its server.
struct UpgradeSettings: Sendable {
    let webSocket: WebSocketConfiguration
    let decide: WebSocketUpgrade.Decide
    let rounds: LoopRounds
    let sockets: OpenSockets
    let logger: Logger
}
