import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import SeededRandom
import Synchronization
import Testing

@testable import WebSockets

/// A server of one event loop whose connections hear what the test broadcasts.
final class BroadcastServer: Sendable {
    let port: Int
    private let members: NIOLoopBoundBox<Members>
    private let loop: any EventLoop
    private let stream = Mutex(Stream())

    private struct Stream: ~Copyable {
        var deflater = SharedDeflater(head: "{\"n\":".utf8)
        var noise = Noise(seed: 1)
    }

    fileprivate init(port: Int, members: NIOLoopBoundBox<Members>, loop: any EventLoop) {
        self.port = port
        self.members = members
        self.loop = loop
    }

    /// How many connections have ended.
    var closed: Int { get async throws { try await onLoop(\.closed) } }

    func bufferedBytes() async throws -> [Int] { try await onLoop { $0.open.map(\.connection.bufferedBytes) } }

    func closeAll() async throws { try await onLoop { for member in $0.open { member.connection.close() } } }

    func waitForConnections(_ count: Int) async throws {
        while try await onLoop({ $0.open.count }) != count { await Task.yield() }
    }

    func waitForNothingBuffered() async throws {
        while try await bufferedBytes().contains(where: { $0 > 0 }) { await Task.yield() }
    }

    /// - Parameter thenEach: whether each connection gets a message of its own besides.
    func broadcast(messages: Int, tailBytes: Int = 0, thenEach: Bool = false) async throws {
        let prepared = stream.withLock { stream in
            (0..<messages).map { _ in
                let filling = stream.noise.text(bytes: tailBytes)
                let tail = Array(",\"x\":\"".utf8) + filling + Array("\"}".utf8)
                return stream.deflater.prepare(tail: tail, now: .now())
            }
        }
        try await onLoop { members in
            let run = BroadcastRun(prepared)
            for member in members.open { member.take(run, messages, thenItsOwn: thenEach) }
        }
    }

    private func onLoop<Result: Sendable>(_ body: @escaping @Sendable (Members) -> Result) async throws -> Result {
        try await loop.submit { [members] in body(members.value) }.get()
    }
}

/// Runs `body` against a server, then shuts it down.
func withBroadcastServer(
    writesDirectly: Bool = true,
    firstNumber: Int = 0,
    _ body: (BroadcastServer) async throws -> Void
) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let members = NIOLoopBoundBox.makeBoxSendingValue(Members(), eventLoop: loop)
    var configuration = WebSocketConfiguration()
    configuration.writesDirectly = writesDirectly
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let server = UpgradingServer(
        address: UpgradingServer.Address(host: "127.0.0.1", port: 0),
        configuration: configuration,
        eventLoopGroup: group,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        responder: { _, writer, _ in try await writer.write(response: .init(status: .ok), body: .init()) },
        decide: { _, channel in
            channel.eventLoop.makeSucceededFuture(
                .accept { Member(of: members.value, $0, firstNumber: firstNumber) }
            )
        },
        onListening: { running.yield($0!.port!) }
    )
    let service = Task { try await server.run() }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    try await body(BroadcastServer(port: port, members: members, loop: loop))
    try await server.shutDown().get()
    try? await service.value
    try await group.shutdownGracefully()
}

/// The connections of the loop. Event-loop-bound.
private final class Members {
    var open: [Member] = []
    var closed = 0
}

private final class Member: WebSocketHandler {
    let connection: WebSocketConnection
    private let members: Members
    private var nextNumber: Int

    init(of members: Members, _ connection: WebSocketConnection, firstNumber: Int) {
        nextNumber = firstNumber
        self.members = members
        self.connection = connection
    }

    func take(_ run: BroadcastRun, _ count: Int, thenItsOwn: Bool) {
        let all = UInt64(1) << UInt64(count) - 1
        connection.lanes.send(run, wanted: all, numberedFrom: nextNumber, on: connection.lane, of: connection)
        nextNumber += count
        guard thenItsOwn else { return }
        connection.send(PreparedMessage(head: "{\"n\":", tail: "}"), number: nextNumber)
        nextNumber += 1
    }

    func opened(_ connection: WebSocketConnection) { members.open.append(self) }

    func received(text: ByteBuffer, on connection: WebSocketConnection) {}

    func received(binary: ByteBuffer, on connection: WebSocketConnection) {}

    func closed(_ close: WebSocketClose, on connection: WebSocketConnection) {
        members.open.removeAll { $0 === self }
        members.closed += 1
    }
}
