/// A user who acknowledges critical messages, and how far they have read (DLV-01).
package struct Reader: Hashable, Sendable {
    package let user: UserName
    /// What was sent earlier is not for them to acknowledge.
    package let knownSince: Timestamp
    /// Nothing critical up to here waits for them.
    package var acknowledged: Offset
    /// When a tab of theirs was last open.
    package var lastSeenAt: Timestamp

    package init(user: UserName, knownSince: Timestamp, acknowledged: Offset, lastSeenAt: Timestamp) {
        self.user = user
        self.knownSince = knownSince
        self.acknowledged = acknowledged
        self.lastSeenAt = lastSeenAt
    }
}
