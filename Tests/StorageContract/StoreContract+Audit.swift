import Domain
import Storage
import Testing

extension StoreContract {
    static let audit = [
        Behaviour("an empty log has the head of the beginning", emptyHead),
        Behaviour("the hashes are those of the documented form, as another program makes them (APR-18)", goldenHashes),
        Behaviour("each entry covers the one before, and the head is the last", entriesAreChained),
        Behaviour("what was refused leaves the chain alone", refusedLeavesNoLink),
        Behaviour("what stays of a trimmed log keeps its hashes, and those of what it follows on", trimmedChain),
        Behaviour("entries come newest or oldest first, page by page, each once", auditPages),
        Behaviour("entries are found by signal, user, type and time", auditFilters),
        Behaviour("a page that has looked long enough ends, and leads on (APR-18)", scanIsBounded),
    ]

    private static func emptyHead(_ store: any EventStore) async throws {
        #expect(try await store.head() == .beginning)
        #expect(try await store.entries(LogQuery(entriesMax: 10)) == LogPage(entries: [], end: nil))
    }

    /// Made from the canonical form by `Tests/Fixtures/audit/chain.py`.
    private static func goldenHashes(_ store: any EventStore) async throws {
        _ = try await store.append(Samples.everyKind.map { Append($0) })
        let head = try await store.head()
        #expect(head.offset == Offset(27) && head.keptOffset == Offset(19))
        #expect(head.hash.description == Samples.everyKindHead)
        #expect(head.keptHash.description == Samples.everyKindKeptHead)
    }

    private static func entriesAreChained(_ store: any EventStore) async throws {
        let id = SignalID()
        let stored = try await store.append([
            Append(Samples.notice("a"), Samples.received(id)), Append(Samples.approved(id), Samples.notice("b")),
        ]).events
        let entries = try await all(store, .oldest)
        #expect(entries.map(\.recorded) == stored)
        #expect(entries.map(\.type) == ["notice", "signal_received", "signal_approved", "notice"])
        #expect(entries.map(\.previousHash) == [.beginning] + entries.dropLast().map(\.hash))
        let head = try await store.head()
        #expect(head.hash == entries[3].hash && head.keptHash == entries[2].hash && head.keptOffset == Offset(3))

        var expected = LogHead.beginning
        for entry in stored {
            expected = expected.followed(by: EntryContent(entry, as: EventFormat().encode(entry.event)))
        }
        #expect(head == expected)
    }

    private static func refusedLeavesNoLink(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([Append(Samples.received(id))])
        let head = try await store.head()
        _ = try await store.append([Append(Samples.notice("lost"), Samples.received(id)), Append()])
        #expect(try await store.head() == head)
    }

    private static func trimmedChain(_ store: any EventStore) async throws {
        let id = SignalID()
        _ = try await store.append([
            Append(Samples.notice("1"), Samples.received(id), Samples.notice("3"), Samples.notice("4")),
            Append(Samples.approved(id), Samples.executed(id), Samples.notice("7"), Samples.notice("8")),
        ])
        let before = try await all(store, .oldest)
        let head = try await store.head()
        try await store.save(Samples.checkpoint(at: 8))
        for last in [3, 7] {
            _ = try await store.trim(
                through: Offset(Int64(last)),
                recordedBefore: Timestamp(milliseconds: .max),
                limit: 100
            )
        }
        #expect(try await all(store, .oldest) == [1, 4, 5, 7].map { before[$0] })
        #expect(try await store.head() == head)
        let next = try await store.append([Append(Samples.notice("9"))]).events
        let entries = try await all(store, .newest)
        #expect(entries.first?.recorded == next.first && entries.first?.previousHash == head.hash)
    }

    private static func auditPages(_ store: any EventStore) async throws {
        let stored = try await store.append((1...7).map { Append(Samples.notice("n\($0)")) }).events
        for (order, expected) in [(LogQuery.Order.oldest, stored), (.newest, stored.reversed())] {
            var query = LogQuery(entriesMax: 3)
            query.order = order
            var pages: [[RecordedEvent]] = []
            repeat {
                let page = try await store.entries(query)
                pages.append(page.entries.map(\.recorded))
                query.beyond = page.end
            } while query.beyond != nil && pages.count < 10
            #expect(pages.map(\.count) == [3, 3, 1])
            #expect(pages.flatMap { $0 } == expected)
        }
        for limit in [0, -1] { #expect(try await store.entries(LogQuery(entriesMax: limit)).entries.isEmpty) }
        for (order, beyond) in [(LogQuery.Order.newest, Int64.min), (.oldest, .max), (.newest, 1), (.oldest, 7)] {
            var query = LogQuery(entriesMax: 3)
            (query.order, query.beyond) = (order, Offset(beyond))
            #expect(try await store.entries(query) == LogPage(entries: [], end: nil))
        }
    }

    private static func auditFilters(_ store: any EventStore) async throws {
        let (one, other) = (SignalID(), SignalID())
        let noon = Samples.monday
        _ = try await store.append([
            Append(Samples.received(one), Samples.received(other), at: noon),
            Append(Samples.notice("n"), Samples.approved(one), at: noon.advanced(byMilliseconds: 1)),
            Append(Samples.executed(one), Samples.approved(other), at: noon.advanced(byMilliseconds: 2)),
        ])
        func offsets(_ change: (inout LogQuery) -> Void) async throws -> [Int64] {
            var query = LogQuery(entriesMax: 10)
            query.order = .oldest
            change(&query)
            return try await store.entries(query).entries.map(\.offset.value)
        }
        #expect(try await offsets { $0.signal = one } == [1, 4, 5])
        #expect(try await offsets { $0.user = UserName("alice") } == [4, 6])
        #expect(try await offsets { $0.user = UserName("bo") } == [])
        #expect(try await offsets { $0.types = ["signal_executed", "notice"] } == [3, 5])
        #expect(try await offsets { $0.types = [] } == [])
        #expect(try await offsets { $0.from = noon.advanced(byMilliseconds: 2) } == [5, 6])
        #expect(try await offsets { $0.to = noon.advanced(byMilliseconds: 1) } == [1, 2])
        #expect(try await offsets { $0.from = noon.advanced(byMilliseconds: 3) } == [])
        #expect(
            try await offsets {
                ($0.user, $0.signal, $0.types) = (UserName("alice"), one, ["signal_approved"])
                ($0.from, $0.to) = (noon, noon.advanced(byMilliseconds: 2))
            } == [4]
        )
    }

    private static func scanIsBounded(_ store: any EventStore) async throws {
        _ = try await store.append([Append(Samples.received())] + (1...9).map { Append(Samples.notice("n\($0)")) })
        var query = LogQuery(entriesMax: 5)
        query.types = ["signal_received"]
        query.scannedMax = 4
        var (found, pages): ([Int64], Int) = ([], 0)
        repeat {
            let page = try await store.entries(query)
            found += page.entries.map(\.offset.value)
            query.beyond = page.end
            pages += 1
        } while query.beyond != nil && pages < 10
        #expect(found == [1] && pages == 3)
    }

    private static func all(_ store: any EventStore, _ order: LogQuery.Order) async throws -> [LogEntry] {
        var query = LogQuery(entriesMax: 1000)
        query.order = order
        return try await store.entries(query).entries
    }
}
