import BenchKit

/// Decisions over REST, each durable before it is answered: how long one takes, and how many a second there are.
enum DecisionsRow {
    static func measure(on bench: Workbench) throws -> [Figure] {
        try bench.scale.deciders.flatMap { try measure(callers: $0, on: bench) }
    }

    private static func measure(callers: Int, on bench: Workbench) throws -> [Figure] {
        var disk: [Double] = []
        var reports: [PhaseReport] = []
        for _ in 0..<bench.rounds {
            disk.append(try DiskFloor.syncsPerSecond(in: bench.folder, seconds: bench.scale.postSeconds / 2))
            reports.append(try decisions(by: callers, on: bench))
        }
        let isAlone = callers == 1
        let who = isAlone ? "1 caller" : "\(callers) callers"
        return [
            Figure(
                "durable decisions a second, \(who)",
                "/s",
                desk: reports.map(\.messagesPerSecond),
                floor: isAlone ? disk : []
            ),
            Figure(
                "  a decision, p50",
                "ms",
                desk: reports.map { $0.answer.milliseconds(at: 0.5) },
                floor: isAlone ? disk.map { 1000 / $0 } : []
            ),
            Figure("  a decision, p99", "ms", desk: reports.map { $0.answer.milliseconds(at: 0.99) }),
        ]
    }

    /// A desk of its own, for approvals are released five seconds later, which costs writes of its own.
    private static func decisions(by callers: Int, on bench: Workbench) throws -> PhaseReport {
        let desk = try bench.startDesk()
        defer { desk.kill() }
        let load = DecisionLoad(port: desk.port, callers: callers, signals: bench.signals())
        try load.prepare(min(bench.scale.decisionsMax, callers * bench.scale.decisionsPerCaller))
        let report = try load.run(seconds: bench.scale.postSeconds)
        bench.check(report, "decisions by \(callers) callers")
        return report
    }
}
