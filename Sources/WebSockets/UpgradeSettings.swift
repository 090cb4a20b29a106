internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// A connection that HTTP is served on.
typealias HTTPConversation = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

/// What every connection of a server is set up with.
struct UpgradeSettings: Sendable {
    let webSocket: WebSocketConfiguration
    let decide: WebSocketUpgrade.Decide
    let rounds: LoopRounds
    let logger: Logger
    /// Given a connection when its first request is none for a WebSocket; on its event loop. It owns the conversation.
    let onHTTP: @Sendable (HTTPConversation) -> Void

    /// The reading half of the HTTP codec with the limits of Hummingbird's `HTTP1Channel`, keeping what follows a handshake,
    /// and behind it what decides between HTTP and WebSocket. Called on the channel's event loop.
    func setUp(_ channel: any Channel) throws {
        // The channel keeps the buffer it has read into last; most WebSockets never need more.
        let allocator = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65_536)
        try channel.syncOptions?.setOption(.recvAllocator, value: allocator)
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes,
                informationalResponseStrategy: .drop,
                limitConfiguration: Self.decoderLimits
            )
        )
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(decoder)
        try pipeline.addHandler(UpgradeHandler(settings: self, decoder: decoder))
    }

    private static var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        let limits = HTTP1Channel.Configuration.DecoderConfiguration()
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.maxHeaderFieldSize
        decoderLimits.maxHeaderListSize = limits.maxHeaderListSize
        decoderLimits.maxHeaderFieldCount = limits.maxHeaderFieldCount
        return decoderLimits
    }
}
