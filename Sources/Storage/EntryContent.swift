import Crypto
package import Domain
package import Foundation

/// What an entry of the log says, as it is stored, and the canonical form that its hash is taken of
/// (docs/Operations.md, "The hash chain").
///
/// The form is ten lines, each ending with one line feed but the last: `countersign log entry 1`, the hash of the entry
/// before it, the hash of the last entry before it that is kept for ever, its offset, `recorded_at` in milliseconds since
/// 1970, its type, its signal, the signal's version, its user (each empty when there is none), and the payload, byte for
/// byte. Nothing but the payload can hold a line feed, so no two entries have the same form.
///
/// Two hashes and not one, because the log is trimmed: what is kept for ever is a chain of its own, which still proves
/// that none of it was taken out when all between has been let go.
package struct EntryContent: Hashable, Sendable {
    package let offset: Int64
    package let recordedAtMs: Int64
    package let type: String
    package let signalID: String?
    package let version: Int64?
    package let user: String?
    /// The bytes of the JSON as they are stored.
    package let payload: Data

    package init(
        offset: Int64,
        recordedAtMs: Int64,
        type: String,
        signalID: String?,
        version: Int64?,
        user: String?,
        payload: Data
    ) {
        self.offset = offset
        self.recordedAtMs = recordedAtMs
        self.type = type
        self.signalID = signalID
        self.version = version
        self.user = user
        self.payload = payload
    }

    package init(_ recorded: RecordedEvent, as stored: EventFormat.Stored) {
        let signal = recorded.event.signal
        self.init(
            offset: recorded.offset.value,
            recordedAtMs: recorded.recordedAt.milliseconds,
            type: stored.type,
            signalID: signal?.id.description,
            version: (signal?.version).map { Int64($0) },
            user: recorded.event.user?.text,
            payload: stored.payload
        )
    }

    /// False when a field holds what none can: then another entry might have the same canonical form.
    package var isWellFormed: Bool {
        !([type, signalID, user].contains { $0?.utf8.contains(Self.lineFeed) == true })
    }

    /// - Parameters:
    ///   - previous: of the entry before it.
    ///   - kept: of the last entry before it that is kept for ever.
    package func hash(after previous: LogHash, kept: LogHash) -> LogHash {
        var head: [UInt8] = []
        head.reserveCapacity(320)
        head += Self.name
        for hash in [previous, kept] {
            head += hash.hexadecimal
            head.append(Self.lineFeed)
        }
        for field in [String(offset), String(recordedAtMs), type, signalID, version.map { String($0) }, user] {
            if let field { head += field.utf8 }
            head.append(Self.lineFeed)
        }
        var hasher = SHA256()
        hasher.update(data: head)
        hasher.update(data: payload)
        return LogHash(hasher.finalize())
    }

    /// The same entry, had it been stored elsewhere.
    func moved(to offset: Int64) -> EntryContent {
        EntryContent(
            offset: offset,
            recordedAtMs: recordedAtMs,
            type: type,
            signalID: signalID,
            version: version,
            user: user,
            payload: payload
        )
    }

    /// Whether the log keeps it for ever, so that it is a link of both chains. A type never changes sides.
    package var isKeptForEver: Bool { !EventFormat.trimmedTypes.contains(type) }

    private static let name = Array("countersign log entry 1\n".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
}
