package import Domain

/// What one request wants stored, all or nothing.
package struct Append: Sendable {
    package let events: [Event]
    package let recordedAt: Timestamp
    /// The version each signal must have in the store before this append; 0 means that it must not exist.
    package let expectedVersions: [SignalID: Int]
    package let receipt: NewReceipt?

    package init(events: [Event], recordedAt: Timestamp, expectedVersions: [SignalID: Int], receipt: NewReceipt? = nil)
    {
        self.events = events
        self.recordedAt = recordedAt
        self.expectedVersions = expectedVersions
        self.receipt = receipt
    }

    /// What is kept so that the same request gets the same answer again.
    package struct NewReceipt: Hashable, Sendable {
        package let key: IdempotencyKey
        package let fingerprint: String

        package init(key: IdempotencyKey, fingerprint: String) {
            self.key = key
            self.fingerprint = fingerprint
        }
    }
}

package enum AppendOutcome: Hashable, Sendable {
    case appended([RecordedEvent])
    /// Nothing of this append was stored: the signal has another version.
    case conflict(SignalID, storedVersion: Int)
    /// Nothing of this append was stored: another request used the key before.
    case keyUsed(Receipt)
}

/// An `Idempotency-Key`, which only means something together with whoever chose it.
package struct IdempotencyKey: Hashable, Sendable {
    /// Who sent it, e.g. `user:alice`.
    package let scope: String
    package let key: String

    package init(scope: String, key: String) {
        self.scope = scope
        self.key = key
    }
}

/// What a request under an idempotency key did.
package struct Receipt: Hashable, Sendable {
    /// Tells the request apart from another one under the same key.
    package let fingerprint: String
    package let events: [RecordedEvent]

    package init(fingerprint: String, events: [RecordedEvent]) {
        self.fingerprint = fingerprint
        self.events = events
    }
}
