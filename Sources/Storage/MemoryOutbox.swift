package import Domain
import Synchronization

/// An outbox that lives as long as the process, as ``MemoryStore`` does.
///
/// Isolation: one `Mutex` around short synchronous work.
package final class MemoryOutbox: WebhookOutbox {
    private struct State {
        var positions: [String: Offset] = [:]
        var letters: [DeadLetter] = []
        var lastID: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func webhookPositions() async throws(StoreError) -> [String: Offset] { state.withLock(\.positions) }

    package func save(
        position: Offset,
        of endpoint: String,
        dead: DeadLetter.Content?
    ) async throws(StoreError) {
        state.withLock { state in
            state.positions[endpoint] = position
            guard let dead else { return }
            guard !state.letters.contains(where: { $0.content.isSame(as: dead) }) else { return }
            state.lastID += 1
            state.letters.append(DeadLetter(id: state.lastID, content: dead, isQueued: false))
        }
    }

    package func forgetWebhookPositions(except endpoints: Set<String>) async throws(StoreError) {
        state.withLock { state in state.positions = state.positions.filter { endpoints.contains($0.key) } }
    }

    package func deadLetters(after id: Int64, limit: Int) async throws(StoreError) -> [DeadLetter] {
        state.withLock { state in Array(state.letters.filter { $0.id > id }.prefix(max(limit, 0))) }
    }

    package func deadLetterCounts() async throws(StoreError) -> [String: Int] {
        state.withLock { state in Dictionary(state.letters.map { ($0.content.endpoint, 1) }, uniquingKeysWith: +) }
    }

    package func queuedDeadLetters(of endpoint: String, limit: Int) async throws(StoreError) -> [DeadLetter] {
        state.withLock { state in
            let queued = state.letters.filter { $0.isQueued && $0.content.endpoint == endpoint }
            return Array(queued.sorted { $0.content.offset < $1.content.offset }.prefix(max(limit, 0)))
        }
    }

    package func queueDeadLetter(_ id: Int64) async throws(StoreError) -> DeadLetter? {
        state.withLock { state in
            guard let index = state.letters.firstIndex(where: { $0.id == id }) else { return nil }
            state.letters[index] = DeadLetter(id: id, content: state.letters[index].content, isQueued: true)
            return state.letters[index]
        }
    }

    package func settleDeadLetter(_ id: Int64, as content: DeadLetter.Content?) async throws(StoreError) {
        state.withLock { state in
            guard let index = state.letters.firstIndex(where: { $0.id == id }) else { return }
            if let content {
                state.letters[index] = DeadLetter(id: id, content: content, isQueued: false)
            } else {
                state.letters.remove(at: index)
            }
        }
    }
}

extension DeadLetter.Content {
    fileprivate func isSame(as other: Self) -> Bool { endpoint == other.endpoint && offset == other.offset }
}
