package import Domain
package import Wire

extension Cursor {
    /// Why the log cannot lead a client from here to now; `nil` when it can.
    package func failure(epoch: Epoch, oldest: Offset, newest: Offset, replayEventsMax: Int) -> ResumeFailure? {
        if self.epoch != epoch || offset > newest { return .epochChanged }
        if offset.next < oldest { return .trimmed }
        if newest.value - offset.value > replayEventsMax { return .tooMany }
        return nil
    }
}
