/// More time to decide: how often the time limit of a signal was put off, and by whom last (APR-13).
///
/// Bounded, so that terms which were good for five minutes are not decided on an hour later.
package struct ExpiryExtension: Hashable, Sendable, Codable {
    package static let minutesDefault = 5
    package static let timesMax = 3
    /// Of all extensions of one signal together.
    package static let minutesMax = 30

    package let extendedBy: UserName
    package let extendedAt: Timestamp
    /// How often, this time included.
    package let times: Int
    /// By how much in all.
    package let minutes: Int

    package init(extendedBy: UserName, extendedAt: Timestamp, times: Int, minutes: Int) {
        self.extendedBy = extendedBy
        self.extendedAt = extendedAt
        self.times = times
        self.minutes = minutes
    }
}
