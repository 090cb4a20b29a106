import Domain
import Testing

/// What a projection can be made of again, and what it refuses to be made of.
@Suite struct CheckpointTests {
    /// Two signals, one of them approved, and one report of each kind that is shown.
    private static func log() throws -> (desk: Projection, events: [RecordedEvent]) {
        var desk = Projection()
        let (one, other) = (SignalID(), SignalID())
        let commands: [Command] = [
            .receive(one, Sample.proposal()), .observe(.pattern(Sample.pattern("p"))),
            .receive(other, Sample.proposal("MSFT")), .approve(.signal(one), as: .buy, Sample.click()),
            .observe(Sample.notice("n")), .observe(Sample.notice("m")),
        ]
        var events: [RecordedEvent] = []
        for command in commands {
            for event in try desk.run(command) { events.append(Sample.recorded(event, at: Int64(events.count) + 1)) }
        }
        return (desk, events)
    }

    @Test func `it names the last event of each signal and holds everything else itself`() throws {
        let (desk, events) = try Self.log()
        let checkpoint = desk.checkpoint
        #expect(checkpoint.offset == Offset(6))
        #expect(checkpoint.signals == [Offset(3), Offset(4)])
        #expect(checkpoint.observations == [events[1], events[4], events[5]])
        #expect(checkpoint.forgotten == .none)
    }

    @Test func `events that do not match it make no projection`() throws {
        let (desk, events) = try Self.log()
        let checkpoint = desk.checkpoint
        #expect(Projection(checkpoint, signals: [events[2], events[3]]) != nil)
        for wrong in [
            [], [events[2]], [events[3], events[2]], [events[2], events[3], events[4]], [events[2], events[4]],
        ] {
            #expect(Projection(checkpoint, signals: wrong) == nil)
        }
    }

    @Test func `a checkpoint that contradicts itself makes no projection`() throws {
        let (_, events) = try Self.log()
        func projection(at offset: Int64, _ signals: [RecordedEvent], _ observations: [RecordedEvent]) -> Projection? {
            let checkpoint = Checkpoint(
                offset: Offset(offset),
                signals: signals.map(\.offset),
                observations: observations,
                forgotten: .none
            )
            return Projection(checkpoint, signals: signals)
        }
        #expect(projection(at: 6, [events[2], events[3]], [events[1]]) != nil)
        #expect(projection(at: 3, [events[2], events[3]], []) == nil, "an event from behind it")
        #expect(projection(at: 6, [events[0], events[3]], []) == nil, "one signal twice")
        #expect(projection(at: 6, [], [events[3]]) == nil, "a signal among the observations")
        #expect(projection(at: 6, [], [events[1], events[1]]) == nil, "one event twice")
        #expect(projection(at: 6, [events[4]], []) == nil, "an observation among the signals")
    }

    @Test func `a projection that may know less forgets more, and says so`() throws {
        var desk = Projection(decidedMax: 100)
        var events: [RecordedEvent] = []
        for _ in 0..<50 {
            let id = SignalID()
            let following =
                try desk.run(.receive(id, Sample.proposal()))
                + desk.run(.reject(.signal(id), reason: "no", Sample.click()))
            for event in following { events.append(Sample.recorded(event, at: Int64(events.count) + 1)) }
        }
        let checkpoint = desk.checkpoint
        let signals = checkpoint.signals.map { events[Int($0.value) - 1] }
        let smaller = try #require(Projection(checkpoint, signals: signals, decidedMax: 10))
        let known = smaller.signals(changedAfter: .start)
        #expect((10...11).contains(known.count))
        #expect(smaller.offset == desk.offset)
        #expect(!smaller.knowsAllChanges(after: .start))
        #expect(smaller.knowsAllChanges(after: Offset(try #require(known.first).changedAt.value - 1)))
    }
}
