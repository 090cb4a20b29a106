import Domain
import Synchronization
import Wire

/// How many tabs are open, per transport and per user (C9). A mutex around the counts: asked once per connection.
final class ConnectionLedger: Sendable {
    private let connectionsMax: Int
    private let connectionsPerUserMax: Int
    private let counts = Mutex(Counts())

    private struct Counts {
        var perTransport: [Transport: Int] = [:]
        var perUser: [UserName: Int] = [:]

        var total: Int { perTransport.values.reduce(0, +) }
    }

    init(connectionsMax: Int, connectionsPerUserMax: Int) {
        self.connectionsMax = connectionsMax
        self.connectionsPerUserMax = connectionsPerUserMax
    }

    var total: Int { counts.withLock(\.total) }

    func count(over transport: Transport) -> Int { counts.withLock { $0.perTransport[transport, default: 0] } }

    /// Why there is no room for one more, or `nil` after making room.
    func enter(_ user: UserName?, over transport: Transport) -> String? {
        counts.withLock { counts in
            guard counts.total < connectionsMax else { return "the desk is full: \(connectionsMax) tabs are open" }
            if let user {
                let mine = counts.perUser[user, default: 0]
                guard mine < connectionsPerUserMax else {
                    return "\(connectionsPerUserMax) tabs are open under this name; close one"
                }
                counts.perUser[user] = mine + 1
            }
            counts.perTransport[transport, default: 0] += 1
            return nil
        }
    }

    /// Room for one more that is given back by itself.
    func place(for user: UserName?, over transport: Transport) -> Result<LedgerPlace, DeskFull> {
        if let reason = enter(user, over: transport) { return .failure(DeskFull(reason: reason)) }
        return .success(LedgerPlace(self, user, transport))
    }

    func leave(_ user: UserName?, over transport: Transport) {
        counts.withLock { counts in
            counts.perTransport[transport, default: 0] -= 1
            guard let user, let mine = counts.perUser[user] else { return }
            counts.perUser[user] = mine > 1 ? mine - 1 : nil
        }
    }
}

/// Why there is no room for one more tab.
struct DeskFull: Error {
    let reason: String
}

/// Room for one tab, until nobody holds it any more: the answer to a request may be dropped before its body is written
/// (`HEAD`, a connection that was lost), so no single line could give it back.
final class LedgerPlace: Sendable {
    private let ledger: ConnectionLedger
    private let user: UserName?
    private let transport: Transport

    fileprivate init(_ ledger: ConnectionLedger, _ user: UserName?, _ transport: Transport) {
        self.ledger = ledger
        self.user = user
        self.transport = transport
    }

    deinit { ledger.leave(user, over: transport) }
}
