import Foundation
import Testing

@testable import BenchKit

/// The checker against a floor, in one process: it is content with a right one and finds each mistake of a wrong one.
@Suite(.timeLimit(.minutes(5))) struct LoadTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let deflates: Bool
        let joins: Bool
        /// 1: every tab reads; more than there are tabs: only the last does, and the first, which is wronged, just counts.
        let sampleEvery: Int

        var testDescription: String { "deflates \(deflates), joins \(joins), samples every \(sampleEvery)" }

        static let all = [false, true].flatMap { deflates in
            [false, true].flatMap { joins in
                [1, 100].map { Case(deflates: deflates, joins: joins, sampleEvery: $0) }
            }
        }
    }

    private static let tabs = 12

    @Test(arguments: Case.all)
    func `a floor delivers every message to every tab once`(_ way: Case) throws {
        let report = try Self.report(way, .open(perSecond: 500, messages: 20))
        #expect(report.accounts == Accounts())
        #expect(report.messages == 20)
        #expect(report.deliveries == 20 * Self.tabs)
        #expect(report.lastTab.count == 20)
        #expect(report.answer.count == 20)
        #expect(report.latency.count == (way.sampleEvery == 1 ? 20 * Self.tabs : 20))
        #expect(report.bytesPerDelivery > 100)
    }

    @Test func `a closed loop ends when its time is over and all has come`() throws {
        let way = Case(deflates: true, joins: true, sampleEvery: 4)
        let report = try Self.report(way, .closed(window: 8, seconds: 1))
        #expect(report.accounts == Accounts())
        // How many it is depends on the machine.
        #expect(report.messages > 0)
        #expect(report.deliveries == report.messages * Self.tabs)
    }

    @Test(arguments: Case.all)
    func `a message that one tab did not get is found`(_ way: Case) throws {
        var expected = Accounts()
        expected.missing = 1
        #expect(try Self.report(way, .open(perSecond: 200, messages: 6), fault: .drop).accounts == expected)
    }

    @Test(arguments: Case.all)
    func `a message that one tab got twice is found`(_ way: Case) throws {
        var expected = Accounts()
        expected.doubled = 1
        #expect(try Self.report(way, .open(perSecond: 200, messages: 6), fault: .double).accounts == expected)
    }

    @Test func `a server that hangs up on its tabs is found`() throws {
        let (listener, port) = try Socket.listen(port: 0)
        let floor = try FloorThread(FloorServer.Options(), listener: listener)
        let load = try Load(Self.options(port, sampleEvery: 1), signals: SignalMaker(seed: 1))
        _ = try load.connect()
        floor.stop()
        #expect(throws: (any Error).self) { try load.run(.open(perSecond: 100, messages: 5)) }
    }

    @Test func `nobody there is said at once`() throws {
        let (taken, port) = try Self.portWithoutListener()
        defer { close(taken) }
        let load = try Load(Self.options(port, sampleEvery: 1), signals: SignalMaker(seed: 1))
        #expect(throws: Load.Failure.self) { try load.connect() }
    }

    /// One that nobody else can take meanwhile.
    private static func portWithoutListener() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, count) == 0 && getsockname(descriptor, $0, &count) == 0
            }
        }
        try #require(isBound)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static func report(_ way: Case, _ pace: Load.Pace, fault: FloorServer.Fault? = nil) throws -> PhaseReport {
        let (listener, port) = try Socket.listen(port: 0)
        var options = FloorServer.Options()
        options.deflates = way.deflates
        options.joins = way.joins
        options.fault = fault
        let floor = try FloorThread(options, listener: listener)
        defer { floor.stop() }
        var wanted = Self.options(port, sampleEvery: way.sampleEvery)
        // Only what never comes is waited for in vain.
        if fault == .drop { wanted.silenceSecondsMax = 5 }
        let load = try Load(wanted, signals: SignalMaker(seed: 7))
        _ = try load.connect()
        return try load.run(pace)
    }

    private static func options(_ port: UInt16, sampleEvery: Int) -> Load.Options {
        var options = Load.Options(.floor, port: port, tabs: tabs)
        options.sampleEvery = sampleEvery
        options.posters = 2
        return options
    }
}

/// A floor on a thread of its own.
private final class FloorThread: Sendable {
    private let input = Pipe()
    private let output = Pipe()

    init(_ options: FloorServer.Options, listener: Int32) throws {
        let stop = input.fileHandleForReading.fileDescriptor
        let ended = output.fileHandleForWriting
        Thread.detachNewThread {
            do {
                let floor = try FloorServer(options, listener: listener)
                try floor.run(until: stop)
            } catch {
                Issue.record(error)
            }
            try? ended.close()
        }
    }

    /// Returns when its sockets are closed.
    func stop() {
        try? input.fileHandleForWriting.close()
        _ = try? output.fileHandleForReading.readToEnd()
    }
}

@Suite struct MadeDecisionTests {
    @Test func `every decision is on a signal of its own, and nobody decides more often than is allowed in a minute`() {
        let decisions = (0..<60).map { MadeDecision(number: $0, signal: "id-\($0)") }
        #expect(decisions[0].path == "/api/v1/signals/id-0/approve?as=trader-0" && decisions[0].body.contains("BUY"))
        #expect(decisions[2].path == "/api/v1/signals/id-2/reject?as=trader-0" && decisions[2].body.contains("reason"))
        #expect(Set(decisions.map(\.path)).count == 60)
        #expect(decisions.filter { $0.path.hasSuffix("=trader-1") }.count == 20)
    }
}

@Suite struct PosterTests {
    @Test func `a connection may be closed between two posts, but not instead of an answer`() throws {
        let (listener, port) = try Socket.listen(port: 0)
        defer { close(listener) }
        let idle = try Poster(port: port, path: "/pub")
        try Self.closeNext(of: listener)
        #expect(try Self.received(by: idle) == "closed")

        let busy = try Poster(port: port, path: "/pub")
        try Self.closeNext(of: listener) { try busy.post(0) { $0.append("{}") } }
        #expect(throws: (any Error).self) { try Self.received(by: busy) }
    }

    @Test func `an answer is read however it is cut`() throws {
        let (listener, port) = try Socket.listen(port: 0)
        defer { close(listener) }
        let poster = try Poster(port: port, path: "/pub")
        let server = try Self.acceptNext(of: listener)
        defer { close(server) }
        for status in [201, 503] {
            try poster.post(UInt32(status)) { $0.append("{}") }
            for byte in "HTTP/1.1 \(status) So\r\nContent-Length: 4\r\n\r\nbody".utf8 {
                #expect(try Self.received(by: poster, waits: false) == "nothing")
                withUnsafeBytes(of: byte) { _ = Socket.send(server, $0) }
                Self.waitUntilReadable(poster.descriptor)
            }
            #expect(try Self.received(by: poster) == "answer \(status) \(status == 201)")
        }
    }

    private static func received(by poster: Poster, waits: Bool = true) throws -> String {
        if waits { waitUntilReadable(poster.descriptor) }
        return switch try poster.receive() {
        case .nothing: "nothing"
        case .closed: "closed"
        case .answer(let answer): "answer \(answer.number) \(answer.isAccepted)"
        }
    }

    private static func closeNext(of listener: Int32, after body: () throws -> Void = {}) throws {
        let descriptor = try acceptNext(of: listener)
        try body()
        close(descriptor)
    }

    private static func acceptNext(of listener: Int32) throws -> Int32 {
        waitUntilReadable(listener)
        return try #require(Socket.accept(listener))
    }

    private static func waitUntilReadable(_ descriptor: Int32) {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&ready, 1, 60_000)
    }
}
