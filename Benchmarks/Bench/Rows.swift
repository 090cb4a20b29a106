import ArgumentParser
import BenchKit

/// What can be measured on its own.
enum Row: String, CaseIterable, ExpressibleByArgument {
    /// CPU, latency and bytes per delivery at a steady rate.
    case fanout
    /// Deliveries a second, as fast as the tabs follow.
    case throughput
    /// Ten thousand tabs: memory, connecting, a broadcast to all.
    case crowd
    /// All tabs at once after the server was killed.
    case restart
    /// Durable posts without tabs.
    case posts
    /// Durable decisions without tabs.
    case decisions

    func measure(on bench: Workbench) throws -> [Figure] {
        switch self {
        case .fanout: try FanoutRow.measure(on: bench)
        case .throughput: try ThroughputRow.measure(on: bench)
        case .crowd: try CrowdRow.measure(on: bench)
        case .restart: try RestartRow.measure(on: bench)
        case .posts: try PostsRow.measure(on: bench)
        case .decisions: try DecisionsRow.measure(on: bench)
        }
    }
}

extension Workbench {
    func options(_ server: RunningServer, tabs: Int) -> Load.Options {
        var options = Load.Options(server.kind, port: server.port, tabs: tabs)
        options.sampleEvery = scale.sampleEvery
        return options
    }

    /// The floor and the desk in turn, the floor also at the end: the speed of a machine drifts.
    func inTurn<Measured>(
        _ floor: () throws -> Measured,
        _ desk: () throws -> Measured
    ) throws -> (floor: [Measured], desk: [Measured]) {
        var floors = [try floor()]
        var desks: [Measured] = []
        for _ in 0..<rounds {
            desks.append(try desk())
            floors.append(try floor())
        }
        return (floors, desks)
    }

    /// A phase with what the server used for it.
    func run(_ pace: Load.Pace, _ load: Load, on server: RunningServer, _ what: String) throws -> MeasuredPhase {
        let before = server.usage
        let report = try load.run(pace)
        let after = server.usage
        check(report, what)
        return MeasuredPhase(report: report, cpuSeconds: after.cpuSeconds - before.cpuSeconds)
    }
}

struct MeasuredPhase {
    let report: PhaseReport
    let cpuSeconds: Double

    var cpuMicrosecondsPerDelivery: Double? {
        report.deliveries > 0 ? cpuSeconds * 1e6 / Double(report.deliveries) : nil
    }
}
