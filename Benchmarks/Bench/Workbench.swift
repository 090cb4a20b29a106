import BenchKit
import Foundation

/// What every row needs: where the programs are, on which cores they run, how much of everything, and what went wrong.
final class Workbench {
    /// Beyond those of the tabs.
    static let descriptorsSpare = 300
    private static let startSecondsMax = 120.0
    private static let seed: UInt64 = 20_260_123

    let scale: Scale
    let rounds: Int
    /// Temporary, on the disk whose durability is measured.
    let folder: String
    private let deskProgram: String
    private let ownProgram: String
    private let firstPort: UInt16
    let serverCores: [Int]?
    let loadCores: [Int]?
    let machine: Machine
    private var starts = 0
    /// Every wrong delivery, in words.
    private(set) var wrong: [String] = []
    private(set) var notes: [String] = []

    init(scale: Scale, rounds: Int, deskProgram: String, scratch: String, firstPort: UInt16) throws {
        self.scale = scale
        self.rounds = rounds
        self.deskProgram = deskProgram
        self.firstPort = firstPort
        ownProgram = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        folder = scratch + "/countersign-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder + "/page", withIntermediateDirectories: true)
        try Data("<!doctype html>".utf8).write(to: URL(fileURLWithPath: folder + "/page/index.html"))
        let cores = Cores.available
        serverCores = cores.count > 1 ? [cores[0]] : nil
        loadCores = cores.count > 1 ? [cores[1]] : nil
        machine = Machine(serverCores: serverCores, loadCores: loadCores)
        if let loadCores { try Cores.pin(to: loadCores) }
        Children.endWithThisProcess()
    }

    func tidyUp() { try? FileManager.default.removeItem(atPath: folder) }

    /// A desk with an empty log.
    func startDesk() throws -> RunningServer {
        starts += 1
        return try startDesk(database: "\(folder)/desk-\(starts).sqlite", port: Socket.freePort(from: firstPort))
    }

    /// The same desk again, where it was and with what it knew.
    func restart(_ desk: RunningServer) throws -> RunningServer {
        guard let database = desk.database else { preconditionFailure("a floor has nothing to start again with") }
        return try startDesk(database: database, port: desk.port)
    }

    func startFloor(deflates: Bool = true, joins: Bool = false) throws -> RunningServer {
        let port = try Socket.freePort(from: firstPort)
        var arguments = [ownProgram, "floor", "--port", "\(port)"]
        if deflates { arguments.append("--deflate") }
        if joins { arguments.append("--batch") }
        return try start(arguments, .floor, port: port, database: nil)
    }

    func signals() -> SignalMaker { SignalMaker(seed: Self.seed) }

    /// Remembers what was wrong, if anything.
    func check(_ report: PhaseReport, _ what: String) {
        guard !report.accounts.isClean else { return }
        wrong.append("\(what): \(report.accounts.summary)")
    }

    func check(_ figures: [Figure]) {
        for figure in figures where figure.desk == nil || (!figure.floorRounds.isEmpty && figure.ratio == nil) {
            wrong.append("\(figure.name): nothing was measured")
        }
    }

    func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    /// On standard error, so that the table alone is the output.
    func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

    private func startDesk(database: String, port: UInt16) throws -> RunningServer {
        let arguments = [
            deskProgram, "serve", "--host", "127.0.0.1", "--port", "\(port)", "--database", database,
            "--public-directory", folder + "/page", "--log-level", "error",
        ]
        return try start(arguments, .desk, port: port, database: database)
    }

    private func start(
        _ arguments: [String],
        _ kind: Load.Server,
        port: UInt16,
        database: String?
    ) throws -> RunningServer {
        let log = folder + "/server.log"
        let process = try ChildProcess(arguments, cores: serverCores, errorsPath: log)
        let deadlineNs = Moment.nowNs + UInt64(Self.startSecondsMax * 1e9)
        while Moment.nowNs < deadlineNs, let line = process.line(withinSeconds: Self.startSecondsMax) {
            guard line.hasSuffix("live on http://127.0.0.1:\(port)") else { continue }
            return RunningServer(kind: kind, port: port, process: process, database: database)
        }
        let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw Load.Failure(description: "\(arguments[0]) did not start. It said:\n\(said.suffix(2000))")
    }
}

/// A server that listens. It is killed with this object.
final class RunningServer {
    let kind: Load.Server
    let port: UInt16
    let database: String?
    private let process: ChildProcess

    init(kind: Load.Server, port: UInt16, process: ChildProcess, database: String?) {
        self.kind = kind
        self.port = port
        self.process = process
        self.database = database
    }

    var usage: ProcessUsage { ProcessUsage(of: process.pid) }

    func kill() { process.kill() }
}
