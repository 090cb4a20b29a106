import Domain
import Synchronization

/// How many tabs are open, in all and per user (C9). A mutex around two counts: asked once per handshake.
final class ConnectionLedger: Sendable {
    private let connectionsMax: Int
    private let connectionsPerUserMax: Int
    private let counts = Mutex(Counts())

    private struct Counts {
        var total = 0
        var perUser: [UserName: Int] = [:]
    }

    init(connectionsMax: Int, connectionsPerUserMax: Int) {
        self.connectionsMax = connectionsMax
        self.connectionsPerUserMax = connectionsPerUserMax
    }

    var total: Int { counts.withLock(\.total) }

    /// Why there is no room for one more, or `nil` after making room.
    func enter(_ user: UserName?) -> String? {
        counts.withLock { counts in
            guard counts.total < connectionsMax else { return "the desk is full: \(connectionsMax) tabs are open" }
            if let user {
                let mine = counts.perUser[user, default: 0]
                guard mine < connectionsPerUserMax else {
                    return "\(connectionsPerUserMax) tabs are open under this name; close one"
                }
                counts.perUser[user] = mine + 1
            }
            counts.total += 1
            return nil
        }
    }

    func leave(_ user: UserName?) {
        counts.withLock { counts in
            counts.total -= 1
            guard let user, let mine = counts.perUser[user] else { return }
            counts.perUser[user] = mine > 1 ? mine - 1 : nil
        }
    }
}
