package import Domain
package import Wire

/// Where a client says it left the log: `?epoch=…&since=…`.
package struct ResumePoint: Hashable, Sendable {
    package let epoch: Epoch
    package let since: Offset

    package init(epoch: Epoch, since: Offset) {
        self.epoch = epoch
        self.since = since
    }

    /// Why the log cannot lead a client from here to now; `nil` when it can.
    package func failure(epoch: Epoch, oldest: Offset, newest: Offset, replayEventsMax: Int) -> ResumeFailure? {
        if self.epoch != epoch || since > newest { return .epochChanged }
        if since.next < oldest { return .trimmed }
        if newest.value - since.value > replayEventsMax { return .tooMany }
        return nil
    }
}
