import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import WebSockets

/// A server on a free port of the loopback interface.
struct LiveServer: Sendable {
    let port: Int
    /// As a service group does it on SIGTERM.
    let shutDown: @Sendable () async throws -> Void
    /// As a service group does it when a graceful shutdown takes too long.
    let cancel: @Sendable () -> Void
}

/// Runs `body` against a server, then shuts it down.
func withLiveServer(
    _ change: (inout WebSocketConfiguration) -> Void = { _ in },
    onClose: @escaping @Sendable (WebSocketClose) -> Void = { _ in },
    _ body: (LiveServer) async throws -> Void
) async throws {
    var configuration = WebSocketConfiguration()
    configuration.pingIntervalMs = nil
    change(&configuration)
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let server = UpgradingServer(
        address: UpgradingServer.Address(host: "127.0.0.1", port: 0),
        configuration: configuration,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        responder: { request, writer, _ in
            if request.head.method == .post { return try await echo(request, writer) }
            let body = "path \(request.head.path ?? "")"
            try await writer.write(
                response: HTTPResponse(status: .ok, headerFields: [.contentLength: String(body.utf8.count)]),
                body: ResponseBody(byteBuffer: ByteBuffer(string: body))
            )
        },
        decide: { request, channel in channel.eventLoop.makeSucceededFuture(answer(to: request, onClose)) },
        onListening: { running.yield($0!.port!) }
    )
    let service = Task { try await server.run() }
    var iterator = ports.makeAsyncIterator()
    let port = await iterator.next()!
    try await body(
        LiveServer(port: port, shutDown: { try await server.shutDown().get() }, cancel: { service.cancel() })
    )
    // Either may find the server gone already, when `body` has cancelled it.
    try? await server.shutDown().get()
    try? await service.value
}

/// Begins the answer before there is anything to echo, so that a client knows that its request is being served.
private func echo(_ request: Request, _ writer: consuming ResponseWriter) async throws {
    var body = try await writer.writeHead(HTTPResponse(status: .ok))
    for try await part in request.body { try await body.write(part) }
    try await body.finish(nil)
}

private func answer(
    to handshake: HTTPRequest,
    _ onClose: @escaping @Sendable (WebSocketClose) -> Void
) -> WebSocketUpgrade {
    switch handshake.path {
    case "/ws": .accept { _ in LiveEcho(onClose: onClose) }
    case "/forbidden": .refuse(.forbidden, body: "not you")
    default: .refuse(.notFound)
    }
}

/// Echoes; a text `close` closes, a text `flood` sends a megabyte.
private final class LiveEcho: WebSocketHandler {
    private let onClose: @Sendable (WebSocketClose) -> Void

    init(onClose: @escaping @Sendable (WebSocketClose) -> Void) {
        self.onClose = onClose
    }

    func opened(_ connection: WebSocketConnection) {}

    func received(text: ByteBuffer, on connection: WebSocketConnection) {
        switch String(buffer: text) {
        case "close": connection.close(code: .init(rawValue: 4002), reason: "asked to")
        case "flood": for _ in 0..<16 { connection.send(binary: ByteBuffer(repeating: 1, count: 65_536)) }
        default: connection.send(text: text, compress: true)
        }
    }

    func received(binary: ByteBuffer, on connection: WebSocketConnection) {
        connection.send(binary: binary, compress: true)
    }

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) { onClose(close) }
}
