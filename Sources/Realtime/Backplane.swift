package import Domain
import Synchronization

/// What reaches every open tab of every node.
package enum Publication: Sendable {
    /// Committed events in the order of the log.
    case events([RecordedEvent])
    /// The newest prices; older ones of the same symbol may be passed over.
    case prices([Price])
}

/// Carries publications from the writer to the hubs.
///
/// Guarantees: publications of one publisher reach every subscriber in the order they were published; publishing never
/// waits for a subscriber. Callers publish an event only after it is durable ("persist, then publish").
package protocol Backplane: Sendable {
    func publish(_ publication: Publication)

    /// `receiver` is called for every publication from now on, possibly on any thread; it must not block.
    func subscribe(_ receiver: @escaping @Sendable (Publication) -> Void)
}

/// The backplane of a single node: a function call.
///
/// A mutex around the list of receivers; they are called outside of it.
package final class LocalBackplane: Backplane {
    private let receivers = Mutex<[@Sendable (Publication) -> Void]>([])

    package init() {}

    package func publish(_ publication: Publication) {
        for receiver in receivers.withLock({ $0 }) { receiver(publication) }
    }

    package func subscribe(_ receiver: @escaping @Sendable (Publication) -> Void) {
        receivers.withLock { $0.append(receiver) }
    }
}
