package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// Serves HTTP/1.1 and WebSocket on one port.
///
/// HTTP is served as Hummingbird does it, with a task per connection that asks for something. A WebSocket is driven by channel
/// handlers on its event loop: neither accepting it nor keeping it takes a task or another thread, for ten thousand may
/// come in one second. That is why Hummingbird's own server, which hands every connection to a task, is not used.
///
/// Graceful shutdown and cancellation alike stop accepting, close WebSockets with 1001 and let answers that have begun
/// be finished; cancellation, and a shutdown that has waited long enough, also end the tasks of HTTP connections. A mutex
/// around what is told once.
package final class UpgradingServer: Service {
    package struct Address: Hashable, Sendable {
        package var host: String
        /// 0 takes any free one.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// How many connections may wait to be accepted. Beyond it the kernel drops them, and a tab tries again only after a
    /// second; after a restart all of them come at once.
    private static let backlogMax = 4_096
    /// How many connections one look at the listening socket accepts.
    private static let acceptedPerReadMax: UInt = 64

    private let address: Address
    private let configuration: WebSocketConfiguration
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let http: HTTP1Channel
    private let decide: WebSocketUpgrade.Decide
    private let onListening: @Sendable (SocketAddress?) async -> Void
    private let quiescing: ServerQuiescingHelper
    private let conversations = AsyncStream.makeStream(of: HTTPConversation.self)
    /// Ends when a shutdown waits no longer.
    private let patience = AsyncStream.makeStream(of: Void.self)
    private let ending = Mutex<EventLoopFuture<Void>?>(nil)

    /// - Parameters:
    ///   - responder: answers HTTP requests.
    ///   - decide: called for every well-formed handshake, on the channel's event loop.
    ///   - onListening: called once connections are accepted.
    package init(
        address: Address,
        configuration: WebSocketConfiguration = .init(),
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        responder: @escaping HTTPChannelHandler.Responder,
        decide: @escaping WebSocketUpgrade.Decide,
        onListening: @escaping @Sendable (SocketAddress?) async -> Void
    ) {
        self.address = address
        self.configuration = configuration
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        http = HTTP1Channel(responder: responder)
        self.decide = decide
        self.onListening = onListening
        quiescing = ServerQuiescingHelper(group: eventLoopGroup)
    }

    /// Returns when the last connection is closed, after a shutdown.
    ///
    /// - Throws: when the address cannot be listened on.
    package func run() async throws {
        let listener = try await listen()
        await withTaskCancellationOrGracefulShutdownHandler {
            await onListening(listener.localAddress)
            await serve()
        } onCancelOrGracefulShutdown: {
            self.shutDown()
        }
        // Whoever is cancelled stops serving at once, but the WebSockets are still saying goodbye.
        try? await shutDown().get()
    }

    /// Begins a graceful shutdown, once.
    ///
    /// - Returns: told when every connection is closed.
    @discardableResult
    package func shutDown() -> EventLoopFuture<Void> {
        let promise = eventLoopGroup.any().makePromise(of: Void.self)
        let begun = ending.withLock { ending in
            defer { ending = ending ?? promise.futureResult }
            return ending
        }
        if let begun {
            promise.completeWith(begun)
        } else {
            quiescing.initiateShutdown(promise: promise)
            let timeLimit = TimeAmount.milliseconds(Int64(configuration.httpShutdownTimeoutMs))
            let timeout = promise.futureResult.eventLoop.scheduleTask(in: timeLimit) {
                self.patience.continuation.finish()
            }
            promise.futureResult.whenComplete { _ in
                timeout.cancel()
                self.conversations.continuation.finish()
            }
        }
        return promise.futureResult
    }

    private func listen() async throws -> any Channel {
        let settings = UpgradeSettings(
            webSocket: configuration,
            decide: decide,
            rounds: LoopRounds(configuration: configuration),
            logger: logger,
            onHTTP: hand
        )
        let listener = try await ServerBootstrap(group: eventLoopGroup)
            .serverChannelOption(.backlog, value: Int32(Self.backlogMax))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: Self.acceptedPerReadMax)
            .serverChannelInitializer { [quiescing] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = quiescing.makeServerChannelHandler(channel: channel)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try settings.setUp(channel) }
            }
            .bind(host: address.host, port: address.port)
            .get()
        logger.info("listening", metadata: ["address": "\(listener.localAddress.map { "\($0)" } ?? address.host)"])
        return listener
    }

    /// - Parameter conversation: must be begun to be ended.
    @Sendable private func hand(_ conversation: HTTPConversation) {
        guard case .terminated = conversations.continuation.yield(conversation) else { return }
        Task { try? await conversation.executeThenClose { _, _ in } }
    }

    private func serve() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.converse() }
            group.addTask { for await _ in self.patience.stream {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func converse() async {
        await withDiscardingTaskGroup { group in
            for await conversation in conversations.stream {
                group.addTask { await self.http.handleHTTP(asyncChannel: conversation, logger: self.logger) }
            }
        }
    }
}
