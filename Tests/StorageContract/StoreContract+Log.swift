package import Domain
import Storage
import Testing

extension StoreContract {
    static let log = [
        Behaviour("an empty log starts before offset 1", emptyLog),
        Behaviour("offsets grow by one over all appends, whatever was refused in between (C3)", offsetsWithoutHole),
        Behaviour("a page ends at its limit and the next one goes on behind it", pages),
        Behaviour("thousands of events in one page stay in order", longPage),
        Behaviour("a position behind the end or a limit of nothing reads nothing", nothingToRead),
        Behaviour("the events of one signal are read oldest first", eventsOfOneSignal),
        Behaviour("exact decimals, unicode and times come back as they went in (ENV-07)", exactValues),
        Behaviour("every kind of event comes back equal", everyKind),
        Behaviour("an append without events is stored as nothing", emptyAppend),
        Behaviour("readers beside a writer see whole appends in order", concurrentReaders),
        Behaviour("appends from many tasks all get their own offsets", concurrentWriters),
    ]

    private static func emptyLog(_ store: any EventStore) async throws {
        #expect(try await store.extent() == Extent(oldest: Offset(1), newest: .start))
        #expect(try await store.events(after: .start, limit: 10).isEmpty)
        #expect(try await store.events(of: SignalID()).isEmpty)
        #expect(store.epoch.text.utf8.count >= 12)
    }

    private static func offsetsWithoutHole(_ store: any EventStore) async throws {
        let id = SignalID()
        let first = try await store.append([Append(Samples.received(id), Samples.notice("a"))])
        let refused = try await store.append([Append(Samples.notice("lost"), Samples.received(id))])
        let mixed = try await store.append([
            Append(Samples.notice("b")), Append(Samples.received(id)), Append(Samples.approved(id)),
        ])

        #expect(first.events.map(\.offset.value) == [1, 2])
        #expect(refused == [.conflict(id, storedVersion: 1)])
        #expect(mixed.events.map(\.offset.value) == [3, 4])
        #expect(try await store.extent() == Extent(oldest: Offset(1), newest: Offset(4)))
        #expect(try await store.events(after: .start, limit: 100) == first.events + mixed.events)
    }

    private static func pages(_ store: any EventStore) async throws {
        let stored = try await store.append((1...7).map { Append(Samples.notice("n\($0)")) }).events
        var read: [[RecordedEvent]] = []
        while let page = try await nextPage(store, behind: read.last?.last?.offset ?? .start) { read.append(page) }

        #expect(read.map(\.count) == [3, 3, 1])
        #expect(read.flatMap { $0 } == stored)
    }

    private static func nextPage(_ store: any EventStore, behind position: Offset) async throws -> [RecordedEvent]? {
        let page = try await store.events(after: position, limit: 3)
        return page.isEmpty ? nil : page
    }

    private static func longPage(_ store: any EventStore) async throws {
        let stored = try await store.append((1...2001).map { Append(Samples.notice("n\($0)")) }).events
        #expect(try await store.events(after: .start, limit: .max) == stored)
        #expect(try await store.events(after: Offset(1), limit: 1999) == Array(stored[1..<2000]))
    }

    private static func nothingToRead(_ store: any EventStore) async throws {
        _ = try await store.append([Append(Samples.notice("only"))])
        for (position, limit) in [(Offset(1), 10), (Offset(99), 10), (.start, 0), (.start, -1)] {
            #expect(try await store.events(after: position, limit: limit).isEmpty)
        }
        #expect(try await store.events(after: Offset(-5), limit: 10).count == 1)
    }

    private static func eventsOfOneSignal(_ store: any EventStore) async throws {
        let (mine, other) = (SignalID(), SignalID())
        _ = try await store.append([Append(Samples.received(mine)), Append(Samples.received(other))])
        _ = try await store.append([Append(Samples.notice("n"), Samples.approved(mine), Samples.executed(mine))])

        let events = try await store.events(of: mine)
        #expect(events.map(\.offset.value) == [1, 4, 5])
        #expect(events.map { $0.event.signal?.version } == [1, 2, 3])
        #expect(events.allSatisfy { $0.event.signal?.id == mine })
    }

    private static func exactValues(_ store: any EventStore) async throws {
        var proposal = Samples.proposal(symbol: "BTC-USD")
        proposal.entryPrice = Quantity("149.50")
        proposal.stopLoss = Quantity("0.000000000001")
        proposal.targetPrice = Quantity("-99999999999999999999.990")
        proposal.reasoning = "🚀 „Ausbruch“ über 日経 \"225\" \\ e\u{301} / 😀\nnext line"
        let signal = Signal(
            id: SignalID(),
            proposal: proposal,
            receivedAt: Timestamp(milliseconds: 253_402_300_799_999)
        )
        let moment = Timestamp(milliseconds: 1)
        _ = try await store.append([Append(.signalReceived(signal), at: moment)])

        let read = try #require(try await store.events(after: .start, limit: 1).first)
        let back = try #require(read.event.signal)
        #expect(back == signal)
        #expect(back.proposal.entryPrice?.text == "149.50")
        #expect(back.proposal.stopLoss?.text == "0.000000000001")
        #expect(back.proposal.targetPrice?.text == "-99999999999999999999.990")
        #expect(back.proposal.reasoning?.unicodeScalars.elementsEqual(proposal.reasoning!.unicodeScalars) == true)
        #expect(read.recordedAt == moment)
    }

    private static func everyKind(_ store: any EventStore) async throws {
        let stored = try await store.append(Samples.everyKind.map { Append($0) })
        #expect(stored.events.map(\.event) == Samples.everyKind)
        #expect(try await store.events(after: .start, limit: 100) == stored.events)
    }

    private static func emptyAppend(_ store: any EventStore) async throws {
        #expect(try await store.append([]) == [])
        #expect(try await store.append([Append()]) == [.appended([])])
        #expect(try await store.extent().newest == .start)
    }

    private static func concurrentReaders(_ store: any EventStore) async throws {
        let appends = 100
        let perAppend = 3
        try await withThrowingTaskGroup { group in
            group.addTask {
                for number in 0..<appends {
                    let events = (0..<perAppend).map { Samples.notice("\(number).\($0)") }
                    _ = try await store.append([
                        Append(events: events, recordedAt: Samples.monday, expectedVersions: [:])
                    ])
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    var position = Offset.start
                    while position.value < appends * perAppend {
                        let page = try await store.events(after: position, limit: .max)
                        #expect(page.count % perAppend == 0, "a reader saw part of an append")
                        for event in page {
                            #expect(event.offset == position.next)
                            position = event.offset
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func concurrentWriters(_ store: any EventStore) async throws {
        let offsets = try await withThrowingTaskGroup(of: [Offset].self) { group in
            for task in 0..<20 {
                group.addTask {
                    try await store.append([
                        Append(Samples.received()), Append(Samples.notice("\(task)")),
                    ]).events.map(\.offset)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(offsets.map(\.value).sorted() == Array(1...40))
    }
}

extension [AppendOutcome] {
    /// What was stored, in order.
    package var events: [RecordedEvent] {
        flatMap { outcome in
            if case .appended(let events) = outcome { events } else { [] as [RecordedEvent] }
        }
    }
}
