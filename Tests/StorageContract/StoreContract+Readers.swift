import Domain
import Storage
import Testing

extension StoreContract {
    static let readers = [
        Behaviour("readers come back as last saved, in the order of their names (DLV-01)", readersComeBack),
        Behaviour("a reader is forgotten by name, also one who was never saved", readersForgotten),
        Behaviour("who is forgotten and saved in one call is saved", forgottenAndSaved),
        Behaviour("readers and events leave each other alone", readersBesideEvents),
    ]

    private static func readersComeBack(_ store: any EventStore) async throws {
        #expect(try await store.readers() == [])
        let readers = ["Özil", "ann", "bo", "o'hara \"x\" 👩‍💻"].map { Samples.reader($0, acknowledged: 3) }
        try await store.save(readers: readers.reversed(), forgetting: [])
        #expect(try await store.readers() == readers.sorted { $0.user < $1.user })

        // Also backwards: what is saved is what holds.
        let later = Samples.reader("bo", acknowledged: 1 << 53, seenAfterMs: 1)
        try await store.save(readers: [later], forgetting: [])
        #expect(try await store.readers().filter { $0.user == later.user } == [later])
        #expect(try await store.readers().count == readers.count)
    }

    private static func readersForgotten(_ store: any EventStore) async throws {
        let (ann, bo) = (Samples.reader("ann", acknowledged: 1), Samples.reader("bo", acknowledged: 2))
        try await store.save(readers: [ann, bo], forgetting: [])
        try await store.save(readers: [], forgetting: [ann.user, UserName("cy")!])
        #expect(try await store.readers() == [bo])
        try await store.save(readers: [], forgetting: [])
        #expect(try await store.readers() == [bo])
    }

    private static func forgottenAndSaved(_ store: any EventStore) async throws {
        let ann = Samples.reader("ann", acknowledged: 1)
        for _ in 0..<2 { try await store.save(readers: [ann], forgetting: [ann.user]) }
        #expect(try await store.readers() == [ann])
    }

    private static func readersBesideEvents(_ store: any EventStore) async throws {
        let ann = Samples.reader("ann", acknowledged: 1)
        let stored = try await store.append((1...3).map { Append(Samples.notice("n\($0)")) }).events
        try await store.save(readers: [ann], forgetting: [])
        try await store.save(Samples.checkpoint(at: 3))
        _ = try await store.trim(through: Offset(2), recordedBefore: Timestamp(milliseconds: .max), limit: 10)
        #expect(try await store.readers() == [ann])
        try await store.save(readers: [], forgetting: [ann.user])
        #expect(try await store.events(after: Offset(2), limit: 10) == [stored[2]])
    }
}
