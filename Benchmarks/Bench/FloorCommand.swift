import ArgumentParser
import BenchKit
import Foundation

/// `bench floor`: the yardstick alone, until its standard input is closed.
struct FloorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor",
        abstract: "Run the floor server: every POST goes to every tab as one frame.",
        discussion: "It ends when its standard input is closed or has something to read."
    )

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port: UInt16 = 0

    @Flag(help: "Compress each message once, without memory of the others.")
    var deflate = false

    @Flag(help: "Join what one round brings for a tab into one send.")
    var batch = false

    func run() throws {
        let (listener, port) = try Socket.listen(port: port)
        var options = FloorServer.Options()
        options.deflates = deflate
        options.joins = batch
        let floor = try FloorServer(options, listener: listener)
        FileHandle.standardOutput.write(Data("The floor is live on http://127.0.0.1:\(port)\n".utf8))
        try floor.run(until: FileHandle.standardInput.fileDescriptor)
    }
}
