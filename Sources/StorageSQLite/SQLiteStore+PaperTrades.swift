package import Domain
import Foundation
import GRDB
package import Storage

/// How far trades on paper have come: see ``PaperTradeStore``.
extension SQLiteStore: PaperTradeStore {
    package func paperTrades() async throws(StoreError) -> PaperTrades {
        try await read { [epoch] db in
            let watched = try Int64.fetchOne(
                db,
                sql: "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'paper_watched_until'"
            )
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT signal_id, body FROM paper_trade WHERE epoch = ?",
                arguments: [epoch.text]
            )
            let decoder = JSONDecoder()
            let trades = rows.compactMap { row -> (SignalID, PaperTrade)? in
                guard let id = SignalID(row[0] as String),
                    let trade = try? decoder.decode(PaperTrade.self, from: Data((row[1] as String).utf8))
                else { return nil }
                return (id, trade)
            }
            return PaperTrades(
                trades: Dictionary(trades) { one, _ in one },
                watchedUntil: watched.map { Timestamp(milliseconds: $0) }
            )
        }
    }

    package func save(
        paperTrades: [SignalID: PaperTrade],
        forgetting forgotten: [SignalID],
        watchedUntil: Timestamp
    ) async throws(StoreError) {
        try await write { [epoch] db in
            let encoder = JSONEncoder()
            try db.inTransaction(.immediate) {
                // Those of other logs go as well.
                try db.cachedStatement(sql: "DELETE FROM paper_trade WHERE epoch <> ?").execute(arguments: [epoch.text])
                let remove = try db.cachedStatement(sql: "DELETE FROM paper_trade WHERE signal_id = ?")
                for id in forgotten { try remove.execute(arguments: [id.description]) }
                let insert = try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO paper_trade (signal_id, epoch, body) VALUES (?, ?, ?)"
                )
                for (id, trade) in paperTrades {
                    let body = String(decoding: try encoder.encode(trade), as: UTF8.self)
                    try insert.execute(arguments: [id.description, epoch.text, body])
                }
                try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('paper_watched_until', ?)"
                ).execute(arguments: [String(watchedUntil.milliseconds)])
                return .commit
            }
        }
    }
}
