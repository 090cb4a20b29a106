import DequeModule
import Domain
import Realtime
import Synchronization

/// The newest logged messages, ready to send: a thousand tabs that come back together read these and not the store.
///
/// A mutex around a deque: short, synchronous, shared by all loops.
final class RecentMessages: Sendable {
    static let messagesMax = 4_096

    private let messages = Mutex<Deque<LiveMessage>>([])

    /// - Parameter new: logged messages in the order of the log.
    func append(_ new: [LiveMessage]) {
        messages.withLock { messages in
            messages.append(contentsOf: new)
            if messages.count > Self.messagesMax { messages.removeFirst(messages.count - Self.messagesMax) }
        }
    }

    /// Before messages that do not follow those that are here.
    func clear() { messages.withLock { $0.removeAll() } }

    /// The messages behind `position`, or `nil` when the first of them is no longer here.
    func page(after position: Offset, limit: Int) -> [LiveMessage]? {
        messages.withLock { messages in
            guard let first = messages.first?.broadcast.offset, first <= position.next else { return nil }
            let start = Int(position.next.value - first.value)
            guard start < messages.count else { return nil }
            return Array(messages[start..<min(start + limit, messages.count)])
        }
    }
}
