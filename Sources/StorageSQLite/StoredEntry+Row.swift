import Domain
import Foundation
import GRDB
import Storage

/// How an entry of the log lies in the table.
extension StoredEntry {
    /// The fields of ``EntryContent``, in its order: the bytes of text and not text, for a damaged row may hold what is none.
    static let columns = """
        event.offset, event.recorded_at, CAST(event.type AS BLOB), CAST(event.signal_id AS BLOB), event.version,
            CAST(event.payload AS BLOB), CAST(event.user AS BLOB)
        """

    /// - Parameter row: ``columns``, its hash and that of its predecessor.
    init(_ row: Row) throws(StoreError) {
        guard let content = Self.content(row), case let bytes?? = row.bytes(7), let hash = LogHash(bytes),
            let previousBytes = row.bytes(8),
            let previous = previousBytes.map(LogHash.init) ?? (content.offset == 1 ? LogHash.beginning : nil)
        else {
            let offset = row.integer(0).map { String($0) } ?? "?"
            throw StoreError(.corrupted, "Event \(offset) is damaged. `countersign audit verify` says how.")
        }
        self.init(content: content, hash: hash, previousHash: previous)
    }

    /// - Parameter row: begins with ``columns``.
    /// - Returns: `nil` when a field is not of its kind.
    static func content(_ row: Row) -> EntryContent? {
        guard let offset = row.integer(0), let recordedAt = row.integer(1), case let type?? = row.text(2),
            let signalID = row.text(3), case let payload?? = row.bytes(5), let user = row.text(6)
        else { return nil }
        let version = row.integer(4)
        guard version != nil || row.hasNull(atIndex: 4) else { return nil }
        return EntryContent(
            offset: offset,
            recordedAtMs: recordedAt,
            type: type,
            signalID: signalID,
            version: version,
            user: user,
            payload: payload
        )
    }
}

/// Fields that may be of any kind: GRDB's own access traps on what it did not expect.
extension Row {
    func integer(_ index: Int) -> Int64? {
        let value: DatabaseValue = self[index]
        guard case .int64(let number) = value.storage else { return nil }
        return number
    }

    /// `.some(nil)` is NULL; `nil` is what is neither NULL nor bytes.
    func bytes(_ index: Int) -> Data?? {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null: return .some(nil)
        case .blob(let bytes): return .some(bytes)
        default: return nil
        }
    }

    /// `.some(nil)` is NULL; `nil` is what is no UTF-8.
    func text(_ index: Int) -> String?? {
        guard let bytes = bytes(index) else { return nil }
        guard let bytes else { return .some(nil) }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return .some(text)
    }
}
