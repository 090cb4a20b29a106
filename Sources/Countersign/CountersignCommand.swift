import ArgumentParser

@main
struct CountersignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "A live approval desk for trading signals.",
        version: Build.version,
        subcommands: [ServeCommand.self],
        defaultSubcommand: ServeCommand.self
    )
}

/// What this program is.
enum Build {
    static let version = "0.1.0"
}
