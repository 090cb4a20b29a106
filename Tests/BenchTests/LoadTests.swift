import Foundation
import Testing

@testable import BenchKit

/// The checker against a floor, in one process: it is content with a right one and finds each mistake of a wrong one.
@Suite(.timeLimit(.minutes(1))) struct LoadTests {
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
        let report = try Self.report(way, .closed(window: 8, seconds: 0.2))
        #expect(report.accounts == Accounts())
        #expect(report.messages > 8)
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
        let (listener, port) = try Socket.listen(port: 0)
        close(listener)
        let load = try Load(Self.options(port, sampleEvery: 1), signals: SignalMaker(seed: 1))
        #expect(throws: Load.Failure.self) { try load.connect() }
    }

    private static func report(_ way: Case, _ pace: Load.Pace, fault: FloorServer.Fault? = nil) throws -> PhaseReport {
        let (listener, port) = try Socket.listen(port: 0)
        var options = FloorServer.Options()
        options.deflates = way.deflates
        options.joins = way.joins
        options.fault = fault
        let floor = try FloorThread(options, listener: listener)
        defer { floor.stop() }
        let load = try Load(Self.options(port, sampleEvery: way.sampleEvery), signals: SignalMaker(seed: 7))
        _ = try load.connect()
        return try load.run(pace)
    }

    private static func options(_ port: UInt16, sampleEvery: Int) -> Load.Options {
        var options = Load.Options(.floor, port: port, tabs: tabs)
        options.sampleEvery = sampleEvery
        options.silenceSecondsMax = 0.5
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
