import ArgumentParser
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import WebSockets

/// Sends every message back, for conformance suites.
@main
struct EchoServer: AsyncParsableCommand {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any.")
    var port = 0

    func run() async throws {
        var configuration = WebSocketConfiguration()
        configuration.messageBytesMax = 16 << 20
        configuration.fragmentsMax = 100_000
        configuration.outboundBytesMax = 256 << 20
        configuration.pingIntervalMs = nil
        configuration.deflate = DeflatePolicy(deflateBytesMin: 0, allowsClientContextTakeover: true)
        let server = UpgradingServer(
            address: UpgradingServer.Address(host: host, port: port),
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "echo"),
            responder: { _, writer, _ in
                try await writer.writeResponse(HTTPResponse(status: .notFound, headerFields: [.contentLength: "0"]))
            },
            decide: { _, channel in channel.eventLoop.makeSucceededFuture(.accept { _ in Echo() }) },
            onListening: { address in
                let line = "listening on \(host):\(address?.port ?? 0)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            }
        )
        try await server.run()
    }
}

/// Event-loop-bound, like every handler.
final class Echo: WebSocketHandler {
    func opened(_ connection: WebSocketConnection) {}

    func received(text: ByteBuffer, on connection: WebSocketConnection) {
        connection.send(text: text, compress: true)
    }

    func received(binary: ByteBuffer, on connection: WebSocketConnection) {
        connection.send(binary: binary, compress: true)
    }

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) {}
}
