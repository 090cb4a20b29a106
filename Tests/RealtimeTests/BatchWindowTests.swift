import Domain
import Realtime
import Testing
import Wire

/// When something goes out at once, when it waits, and for how long (C10, PERF-06).
struct BatchWindowTests {
    /// A window and a clock, and what the window said in short: `1 2 | (3) | [3]` sends 1 and 2, holds 3 and releases it.
    final class Bench {
        private var window: BatchWindow
        private var nowMs: Int64 = 0
        private(set) var offset: Int64 = 0

        init(_ limits: BatchWindow.Limits = BatchWindow.Limits()) { window = BatchWindow(limits: limits) }

        var dueMs: Int64? { window.due.map { $0.milliseconds - Samples.now.milliseconds } }
        private var now: Timestamp { Samples.now.advanced(byMilliseconds: nowMs) }

        func arrive(_ count: Int = 1, at ms: Int64) -> String { arrive((0..<count).map { _ in notice() }, at: ms) }

        func arrive(_ broadcasts: [Broadcast], at ms: Int64) -> String {
            nowMs = ms
            return window.arrived(broadcasts, now: now).map(text).joined(separator: " | ")
        }

        func wake(at ms: Int64) -> String {
            nowMs = ms
            return window.releaseIfDue(at: now).map(text) ?? ""
        }

        func notice() -> Broadcast { next(Samples.notice) }

        func next(_ make: (Int64) -> Broadcast) -> Broadcast {
            offset += 1
            return make(offset)
        }

        private func text(_ step: BatchWindow.Step) -> String {
            func offsets(_ broadcasts: [Broadcast]) -> String {
                broadcasts.map { String($0.offset?.value ?? -1) }.joined(separator: " ")
            }
            switch step {
            case .send(let sent): return offsets(sent)
            case .hold(let held): return "(\(offsets(held)))"
            case .release(let held): return "[\(offsets(held))]"
            }
        }
    }

    @Test func `a lone signal goes out in the moment it comes`() {
        let bench = Bench()
        for second in 0..<20 { #expect(bench.arrive(at: Int64(second) * 1_000) == "\(second + 1)") }
    }

    @Test func `ten in half a second go out at once, the eleventh waits`() {
        let bench = Bench()
        #expect(bench.arrive(10, at: 0) == "1 2 3 4 5 6 7 8 9 10")
        #expect(bench.dueMs == nil)
        #expect(bench.arrive(2, at: 499) == "(11 12)")
        #expect(bench.dueMs == 999)
        #expect(bench.arrive(at: 900) == "(13)", "nothing overtakes what waits")
        #expect(bench.wake(at: 998).isEmpty)
        #expect(bench.wake(at: 999) == "[11 12 13]")
        #expect(bench.dueMs == nil && bench.wake(at: 2_000).isEmpty)
    }

    @Test func `half a second later there is room again, and twenty a second are never held`() {
        let bench = Bench()
        #expect(bench.arrive(10, at: 0) == "1 2 3 4 5 6 7 8 9 10")
        #expect(bench.arrive(at: 500) == "11")
        let steady = Bench()
        for index in 0..<200 { #expect(steady.arrive(at: Int64(index) * 50) == "\(index + 1)") }
    }

    @Test func `a burst that goes on is held on, and released every half second`() {
        let bench = Bench()
        _ = bench.arrive(10, at: 0)
        #expect(bench.arrive(at: 10) == "(11)")
        for index in 0..<30 { _ = bench.arrive(at: 20 + Int64(index) * 10) }
        #expect(bench.wake(at: 510).hasPrefix("[11 12"))
        #expect(bench.arrive(at: 511) == "(42)")
        #expect(bench.dueMs == 1_011)
    }

    static let urgent: [(name: String, broadcast: Broadcast)] = [
        ("a risk alert", Samples.risk(0, .warning)), ("what is critical", Samples.risk(0, .critical)),
        ("an emergency", Samples.risk(0, .emergency)), ("an approval", Samples.decision(0, isApproval: true)),
        ("a rejection", Samples.decision(0, isApproval: false)), ("an emergency stop", Samples.emergencyStop(0)),
        ("an alert that its source calls critical", Samples.alert(0, .critical)),
    ]

    @Test(arguments: urgent)
    func `what must not wait goes out at once, behind what waits`(name: String, urgent: Broadcast) {
        #expect(!urgent.mayWait)
        let bench = Bench()
        #expect(bench.arrive(12, at: 0) == "1 2 3 4 5 6 7 8 9 10 | (11 12)")
        #expect(bench.arrive([bench.notice(), urgent, bench.notice()], at: 100) == "(13) | [11 12 13] | 0 | (14)")
        #expect(bench.dueMs == 600)
    }

    @Test func `what must not wait neither counts nor is counted`() {
        let bench = Bench()
        for _ in 0..<50 { _ = bench.arrive([bench.next { Samples.risk($0, .warning) }], at: 0) }
        #expect(bench.arrive(10, at: 0) == (51...60).map(String.init).joined(separator: " "))
        #expect(bench.arrive([bench.next { Samples.risk($0, .warning) }], at: 0) == "61")
    }

    @Test func `signals and what is told of the world may wait, prices are another matter`() {
        #expect(Samples.notice(1).mayWait && Samples.alert(1, .info).mayWait && Samples.signal(1).mayWait)
        #expect(!Samples.price(Samples.apple).mayWait)
    }

    @Test func `what fits is released at once`() {
        let bench = Bench()
        #expect(bench.arrive(10, at: 0).count > 0)
        let text = bench.arrive(130, at: 0)
        let held = { (range: ClosedRange<Int>) in range.map(String.init).joined(separator: " ") }
        #expect(
            text == "(\(held(11...74))) | [\(held(11...74))] | (\(held(75...138))) | [\(held(75...138))] | (139 140)"
        )
        #expect(bench.dueMs == 500)
    }

    @Test func `something late is released before what comes then`() {
        let bench = Bench()
        _ = bench.arrive(11, at: 0)
        #expect(bench.arrive(at: 700) == "[11] | 12")
    }

    @Test func `a clock that is set back holds nothing longer`() {
        let bench = Bench()
        _ = bench.arrive(11, at: 10_000)
        #expect(bench.wake(at: 0) == "[11]")
        #expect(bench.arrive(at: 0) == "12")
    }
}
