import ArgumentParser
import Domain
import Foundation
import Storage
import StorageContract
import StorageSQLite

/// Measures by hand: durable appends one by one and in batches, and reading everything back as recovery does.
///
///     swift run -c release StoreWriter measure /tmp/measure.sqlite
struct Measure: AsyncParsableCommand {
    @Argument var path: String
    @Option var events = 100_000
    @Option var page = 1000

    func run() async throws {
        let store = try SQLiteStore(path: path)
        try await time("appends of 1 event, 1 per sync", count: 2000) {
            for number in 0..<2000 { _ = try await store.append([Append(Samples.notice("\(number)"))]) }
        }
        let perBatch = 100
        try await time("appends of 1 event, \(perBatch) per sync", count: events) {
            for _ in 0..<(events / perBatch) {
                _ = try await store.append((0..<perBatch).map { _ in Append(Samples.received()) })
            }
        }
        let newest = try await store.extent().newest
        try await time("events read, \(page) per page", count: Int(newest.value)) {
            var position = Offset.start
            while position < newest {
                position = try await store.events(after: position, limit: page).last?.offset ?? newest
            }
        }
        try await time("events verified", count: Int(newest.value)) { try await store.verify() }
        try await store.close()
    }

    private func time(_ what: String, count: Int, _ body: () async throws -> Void) async throws {
        let cpuBefore = Self.cpuSeconds
        let elapsed = try await ContinuousClock().measure { try await body() }
        let seconds = elapsed / .seconds(1)
        let cpuUs = (Self.cpuSeconds - cpuBefore) * 1_000_000 / Double(count)
        let rate = Int(Double(count) / seconds)
        say(String(format: "\(what): \(count) in %.2f s, \(rate) a second, %.1f µs of CPU each", seconds, cpuUs))
    }

    /// Of this process, all threads, in its own code and in the kernel.
    private static var cpuSeconds: Double {
        var used = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
        return Double(used.tv_sec) + Double(used.tv_nsec) / 1_000_000_000
    }
}
