import BenchKit

/// A thousand tabs and a steady rate: what a delivery costs, how long it takes, how many bytes it is.
enum FanoutRow {
    static func measure(on bench: Workbench) throws -> [Figure] {
        let tabs = bench.scale.tabs
        let (floor, desk) = try bench.inTurn(
            { try phase(on: bench, bench.startFloor(), "floor, \(tabs) tabs") },
            { try phase(on: bench, bench.startDesk(), "desk, \(tabs) tabs") }
        )
        func rounds(_ value: (MeasuredPhase) -> Double?) -> (desk: [Double?], floor: [Double?]) {
            (desk.map(value), floor.map(value))
        }
        let cpu = rounds(\.cpuMicrosecondsPerDelivery)
        let middle = rounds { $0.report.latency.milliseconds(at: 0.5) }
        let slowest = rounds { $0.report.latency.milliseconds(at: 0.99) }
        let bytes = rounds { $0.report.bytesPerDelivery }
        return [
            Figure("CPU per delivery", "µs", desk: cpu.desk, floor: cpu.floor, goal: .ratioAtMost(1.10)),
            Figure("post → tab, p50", "ms", desk: middle.desk, floor: middle.floor),
            Figure("post → tab, p99", "ms", desk: slowest.desk, floor: slowest.floor, goal: .atMost(7)),
            Figure("bytes per delivery", "B", desk: bytes.desk, floor: bytes.floor, goal: .atMost(110)),
        ]
    }

    private static func phase(on bench: Workbench, _ server: RunningServer, _ what: String) throws -> MeasuredPhase {
        let scale = bench.scale
        let load = try Load(bench.options(server, tabs: scale.tabs), signals: bench.signals())
        _ = try load.connect()
        try load.rest(seconds: scale.restSeconds)
        func pace(_ seconds: Double) -> Load.Pace {
            .open(perSecond: scale.messagesPerSecond, messages: max(1, Int(scale.messagesPerSecond * seconds)))
        }
        bench.check(try load.run(pace(scale.warmUpSeconds)), what)
        let phase = try bench.run(pace(scale.measuredSeconds), load, on: server, what)
        server.kill()
        return phase
    }
}
