import ArgumentParser
import BenchKit
import Foundation

/// `bench`: measures all rows and prints the table.
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Measure all rows and print the table (the default).",
        discussion: """
            It starts the servers itself, on loopback, with a temporary database. The exit status is 1 when a delivery was \
            missing, doubled or out of order, and 0 otherwise, however slow it was.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: "Only these rows, of: \(Row.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var only: [Row] = []

    @Option(help: "The desk's program. (default: `countersign` beside this program)", completion: .file())
    var server: String?

    @Option(help: "Measurements of each figure, of which the median is told. (default: 3; 1 with --quick)")
    var rounds: Int?

    @Flag(help: "Small numbers, in seconds: shows that everything works and says nothing about speed.")
    var quick = false

    @Option(help: "Also write the figures to this file.", completion: .file())
    var json: String?

    @Option(help: "Where the temporary database lies: on the disk to be measured.", completion: .directory)
    var scratch: String?

    @Option(help: "The first port to try.")
    var port: UInt16 = 18_700

    func validate() throws {
        guard (rounds ?? 1) > 0 else { throw ValidationError("--rounds must be at least 1.") }
        guard port >= 1024 else { throw ValidationError("--port must be 1024 or more.") }
    }

    func run() throws {
        let program = try deskProgram()
        let startNs = Moment.nowNs
        let bench = try Workbench(
            scale: quick ? .quick : .full,
            rounds: rounds ?? (quick ? 1 : 3),
            deskProgram: program,
            scratch: scratch ?? FileManager.default.temporaryDirectory.path,
            firstPort: port
        )
        defer { bench.tidyUp() }
        var figures: [Figure] = []
        for row in Row.allCases where only.isEmpty || only.contains(row) {
            bench.say("measuring \(row.rawValue)…")
            let measured = try row.measure(on: bench)
            bench.check(measured)
            figures += measured
        }
        let result = Outcome(
            machine: bench.machine,
            isQuick: quick,
            rounds: bench.rounds,
            seconds: Moment.secondsSince(startNs),
            figures: figures,
            notes: bench.notes,
            wrong: bench.wrong
        )
        print(result.text)
        if let json { try result.write(to: json) }
        if !bench.wrong.isEmpty { throw ExitCode.failure }
    }

    private func deskProgram() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("countersign").path
        let program = URL(fileURLWithPath: server ?? beside).path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw ValidationError(
                """
                There is no program \(program). Build it with
                  swift build --configuration release --product countersign
                or name another with --server.
                """
            )
        }
        return program
    }
}

/// Everything that came of a run.
struct Outcome: Codable {
    let machine: Machine
    let isQuick: Bool
    let rounds: Int
    let seconds: Double
    let figures: [Figure]
    let notes: [String]
    let wrong: [String]

    var text: String {
        var lines = ["", Table(figures, isJudged: !isQuick).text, "", machine.summary]
        lines.append(
            "\(rounds == 1 ? "one round" : "medians of \(rounds) rounds"); \(NumberText.fixed(seconds, digits: 0)) s in all"
        )
        if isQuick { lines.append("quick: these figures say that it works, and nothing about speed") }
        lines += notes
        if wrong.isEmpty {
            lines.append(figures.isEmpty ? "nothing was measured" : "every delivery arrived, once, in order")
        }
        lines += wrong.map { "WRONG: \($0)" }
        return lines.joined(separator: "\n")
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
}
