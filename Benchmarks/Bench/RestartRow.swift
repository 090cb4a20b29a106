import BenchKit

/// The server is killed and started again; all tabs come back at once and resume behind the signals they are made to miss,
/// while a source goes on posting.
enum RestartRow {
    private struct Measured {
        /// From the first tab's return.
        let liveSeconds: Double
        /// From SIGKILL, the start of the server included.
        let sinceKillSeconds: Double
        /// Resident, of the server that was started again.
        let restedBytes: Int
        let peakBytes: Int
        let posts: Percentiles
    }

    static func measure(on bench: Workbench) throws -> [Figure] {
        let measured = try (0..<bench.rounds).map { _ in try restart(on: bench) }
        let tabs = NumberText.plain(Double(bench.scale.tabs))
        return [
            Figure(
                "\(tabs) tabs live again after a restart",
                "s",
                desk: measured.map(\.liveSeconds),
                goal: .atMost(2)
            ),
            Figure("the same, from SIGKILL on", "s", desk: measured.map(\.sinceKillSeconds)),
            Figure("a post meanwhile, median", "ms", desk: measured.map { $0.posts.milliseconds(at: 0.5) }),
            Figure("a post meanwhile, p99", "ms", desk: measured.map { $0.posts.milliseconds(at: 0.99) }),
            Figure("peak memory of the desk", "MB", desk: measured.map { Double($0.peakBytes) / 1e6 }),
            Figure("of that before they came", "MB", desk: measured.map { Double($0.restedBytes) / 1e6 }),
        ]
    }

    private static func restart(on bench: Workbench) throws -> Measured {
        let scale = bench.scale
        let first = try bench.startDesk()
        var options = bench.options(first, tabs: scale.tabs)
        // One after another: the last of the log are the last posted.
        options.posters = 1
        let before = try Load(options, signals: bench.signals())
        _ = try before.connect()
        let pace = Load.Pace.open(perSecond: scale.messagesPerSecond * 10, messages: scale.missedMessages * 2)
        bench.check(try before.run(pace), "desk, before the restart")
        let point = try before.resumePoint(missing: scale.missedMessages)

        let killedNs = Moment.nowNs
        first.kill()
        let second = try bench.restart(first)
        options = bench.options(second, tabs: scale.tabs)
        options.resume = point
        options.connectsAtOnceMax = scale.tabs
        options.sampleEvery = 1
        options.othersWrite = true
        let restedBytes = second.usage.residentBytes
        let after = try Load(options, signals: before.signals)
        let writer = WriterBeside(port: second.port)
        let liveSeconds = try after.connect()
        let sinceKillSeconds = Moment.secondsSince(killedNs)
        let posts = try writer.finish()
        bench.check(after.report(), "desk, resuming after a restart")
        let onward = Load.Pace.open(perSecond: scale.messagesPerSecond, messages: 5)
        bench.check(try after.run(onward), "desk, live after a restart")
        let peakBytes = second.usage.peakBytes
        second.kill()
        return Measured(
            liveSeconds: liveSeconds,
            sinceKillSeconds: sinceKillSeconds,
            restedBytes: restedBytes,
            peakBytes: peakBytes,
            posts: posts
        )
    }
}
