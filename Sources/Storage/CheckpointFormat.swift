package import Domain
import Foundation

/// How a checkpoint is written beside a log: a version, a checksum and JSON, in which the events stand as in the log.
///
/// A trimmed log cannot be read instead of its checkpoint, so a version that was released stays readable, as events do.
package struct CheckpointFormat: Sendable {
    package static let version = 1

    package struct Stored: Hashable, Sendable {
        package let version: Int
        package let checksum: String
        package let body: String

        package init(version: Int, checksum: String, body: String) {
            self.version = version
            self.checksum = checksum
            self.body = body
        }
    }

    private let events: EventFormat
    private let epoch: Epoch

    /// - Parameter epoch: the log's; a checkpoint of another one is refused.
    package init(events: EventFormat, epoch: Epoch) {
        self.events = events
        self.epoch = epoch
    }

    package func encode(_ checkpoint: Checkpoint) throws(StoreError) -> Stored {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let body = String(decoding: try encoder.encode(Body(checkpoint, epoch, events)), as: UTF8.self)
            return Stored(version: Self.version, checksum: Self.checksum(body), body: body)
        } catch {
            throw StoreError(.corrupted, "The checkpoint at \(checkpoint.offset) cannot be written.", underlying: error)
        }
    }

    /// - Throws: `tooNew` for a version this program does not know; `corrupted` when the checksum or the epoch is another
    ///   one's, or the JSON is none.
    package func decode(_ stored: Stored) throws(StoreError) -> Checkpoint {
        guard stored.version == Self.version else {
            throw StoreError(.tooNew, "A checkpoint is of version \(stored.version), which is too new.")
        }
        guard stored.checksum == Self.checksum(stored.body) else {
            throw StoreError(.corrupted, "A checkpoint does not have its checksum.")
        }
        do {
            let body = try JSONDecoder().decode(Body.self, from: Data(stored.body.utf8))
            guard body.epoch == epoch else { throw StoreError(.corrupted, "A checkpoint is of another log.") }
            return try body.checkpoint(events)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.corrupted, "A checkpoint cannot be read back.", underlying: error)
        }
    }

    /// FNV-1a of 64 bits. A single changed byte always shows, anything else but for one time in 2^64; it is against failing
    /// disks, not against people.
    private static func checksum(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}

/// The JSON of version 1.
private struct Body: Codable {
    let epoch: Epoch
    let offset: Offset
    let forgottenChangedAt: Offset
    let forgottenUpdatedAt: Timestamp
    let signals: [Offset]
    let observations: [StoredObservation]

    struct StoredObservation: Codable {
        let offset: Offset
        let recordedAt: Timestamp
        let type: String
        /// JSON once more, as the log has it.
        let payload: String
    }

    init(_ checkpoint: Checkpoint, _ epoch: Epoch, _ format: EventFormat) {
        self.epoch = epoch
        offset = checkpoint.offset
        forgottenChangedAt = checkpoint.forgotten.changedAt
        forgottenUpdatedAt = checkpoint.forgotten.updatedAt
        signals = checkpoint.signals
        observations = checkpoint.observations.map { recorded in
            let stored = format.encode(recorded.event)
            return StoredObservation(
                offset: recorded.offset,
                recordedAt: recorded.recordedAt,
                type: stored.type,
                payload: String(decoding: stored.payload, as: UTF8.self)
            )
        }
    }

    func checkpoint(_ format: EventFormat) throws(StoreError) -> Checkpoint {
        Checkpoint(
            offset: offset,
            signals: signals,
            observations: try observations.map { stored throws(StoreError) in
                RecordedEvent(
                    offset: stored.offset,
                    recordedAt: stored.recordedAt,
                    event: try format.decode(.init(type: stored.type, payload: Data(stored.payload.utf8)))
                )
            },
            forgotten: Projection.Horizon(changedAt: forgottenChangedAt, updatedAt: forgottenUpdatedAt)
        )
    }
}
