import ArgumentParser

/// Drives a SQLite store from a process of its own, for tests that kill it or take its disk away, and for measuring.
///
/// It says what it does on standard output, one flushed line each, so that whoever started it can react to the line.
@main
struct StoreWriter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a log for tests and measurements.",
        subcommands: [Write.self, Keep.self, Recover.self, FullDisk.self, ReadOnly.self, Measure.self]
    )
}
