import Domain
import Engine
import Realtime
import Synchronization
import Wire

/// What every tab is told of the emergency stop besides its messages: how the desk stands, and who has acknowledged.
extension LiveHub {
    var standing: DeskStanding {
        DeskStanding(stop: stop.withLock(\.self), acknowledgements: rollCall.answers)
    }

    func noteStop(_ events: [RecordedEvent]) {
        guard let last = events.last(where: { $0.event.deskStop != nil })?.event.deskStop else { return }
        stop.withLock { $0 = last }
    }

    /// The desk was found stopped at the start.
    ///
    /// - Parameter position: where what was recalled begins. What lies further back, everybody has who has what came behind it.
    func callAfterRestart(_ recalled: [LiveMessage], behind position: Offset) {
        let stopped = recalled.last { $0.broadcast.message.type == .deskStopped }
        rollCall.recover(stoppedAt: stopped?.broadcast.offset ?? position)
    }

    func newestAnswers() -> LiveMessage? { rollCall.answers.map { LiveMessage(Broadcast($0, at: now())) } }

    /// Tells all tabs how many have acknowledged that the desk is stopped.
    func tellAnswers() async {
        for await _ in rollCall.changes {
            guard (try? await clock.sleep(milliseconds: limits.receiptsIntervalMs)) != nil else { return }
            guard let answers = rollCall.takeChanged() else { continue }
            let now = now()
            await deliver([LiveMessage(Broadcast(answers, at: now))], to: .everyTab, now: now)
        }
    }
}
