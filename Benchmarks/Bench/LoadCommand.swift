import ArgumentParser
import BenchKit

/// `bench load`: drives a server that runs already, and says what came of it.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Open tabs on a server that runs, post signals, check every delivery and print what it took.",
        discussion: "With --window it posts as fast as the tabs follow, else --rate messages a second."
    )

    @Option(help: "The port of the server, on 127.0.0.1.")
    var port: UInt16

    @Flag(help: "The server is a floor.")
    var floor = false

    @Option(help: "Tabs to open; 0 posts only.")
    var tabs = 1000

    @Option(help: "Every so many tabs one reads each message; the others count.")
    var sampleEvery = 50

    @Flag(help: "Do not offer permessage-deflate.")
    var plain = false

    @Option(help: "Messages a second.")
    var rate = 20.0

    @Option(help: "Messages that not every tab has yet.")
    var window: Int?

    @Option(help: "Connections that post, one request each at a time.")
    var posters = 8

    @Option(help: "How long to post.")
    var seconds = 4.0

    @Option(help: "The process of the server, to see what it used.")
    var pid: Int32?

    func validate() throws {
        guard tabs >= 0, sampleEvery > 0, posters > 0, rate > 0, seconds > 0, (window ?? 1) > 0 else {
            throw ValidationError("Counts, rates and times must be positive.")
        }
    }

    func run() throws {
        let descriptors = FileLimit.raise()
        guard descriptors >= tabs + posters + Workbench.descriptorsSpare else {
            throw ValidationError("Only \(descriptors) files may be open here (ulimit -n): too few for \(tabs) tabs.")
        }
        var options = Load.Options(floor ? .floor : .desk, port: port, tabs: tabs)
        options.sampleEvery = sampleEvery
        options.offersDeflate = !plain
        options.posters = posters
        let load = try Load(options, signals: SignalMaker(seed: UInt64.random(in: .min ... .max)))
        let connectSeconds = try load.connect()
        try load.rest(seconds: 0.5)
        let before = pid.map { ProcessUsage(of: $0) }
        let report = try load.run(
            window.map { .closed(window: $0, seconds: seconds) }
                ?? .open(perSecond: rate, messages: max(1, Int(rate * seconds)))
        )
        let after = pid.map { ProcessUsage(of: $0) }
        print(Self.text(report, connectSeconds, before, after))
        guard report.accounts.isClean else {
            print("wrong deliveries: \(report.accounts.summary)")
            throw ExitCode.failure
        }
    }

    private static func text(
        _ report: PhaseReport,
        _ connectSeconds: Double,
        _ before: ProcessUsage?,
        _ after: ProcessUsage?
    ) -> String {
        func ms(_ percentiles: Percentiles) -> String {
            let values = [0.5, 0.99, 1].map { percentiles.milliseconds(at: $0).map(NumberText.measured) ?? "–" }
            return "p50 \(values[0]) p99 \(values[1]) max \(values[2]) ms"
        }
        var lines = [
            "\(report.tabs) tabs in \(NumberText.measured(connectSeconds)) s",
            "\(report.messages) messages, \(report.deliveries) deliveries in \(NumberText.measured(report.seconds)) s: "
                + "\(NumberText.measured(report.deliveriesPerSecond)) a second",
            "post to tab \(ms(report.latency)); to the last tab \(ms(report.lastTab)); answer \(ms(report.answer))",
            "\(NumberText.measured(report.bytesPerDelivery)) bytes per delivery; "
                + "load's core \(NumberText.measured(report.loadBusy * 100)) % busy",
        ]
        if let before, let after {
            let cpu = after.cpuSeconds - before.cpuSeconds
            let each = report.deliveries > 0 ? cpu * 1e6 / Double(report.deliveries) : 0
            lines.append(
                "server: \(NumberText.measured(each)) µs of CPU per delivery, "
                    + "\(NumberText.measured(cpu / report.seconds * 100)) % busy, \(after.residentBytes / 1024) kB resident"
            )
        }
        return lines.joined(separator: "\n")
    }
}
