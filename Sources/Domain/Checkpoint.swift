/// What a ``Projection`` adds up to at one offset, to be stored beside the log so that a start need not read all of it.
///
/// Signals stand here as the offsets of their last events, for the log keeps these for ever
/// (``Event/isKeptForEver``); all else as the events it came from.
package struct Checkpoint: Hashable, Sendable {
    package let offset: Offset
    /// The offset of the last event of each signal known, ascending.
    package let signals: [Offset]
    /// The latest event of everything else that is shown, ascending.
    package let observations: [RecordedEvent]
    package let forgotten: Projection.Horizon

    package init(
        offset: Offset,
        signals: [Offset],
        observations: [RecordedEvent],
        forgotten: Projection.Horizon
    ) {
        self.offset = offset
        self.signals = signals
        self.observations = observations
        self.forgotten = forgotten
    }
}

extension Projection {
    package var checkpoint: Checkpoint {
        Checkpoint(offset: offset, signals: signalOffsets, observations: observations, forgotten: forgotten)
    }

    /// The projection a checkpoint was made of.
    ///
    /// - Parameter signals: the events at the checkpoint's ``Checkpoint/signals``; `nil` comes of any others, and of a
    ///   checkpoint that contradicts itself.
    package init?(_ checkpoint: Checkpoint, signals: [RecordedEvent], decidedMax: Int = Projection.decidedMax) {
        guard signals.map(\.offset) == checkpoint.signals, signals.allSatisfy({ $0.event.signal != nil }),
            Set(signals.map { $0.event.signal?.id }).count == signals.count,
            checkpoint.observations.allSatisfy({ $0.event.signal == nil })
        else { return nil }
        self.init(decidedMax: decidedMax, forgotten: checkpoint.forgotten)
        for event in (signals + checkpoint.observations).sorted(by: { $0.offset < $1.offset }) {
            guard event.offset > offset else { return nil }
            apply(event)
        }
        guard offset <= checkpoint.offset, forgotten.changedAt <= checkpoint.offset else { return nil }
        skip(to: checkpoint.offset)
    }
}
