package import Domain
import GRDB
package import Storage

extension SQLiteStore: WebhookOutbox {
    package func webhookPositions() async throws(StoreError) -> [String: Offset] {
        try await read { [epoch] db in try WebhookTables(db: db, epoch: epoch).positions() }
    }

    package func save(
        position: Offset,
        of endpoint: String,
        dead: DeadLetter.Content?
    ) async throws(StoreError) {
        try await changeWebhooks { tables in
            if let dead { try tables.add(dead) }
            try tables.save(position: position, of: endpoint)
        }
    }

    package func forgetWebhookPositions(except endpoints: Set<String>) async throws(StoreError) {
        try await changeWebhooks { try $0.forgetPositions(except: endpoints) }
    }

    package func deadLetters(after id: Int64, limit: Int) async throws(StoreError) -> [DeadLetter] {
        try await read { [epoch] db in try WebhookTables(db: db, epoch: epoch).letters(after: id, limit: limit) }
    }

    package func deadLetterCounts() async throws(StoreError) -> [String: Int] {
        try await read { [epoch] db in try WebhookTables(db: db, epoch: epoch).counts() }
    }

    package func queuedDeadLetters(of endpoint: String, limit: Int) async throws(StoreError) -> [DeadLetter] {
        try await read { [epoch] db in
            try WebhookTables(db: db, epoch: epoch).queuedLetters(of: endpoint, limit: limit)
        }
    }

    package func queueDeadLetter(_ id: Int64) async throws(StoreError) -> DeadLetter? {
        try await changeWebhooks { try $0.queue(id) }
    }

    package func settleDeadLetter(_ id: Int64, as content: DeadLetter.Content?) async throws(StoreError) {
        try await changeWebhooks { try $0.settle(id, as: content) }
    }

    private func changeWebhooks<Value: Sendable>(
        _ change: @escaping @Sendable (WebhookTables) throws -> Value
    ) async throws(StoreError) -> Value {
        try await write { [epoch] db in
            var value: Value?
            try db.inTransaction(.immediate) {
                value = try change(WebhookTables(db: db, epoch: epoch))
                return .commit
            }
            return value!
        }
    }
}
