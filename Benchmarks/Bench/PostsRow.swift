import BenchKit

/// Posts without tabs: how many a second are on the disk, from many callers and from one.
enum PostsRow {
    static func measure(on bench: Workbench) throws -> [Figure] {
        let scale = bench.scale
        var disk: [Double] = [try DiskFloor.syncsPerSecond(in: bench.folder, seconds: scale.postSeconds / 2)]
        var many: [PhaseReport] = []
        var one: [PhaseReport] = []
        for _ in 0..<bench.rounds {
            let desk = try bench.startDesk()
            many.append(try posts(on: bench, desk, callers: scale.callers))
            one.append(try posts(on: bench, desk, callers: 1))
            desk.kill()
            disk.append(try DiskFloor.syncsPerSecond(in: bench.folder, seconds: scale.postSeconds / 2))
        }
        bench.note("the floor of posts by 1 caller is the disk: one page appended and synced at a time")
        return [
            Figure(
                "durable posts a second, \(scale.callers) callers",
                "/s",
                desk: many.map(\.messagesPerSecond),
                goal: .atLeast(5000)
            ),
            Figure("  a post, p50", "ms", desk: many.map { $0.answer.milliseconds(at: 0.5) }),
            Figure("  a post, p99", "ms", desk: many.map { $0.answer.milliseconds(at: 0.99) }),
            Figure("durable posts a second, 1 caller", "/s", desk: one.map(\.messagesPerSecond), floor: disk),
            Figure(
                "  a post, p50",
                "ms",
                desk: one.map { $0.answer.milliseconds(at: 0.5) },
                floor: disk.map { 1000 / $0 }
            ),
            Figure("  a post, p99", "ms", desk: one.map { $0.answer.milliseconds(at: 0.99) }),
        ]
    }

    private static func posts(on bench: Workbench, _ desk: RunningServer, callers: Int) throws -> PhaseReport {
        var options = bench.options(desk, tabs: 0)
        options.posters = callers
        // Other ids than those of the callers before.
        let load = try Load(options, signals: SignalMaker(seed: UInt64(callers)))
        let report = try load.run(.closed(window: callers, seconds: bench.scale.postSeconds))
        bench.check(report, "posts by \(callers) callers")
        return report
    }
}
