package import Domain
import Wire

/// Broadcasts that are offered together, and what can be said of them once for all sessions.
///
/// They are in the order in which they go out; those of the log follow each other without a hole.
package struct BroadcastBatch: Sendable {
    /// The broadcasts are named by the bits of a word.
    package static let broadcastsMax = 64

    package let broadcasts: [Broadcast]
    let firstOffset: Offset?
    package let lastOffset: Offset?
    /// Everything but prices.
    let logged: UInt64
    let prices: UInt64
    /// Whether something is in it that a tab may get later, or never.
    package var hasStream: Bool { prices != 0 }
    /// How long all of them are, at most.
    let bytesMax: Int
    let critical: UInt64
    /// Whether something is in it that is to be acknowledged.
    package var hasCritical: Bool { critical != 0 }
    /// Whether nobody is left out by its audience.
    package let isForDesk: Bool

    /// Whether a session of this user's is to be offered it. What is for some stands in a batch of its own, beside one for the
    /// others.
    package func isFor(_ user: UserName?) -> Bool {
        broadcasts.allSatisfy { $0.audience.includes(user) }
    }

    package init(_ broadcasts: [Broadcast]) {
        precondition(broadcasts.count <= Self.broadcastsMax)
        self.broadcasts = broadcasts
        firstOffset = broadcasts.lazy.compactMap(\.offset).first
        lastOffset = broadcasts.lazy.reversed().compactMap(\.offset).first
        var logged: UInt64 = 0
        var prices: UInt64 = 0
        var critical: UInt64 = 0
        for (index, broadcast) in broadcasts.enumerated() {
            if broadcast.offset == nil { prices |= 1 << UInt64(index) } else { logged |= 1 << UInt64(index) }
            if broadcast.deliveryClass == .critical { critical |= 1 << UInt64(index) }
        }
        self.logged = logged
        self.prices = prices
        self.critical = critical
        bytesMax = broadcasts.reduce(0) { $0 + $1.bytesMax }
        isForDesk = broadcasts.allSatisfy { $0.audience == .desk }
    }
}
