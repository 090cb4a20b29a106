import ArgumentParser
import BenchKit

/// `Bench`: measures the desk against the least a broadcast server can do, and checks every delivery on the way.
@main
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the desk beside a floor server, and check every delivery.",
        discussion: "Benchmarks/README.md says what each row measures and how.",
        subcommands: [TableCommand.self, FloorCommand.self, LoadCommand.self],
        defaultSubcommand: TableCommand.self
    )
}
