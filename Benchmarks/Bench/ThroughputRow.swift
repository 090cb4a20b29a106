import BenchKit

/// As many as it can: posts go on as long as not too many are on their way. The floor joins what a round brings, too.
enum ThroughputRow {
    static func measure(on bench: Workbench) throws -> [Figure] {
        let tabs = bench.scale.tabs
        let (floor, desk) = try bench.inTurn(
            { try rate(on: bench, bench.startFloor(joins: true), "floor, closed loop") },
            { try rate(on: bench, bench.startDesk(), "desk, closed loop") }
        )
        return [
            Figure(
                "deliveries a second, closed loop, \(tabs) tabs",
                "/s",
                desk: desk,
                floor: floor,
                goal: .atLeast(1_000_000)
            )
        ]
    }

    private static func rate(on bench: Workbench, _ server: RunningServer, _ what: String) throws -> Double? {
        let scale = bench.scale
        var options = bench.options(server, tabs: scale.tabs)
        options.posters = scale.closedLoopPosters
        let load = try Load(options, signals: bench.signals())
        _ = try load.connect()
        try load.rest(seconds: scale.restSeconds)
        let warmUp = Load.Pace.closed(window: scale.closedLoopWindow, seconds: scale.warmUpSeconds)
        bench.check(try load.run(warmUp), what)
        let pace = Load.Pace.closed(window: scale.closedLoopWindow, seconds: scale.closedLoopSeconds)
        let phase = try bench.run(pace, load, on: server, what)
        server.kill()
        if phase.report.loadBusy > 0.9, bench.loadCores != nil {
            bench.note("\(what): the load's own core was more than 90 % busy, so the figure is a lower bound")
        }
        return phase.report.deliveriesPerSecond
    }
}
