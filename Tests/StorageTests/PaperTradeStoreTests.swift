import Domain
import Foundation
import GRDB
import Storage
import StorageContract
import StorageSQLite
import Testing

/// How far trades on paper have come outlives the process (APR-19).
struct PaperTradeStoreTests {
    private static func trade(_ text: String? = nil) -> PaperTrade {
        var signal = Signal(id: SignalID(), proposal: Samples.proposal(symbol: "AAPL"), receivedAt: Samples.monday)
        signal.status = .expired
        var trade = PaperTrade(of: signal)!
        if let text { trade.see(Quantity(text)!, at: Samples.monday) }
        return trade
    }

    private static func check(_ store: any EventStore & PaperTradeStore) async throws {
        #expect(try await store.paperTrades() == PaperTrades())
        let ids = (0..<4).map { _ in SignalID() }
        let trades = zip(ids, [trade(), trade("150.60"), trade("150.25"), trade("1.00")])
        let all = Dictionary(uniqueKeysWithValues: trades.map { ($0, $1) })
        try await store.save(paperTrades: all, forgetting: [], watchedUntil: Samples.monday)
        #expect(try await store.paperTrades() == PaperTrades(trades: all, watchedUntil: Samples.monday))

        let later = Samples.monday.advanced(byMilliseconds: 1)
        let changed = [ids[0]: trade("150.25"), ids[1]: trade("150.25")]
        try await store.save(paperTrades: changed, forgetting: [ids[1], ids[2], SignalID()], watchedUntil: later)
        let saved = try await store.paperTrades()
        #expect(saved.watchedUntil == later)
        #expect(saved.trades == [ids[0]: trade("150.25"), ids[1]: trade("150.25"), ids[3]: trade("1.00")])
    }

    @Test func `in memory they come back as last saved`() async throws { try await Self.check(MemoryStore()) }

    @Test func `from a file they come back as last saved, and leave the log alone`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            try await Self.check(store)
            try await store.verify()
            try await store.close()
            let again = try SQLiteStore(path: path)
            #expect(try await again.paperTrades().trades.count == 3)
            try await again.close()
        }
    }

    @Test func `one that cannot be read back is left out`() async throws {
        try await withDatabasePath { path in
            let store = try SQLiteStore(path: path)
            let (good, bad) = (SignalID(), SignalID())
            try await store.save(
                paperTrades: [good: Self.trade(), bad: Self.trade()],
                forgetting: [],
                watchedUntil: Samples.monday
            )
            try await store.close()
            let database = try DatabaseQueue(path: path)
            try await database.write { db in
                try db.execute(
                    sql: "UPDATE paper_trade SET body = '{}' WHERE signal_id = ?",
                    arguments: [bad.description]
                )
            }
            try database.close()
            let again = try SQLiteStore(path: path)
            #expect(try await again.paperTrades().trades.keys.map(\.self) == [good])
            try await again.close()
        }
    }
}
