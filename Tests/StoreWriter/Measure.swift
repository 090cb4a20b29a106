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
        let elapsed = try await ContinuousClock().measure { try await body() }
        let seconds = elapsed / .seconds(1)
        say("\(what): \(count) in \(String(format: "%.2f", seconds)) s, \(Int(Double(count) / seconds)) a second")
    }
}
