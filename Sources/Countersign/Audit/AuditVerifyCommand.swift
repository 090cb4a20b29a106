import ArgumentParser
import Foundation
import Storage
import StorageSQLite

/// `countersign audit verify`: 0 when every entry is as it was recorded, 1 when one is not, 2 when that cannot be seen.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that nothing in the log was changed, taken out or put in.",
        discussion: """
            Says how many entries are whole and where the log ends, or names the first that is not. Note the kept head now
            and then where the desk cannot write: with --expect-head it shows also that nobody has made the whole log anew.
            """
    )

    @OptionGroup var file: AuditDatabase

    @Option(help: "A hash that was noted earlier and must be in the log.")
    var expectHead: String?

    func validate() throws {
        if let expectHead, LogHash(expectHead) == nil {
            throw ValidationError("--expect-head must be the 64 hexadecimal digits of a hash.")
        }
    }

    func run() throws {
        let log = try file.open()
        let verdict = try AuditFault.told { try log.verify(expecting: expectHead.flatMap { LogHash($0) }) }
        if let fault = verdict.fault { throw Self.bad("\(fault)") }
        if let complaint = try AuditFault.told({ try log.complaintsAboutFile() }).first {
            throw Self.bad("The entries are whole, but the file is damaged: \(complaint).")
        }
        guard let head = verdict.head else { throw Self.bad("The log does not say where it ends.") }
        Self.say("ok \(verdict.entries) entries, without a hole from \(verdict.oldest)")
        Self.say("head \(head.offset) \(head.hash)")
        Self.say("kept head \(head.keptOffset) \(head.keptHash)")
    }

    private static func bad(_ what: String) -> ExitCode {
        say("bad \(what)")
        return ExitCode(1)
    }

    private static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
