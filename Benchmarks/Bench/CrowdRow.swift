import BenchKit
import Foundation

/// Ten thousand tabs: how fast all are open, what an idle one weighs, and when the last one has a broadcast.
enum CrowdRow {
    private struct Measured {
        let connectSeconds: Double
        let bytesPerTab: Double
        let lastTabMs: Double?
    }

    static func measure(on bench: Workbench) throws -> [Figure] {
        let tabs = bench.scale.crowd
        guard FileLimit.raise() >= tabs + Workbench.descriptorsSpare else {
            bench.note(
                "only \(FileLimit.raise()) files may be open here (ulimit -n): "
                    + "the rows with \(NumberText.plain(Double(tabs))) tabs were left out"
            )
            return []
        }
        var floor: [Measured] = []
        var desk: [Measured] = []
        for _ in 0..<bench.rounds {
            floor.append(try crowd(on: bench, bench.startFloor(), "floor, \(tabs) tabs"))
            desk.append(try crowd(on: bench, bench.startDesk(), "desk, \(tabs) tabs"))
        }
        let many = NumberText.plain(Double(tabs))
        return [
            Figure(
                "memory per idle tab, of \(many)",
                "kB",
                desk: desk.map { $0.bytesPerTab / 1024 },
                floor: floor.map { $0.bytesPerTab / 1024 },
                goal: .atMost(6)
            ),
            Figure(
                "connect \(many) tabs",
                "s",
                desk: desk.map(\.connectSeconds),
                floor: floor.map(\.connectSeconds),
                goal: .atMost(1)
            ),
            Figure(
                "broadcast to \(many) tabs, p99 of the last tab",
                "ms",
                desk: desk.map(\.lastTabMs),
                floor: floor.map(\.lastTabMs),
                goal: .atMost(90)
            ),
        ]
    }

    private static func crowd(on bench: Workbench, _ server: RunningServer, _ what: String) throws -> Measured {
        let scale = bench.scale
        let before = server.usage
        let load = try Load(bench.options(server, tabs: scale.crowd), signals: bench.signals())
        let connectSeconds = try load.connect()
        try load.rest(seconds: scale.restSeconds * 2)
        let idle = server.usage
        let pace = Load.Pace.open(perSecond: scale.crowdMessagesPerSecond, messages: scale.crowdMessages)
        let report = try load.run(pace)
        bench.check(report, what)
        server.kill()
        return Measured(
            connectSeconds: connectSeconds,
            bytesPerTab: Double(idle.residentBytes - before.residentBytes) / Double(scale.crowd),
            lastTabMs: report.lastTab.milliseconds(at: 0.99)
        )
    }
}
