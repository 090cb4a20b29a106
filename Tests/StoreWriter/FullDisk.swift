import ArgumentParser
import Foundation
import Storage
import StorageContract
import StorageSQLite

/// Writes under a limit on the size of its files until it is refused, then lifts the limit and goes on: what a full
/// disk and one that has room again look like to a process. Says `full <code> <newest>` and `again <newest>`.
struct FullDisk: AsyncParsableCommand {
    @Argument var path: String
    @Option var fileBytesMax: UInt = 600_000

    func run() async throws {
        let store = try SQLiteStore(path: path)
        // Without this the signal ends the process; with it the write fails, as on a full disk.
        signal(SIGXFSZ, SIG_IGN)
        try limitFileSize(fileBytesMax)
        try await fill(store)
        try limitFileSize(nil)
        _ = try await store.append([Append(Samples.notice("again"))])
        say("again \(try await store.extent().newest)")
        try await store.close()
    }

    private func fill(_ store: SQLiteStore) async throws {
        for number in 0... {
            do {
                _ = try await store.append((0..<20).map { Append(Samples.notice("\(number)-\($0)")) })
                say("ack \(20 * (number + 1))")
            } catch {
                say("full \(error.code) \(try await store.extent().newest)")
                return
            }
        }
    }

    /// - Parameter bytes: `nil` for no limit but the one that cannot be lifted.
    private func limitFileSize(_ bytes: UInt?) throws {
        var limit = rlimit()
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
        let resource = RLIMIT_FSIZE
        #endif
        guard getrlimit(resource, &limit) == 0 else { throw CocoaError(.featureUnsupported) }
        limit.rlim_cur = bytes.map { rlim_t($0) } ?? limit.rlim_max
        guard setrlimit(resource, &limit) == 0 else { throw CocoaError(.featureUnsupported) }
    }
}
