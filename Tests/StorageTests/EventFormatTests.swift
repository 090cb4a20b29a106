import Domain
import Foundation
import Storage
import StorageContract
import Testing

/// The JSON in every log that exists. A test here that fails means that old logs can no longer be read: give the changed
/// event a new type name and keep the old one readable, do not change the expectation.
struct EventFormatTests {
    @Test func `every kind of event is written as it always was`() {
        let written = Samples.everyKind.map { event in
            let stored = EventFormat().encode(event)
            return "\(stored.type) \(String(decoding: stored.payload, as: UTF8.self))"
        }
        #expect(written == Self.golden)
    }

    @Test func `every golden line reads back as the event it was written from`() throws {
        let read = try Self.golden.map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return try EventFormat().decode(.init(type: String(parts[0]), payload: Data(parts[1].utf8)))
        }
        #expect(read == Samples.everyKind)
    }

    @Test func `what is let go by its type is what is not kept for ever (GAP-12)`() {
        for event in Samples.everyKind {
            #expect(EventFormat.trimmedTypes.contains(EventFormat().encode(event).type) == !event.isKeptForEver)
        }
        #expect(EventFormat.trimmedTypes.count == Samples.everyKind.filter { !$0.isKeptForEver }.count)
    }

    @Test func `a field added by a later version is passed over`() throws {
        let payload = Data(#"{"id":"n-1","kind":"info","message":"m","tomorrow":{"a":[1]}}"#.utf8)
        let event = try EventFormat().decode(.init(type: "notice", payload: payload))
        #expect(event == .observed(.notice(Notice(id: "n-1", message: "m", kind: .info))))
    }

    @Test(arguments: [#"{"id":1}"#, "", "[", #"{"id":"n-1","kind":"loud","message":"m"}"#])
    func `a payload that is not the type's is corrupted`(payload: String) {
        let error = #expect(throws: StoreError.self) {
            try EventFormat().decode(.init(type: "notice", payload: Data(payload.utf8)))
        }
        #expect(error?.code == .corrupted)
    }
}
