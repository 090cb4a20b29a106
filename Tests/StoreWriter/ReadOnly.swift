import ArgumentParser
import Foundation
import Storage
import StorageSQLite

/// Opens a database as a user without rights and says `refused <code> <message>` or `open`.
struct ReadOnly: AsyncParsableCommand {
    @Argument var path: String

    func run() async throws {
        let nobody: uid_t = 65534
        if geteuid() == 0, setuid(nobody) != 0 { throw ExitCode.failure }
        do {
            _ = try SQLiteStore(path: path)
            say("open")
        } catch {
            say("refused \(error.code) \(error.message)")
        }
    }
}
