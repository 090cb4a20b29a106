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
        /// For spans that do not go on while the desk is stopped: time limits and undo windows.
        let runningMs: Int64
    }

    private(set) var latest: Reading
    /// Since when the desk stands still; `nil` while it runs.
    private var stoppedAtMs: Int64?
    /// In all the times before.
    private var stoodStillMs: Int64 = 0

    init(_ clock: some DeskClock) {
        let now = clock.now()
        let uptimeMs = clock.uptimeMs()
        latest = Reading(stamp: now, wall: now, uptimeMs: uptimeMs, runningMs: uptimeMs)
    }

    /// What was written before the desk started is not later than now, whatever the wall says.
    mutating func begin(after newest: Timestamp?, _ clock: some DeskClock) -> Reading {
        let now = clock.now()
        note(stamp: max(now, newest ?? now), wall: now, uptimeMs: clock.uptimeMs())
        return latest
    }

    mutating func read(_ clock: some DeskClock) -> Reading {
        let wall = clock.now()
        let uptimeMs = clock.uptimeMs()
        let slow = latest.stamp.advanced(byMilliseconds: max(0, uptimeMs - latest.uptimeMs) / 2)
        note(stamp: max(wall, slow), wall: wall, uptimeMs: uptimeMs)
        return latest
    }

    // MARK: Standing still

    /// From the latest reading on; nothing happens when it stands still already.
    mutating func stop() {
        stoppedAtMs = stoppedAtMs ?? latest.uptimeMs
        note(stamp: latest.stamp, wall: latest.wall, uptimeMs: latest.uptimeMs)
    }

    /// From the latest reading on.
    mutating func resume() {
        guard let stoppedAtMs else { return }
        stoodStillMs += latest.uptimeMs - stoppedAtMs
        self.stoppedAtMs = nil
        note(stamp: latest.stamp, wall: latest.wall, uptimeMs: latest.uptimeMs)
    }

    private mutating func note(stamp: Timestamp, wall: Timestamp, uptimeMs: Int64) {
        let runningMs = (stoppedAtMs ?? uptimeMs) - stoodStillMs
        latest = Reading(stamp: stamp, wall: wall, uptimeMs: uptimeMs, runningMs: runningMs)
    }
}
