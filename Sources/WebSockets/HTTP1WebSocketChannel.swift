package import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// HTTP/1.1 and WebSocket on one port, for Hummingbird's server.
///
/// An HTTP connection is set up and served as Hummingbird's own `HTTP1Channel` does it. A WebSocket connection is driven
/// by channel handlers on its event loop; its task only waits for the end. Hummingbird's graceful shutdown, and the
/// cancellation of its tasks, close WebSockets with 1001.
package struct HTTP1WebSocketChannel: ServerChildChannel, HTTPChannelHandler {
    /// A new connection; what it becomes is known after its first request's head.
    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        let outcome: EventLoopFuture<UpgradeHandler.Outcome>
    }

    package let responder: HTTPChannelHandler.Responder
    private let configuration: WebSocketConfiguration
    private let decide: WebSocketUpgrade.Decide
    private let rounds = LoopRounds()

    /// - Parameter decide: called for every well-formed handshake, on the channel's event loop.
    package init(
        configuration: WebSocketConfiguration = .init(),
        responder: @escaping HTTPChannelHandler.Responder,
        decide: @escaping WebSocketUpgrade.Decide
    ) {
        self.configuration = configuration
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
            let settings = UpgradeSettings(webSocket: configuration, decide: decide, rounds: rounds, logger: logger)
            return Value(channel: channel, outcome: try Self.addHandlers(to: channel, settings))
        }
    }

    package func handle(value: Value, logger: Logger) async {
        let channel = value.channel
        do {
            let outcome = try await withTaskCancellationHandler {
                try await value.outcome.get()
            } onCancel: {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            switch outcome {
            case .http(let asyncChannel): await handleHTTP(asyncChannel: asyncChannel, logger: logger)
            case .webSocket:
                try await withTaskCancellationHandler {
                    try await channel.closeFuture.get()
                } onCancel: {
                    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
                }
            }
        } catch {
            logger.trace("The connection ended before its first request", metadata: ["error": "\(error)"])
        }
    }

    /// The HTTP codec with the limits of Hummingbird's `HTTP1Channel`, keeping what follows a handshake.
    static func addHandlers(
        to channel: any Channel,
        _ settings: UpgradeSettings
    ) throws -> EventLoopFuture<UpgradeHandler.Outcome> {
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
        let outcome = channel.eventLoop.makePromise(of: UpgradeHandler.Outcome.self)
        let upgradeHandler = UpgradeHandler(settings: settings, encoder: encoder, decoder: decoder, outcome: outcome)
        let pipeline = channel.pipeline.syncOperations
        do {
            try pipeline.addHandler(encoder)
            try pipeline.addHandler(decoder)
            try pipeline.addHandler(upgradeHandler)
        } catch {
            outcome.fail(error)
            throw error
        }
        return outcome.futureResult
    }
}

/// What every connection's upgrade needs to know of its server.
struct UpgradeSettings: Sendable {
    let webSocket: WebSocketConfiguration
    let decide: WebSocketUpgrade.Decide
    let rounds: LoopRounds
    let logger: Logger
}
