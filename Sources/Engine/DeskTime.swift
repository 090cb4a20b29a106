import Domain

/// What time it is for the desk. The times in the data are those of the clock on the wall, but they never step back; spans of
/// time are measured by a clock that nobody sets.
///
/// While the wall says an earlier time than the desk has already written, the desk's time goes on at half speed until the wall
/// has caught up: so the order of times is the order of events, `?since=` a time misses nothing, and an hour set back is
/// made up for in two.
struct DeskTime: Sendable {
    struct Reading: Sendable {
        /// For the data.
        let stamp: Timestamp
        /// As it is set; what a source's `expires_at` is compared with when it arrives.
        let wall: Timestamp
        /// For spans of time.
        let uptimeMs: Int64
    }

    private(set) var latest: Reading

    init(_ clock: some DeskClock) {
        let now = clock.now()
        latest = Reading(stamp: now, wall: now, uptimeMs: clock.uptimeMs())
    }

    /// What was written before the desk started is not later than now, whatever the wall says.
    mutating func begin(after newest: Timestamp?, _ clock: some DeskClock) -> Reading {
        let now = clock.now()
        latest = Reading(stamp: max(now, newest ?? now), wall: now, uptimeMs: clock.uptimeMs())
        return latest
    }

    mutating func read(_ clock: some DeskClock) -> Reading {
        let wall = clock.now()
        let uptimeMs = clock.uptimeMs()
        let slow = latest.stamp.advanced(byMilliseconds: max(0, uptimeMs - latest.uptimeMs) / 2)
        latest = Reading(stamp: max(wall, slow), wall: wall, uptimeMs: uptimeMs)
        return latest
    }
}
