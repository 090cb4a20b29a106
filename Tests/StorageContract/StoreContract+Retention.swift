import Domain
import Storage
import Testing

extension StoreContract {
    static let retention = [
        Behaviour("a checkpoint comes back equal, and the two newest are kept", checkpointsComeBack),
        Behaviour("a checkpoint saved again at its offset replaces the first", checkpointSavedAgain),
        Behaviour("events are found at their offsets, in order, each once", eventsAtOffsets),
        Behaviour("without a checkpoint nothing is let go", noCheckpointNoTrim),
        Behaviour("a trimmed log begins at its extent, and asking from before it is refused (GAP-12)", trimmedLog),
        Behaviour("signals outlive the log that they were in (GAP-12)", signalsOutlive),
        Behaviour("a decision on a signal from before the log is still the only one (GAP-09)", oneDecisionAfterTrim),
        Behaviour("trimming stops where it is told, and at the older checkpoint", trimStopsAtBounds),
        Behaviour("trimming stops at the first event that is young enough, and does not pass it", trimStopsAtMoment),
        Behaviour("trimming stops at an event that a receipt stands for (GAP-09)", trimStopsAtReceipt),
        Behaviour("the newest event is never let go, so no offset comes twice", newestStays),
        Behaviour("readers beside a trimmer see every event or are refused, never a hole", readersBesideTrimmer),
    ]

    private static let late = Timestamp(milliseconds: .max)

    private static func notices(_ count: Int, on store: any EventStore) async throws -> [RecordedEvent] {
        try await store.append((1...count).map { Append(Samples.notice("n\($0)")) }).events
    }

    private static func checkpointsComeBack(_ store: any EventStore) async throws {
        let stored = try await store.append(Samples.everyKind.filter { $0.signal == nil }.map { Append($0) }).events
        #expect(try await store.checkpoints().isEmpty)
        let checkpoints = [1, 2, 8].map { offset in
            Checkpoint(
                offset: Offset(offset),
                signals: [Offset(3), Offset(1_000_000)],
                observations: Array(stored.prefix(Int(offset))),
                forgotten: Projection.Horizon(changedAt: Offset(offset - 1), updatedAt: Samples.monday)
            )
        }
        for checkpoint in checkpoints { try await store.save(checkpoint) }
        #expect(try await store.checkpoints() == [Offset(8), Offset(2)])
        for checkpoint in checkpoints[1...] {
            #expect(try await store.checkpoint(at: checkpoint.offset) == checkpoint)
        }
        let gone = await #expect(throws: StoreError.self) { try await store.checkpoint(at: Offset(1)) }
        #expect(gone?.code == .corrupted)
    }

    private static func checkpointSavedAgain(_ store: any EventStore) async throws {
        let stored = try await notices(2, on: store)
        try await store.save(Samples.checkpoint(at: 2))
        try await store.save(Samples.checkpoint(at: 2, observations: stored))
        #expect(try await store.checkpoints() == [Offset(2)])
        #expect(try await store.checkpoint(at: Offset(2)).observations == stored)
    }

    private static func eventsAtOffsets(_ store: any EventStore) async throws {
        let stored = try await notices(2001, on: store)
        let wanted = [7, 2001, 1, 7, 2002, 0, -1].map { Offset($0) }
        #expect(try await store.events(at: wanted) == [stored[0], stored[6], stored[2000]])
        #expect(try await store.events(at: stored.map(\.offset)) == stored)
        #expect(try await store.events(at: []).isEmpty)
    }

    private static func noCheckpointNoTrim(_ store: any EventStore) async throws {
        let stored = try await notices(5, on: store)
        let extent = try await store.trim(through: Offset(4), recordedBefore: late, limit: 100)
        #expect(extent == Extent(oldest: Offset(1), newest: Offset(5)))
        #expect(try await store.events(after: .start, limit: 10) == stored)
    }

    private static func trimmedLog(_ store: any EventStore) async throws {
        let stored = try await notices(10, on: store)
        try await store.save(Samples.checkpoint(at: 10))
        let extent = try await store.trim(through: Offset(6), recordedBefore: late, limit: 100)

        #expect(extent == Extent(oldest: Offset(7), newest: Offset(10)))
        #expect(try await store.extent() == extent)
        #expect(try await store.events(after: Offset(6), limit: 2) == Array(stored[6..<8]))
        #expect(try await store.events(after: Offset(10), limit: 2).isEmpty)
        for position in [5, 0, -7] {
            let refused = await #expect(throws: StoreError.self) {
                try await store.events(after: Offset(Int64(position)), limit: 100)
            }
            #expect(refused?.code == .trimmed)
        }
        #expect(try await store.events(at: stored.map(\.offset)) == Array(stored[6...]))
        #expect(try await store.append([Append(Samples.notice("next"))]).events.map(\.offset) == [Offset(11)])
    }

    private static func signalsOutlive(_ store: any EventStore) async throws {
        let id = SignalID()
        let stored = try await store.append([
            Append(Samples.notice("a"), Samples.received(id), Samples.notice("b"), Samples.approved(id)),
            Append(Samples.notice("c"), Samples.notice("d")),
        ]).events
        try await store.save(Samples.checkpoint(at: 6))
        let extent = try await store.trim(through: Offset(5), recordedBefore: late, limit: 100)

        #expect(extent == Extent(oldest: Offset(6), newest: Offset(6)))
        #expect(try await store.events(of: id) == [stored[1], stored[3]])
        #expect(try await store.events(at: stored.map(\.offset)) == [stored[1], stored[3], stored[5]])
        let refused = await #expect(throws: StoreError.self) { try await store.events(after: Offset(3), limit: 10) }
        #expect(refused?.code == .trimmed, "the decision at 4 lies there still, but 5 does not")
    }

    private static func oneDecisionAfterTrim(_ store: any EventStore) async throws {
        let (pending, decided) = (SignalID(), SignalID())
        _ = try await store.append([
            Append(Samples.received(pending), Samples.received(decided), Samples.approved(decided)),
            Append(Samples.notice("end")),
        ])
        try await store.save(Samples.checkpoint(at: 4))
        _ = try await store.trim(through: Offset(3), recordedBefore: late, limit: 100)

        let outcomes = try await store.append([
            Append(Samples.received(decided)), Append(Samples.approved(decided)), Append(Samples.approved(pending)),
            Append(Samples.approved(pending)),
        ])
        #expect(
            outcomes.map(\.conflict) == [decided, decided, nil, pending]
                && outcomes.events.map(\.offset) == [Offset(5)]
        )
    }

    private static func trimStopsAtBounds(_ store: any EventStore) async throws {
        _ = try await notices(100, on: store)
        try await store.save(Samples.checkpoint(at: 40))
        try await store.save(Samples.checkpoint(at: 90))
        func trim(through position: Int64, limit: Int) async throws -> Int64 {
            try await store.trim(through: Offset(position), recordedBefore: late, limit: limit).oldest.value
        }
        #expect(try await trim(through: 10, limit: 3) == 4)
        #expect(try await trim(through: 10, limit: 0) == 4)
        #expect(try await trim(through: 10, limit: -5) == 4)
        #expect(try await trim(through: 10, limit: 100) == 11)
        #expect(try await trim(through: 5, limit: 100) == 11)
        #expect(try await trim(through: 100, limit: .max) == 41)
        try await store.save(Samples.checkpoint(at: 95))
        #expect(try await trim(through: 100, limit: .max) == 91)
    }

    private static func trimStopsAtMoment(_ store: any EventStore) async throws {
        let noon = Samples.monday
        // The clock was set back: what is old but lies behind something young stays.
        _ = try await store.append([
            Append(Samples.notice("old"), at: noon.advanced(byMilliseconds: -1)),
            Append(Samples.notice("young"), at: noon),
            Append(Samples.notice("older"), at: noon.advanced(byMilliseconds: -5)),
            Append(Samples.notice("end"), at: noon),
        ])
        try await store.save(Samples.checkpoint(at: 4))
        for _ in 0..<3 {
            #expect(try await store.trim(through: Offset(4), recordedBefore: noon, limit: 10).oldest == Offset(2))
        }
        let later = noon.advanced(byMilliseconds: 1)
        #expect(try await store.trim(through: Offset(4), recordedBefore: later, limit: 10).oldest == Offset(4))
    }

    private static func trimStopsAtReceipt(_ store: any EventStore) async throws {
        let noon = Samples.monday
        let key = IdempotencyKey(scope: "user:alice", key: "k")
        let stored = try await store.append([
            Append(Samples.notice("before"), at: noon.advanced(byMilliseconds: -1)),
            Append(Samples.notice("under the key"), at: noon, under: .init("k")),
            Append(Samples.notice("end"), at: noon),
        ]).events
        try await store.save(Samples.checkpoint(at: 3))

        #expect(try await store.trim(through: Offset(3), recordedBefore: late, limit: 10).oldest == Offset(2))
        #expect(try await store.receipt(for: key)?.events == [stored[1]])
        try await store.forgetReceipts(before: noon.advanced(byMilliseconds: 1))
        #expect(try await store.trim(through: Offset(3), recordedBefore: late, limit: 10).oldest == Offset(3))
    }

    private static func newestStays(_ store: any EventStore) async throws {
        try await store.save(Samples.checkpoint(at: 0))
        let empty = try await store.trim(through: Offset(9), recordedBefore: late, limit: 10)
        #expect(empty == Extent(oldest: Offset(1), newest: .start))
        _ = try await notices(3, on: store)
        for offset in [3, 4] { try await store.save(Samples.checkpoint(at: Int64(offset))) }

        let extent = try await store.trim(through: Offset(9), recordedBefore: late, limit: 10)
        #expect(extent == Extent(oldest: Offset(3), newest: Offset(3)))
        #expect(try await store.append([Append(Samples.notice("n"))]).events.map(\.offset) == [Offset(4)])
    }

    private static func readersBesideTrimmer(_ store: any EventStore) async throws {
        let count = 2_000
        _ = try await notices(count, on: store)
        try await store.save(Samples.checkpoint(at: Int64(count)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for end in stride(from: 20, to: count, by: 20) {
                    _ = try await store.trim(through: Offset(Int64(end)), recordedBefore: late, limit: 20)
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    var position = Offset.start
                    while position.value < count {
                        do throws(StoreError) {
                            let page = try await store.events(after: position, limit: 30)
                            let expected = (1...Int64(page.count)).map { Offset(position.value + $0) }
                            #expect(page.map(\.offset) == expected)
                            position = page.last?.offset ?? position
                        } catch {
                            #expect(error.code == .trimmed)
                            let oldest = try await store.extent().oldest
                            #expect(oldest > position.next)
                            position = Offset(oldest.value - 1)
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.extent().oldest == Offset(Int64(count) - 19))
    }
}

extension AppendOutcome {
    fileprivate var conflict: SignalID? { if case .conflict(let id, _) = self { id } else { nil } }
}
