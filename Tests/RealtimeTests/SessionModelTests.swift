import Domain
import Realtime
import SeededRandom
import Testing
import Wire

/// Whatever the order of commits, dispatches, reads and stalls: a tab receives every event once, in order, with numbers
/// that have no hole; or it is told to reload.
struct SessionModelTests {
    /// A log, a loop that lags behind it, and one tab.
    struct World {
        var random: SeededGenerator
        var session: Session
        var committed: Int64 = 20
        var dispatched: Int64
        var outboxBytes = 0
        var pendingRead: (after: Int64, limit: Int)?
        var received: [Int64] = []
        var numbers: [Int] = []
        var wasAdvisedToReload = false
        var isClosed = false

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            dispatched = Int64.random(in: 15...20, using: &random)
            var limits = Session.Limits()
            limits.replayPageEvents = Int.random(in: 1...5, using: &random)
            limits.replayEventsMax = Int.random(in: 20...60, using: &random)
            limits.outboxBytesMax = 1_000
            limits.outboxBytesLow = 400
            session = Session(user: nil, head: Offset(dispatched), limits: limits, now: Samples.now)
        }

        mutating func perform(_ actions: [Session.Action], page: [Broadcast] = []) {
            for action in actions {
                switch action {
                case .reply(let message, let number):
                    numbers.append(number)
                    let text = String(decoding: message.tail, as: UTF8.self)
                    if text.contains(#""recovered":false"#) { wasAdvisedToReload = true }
                case .send(let index, let number): take(page[index], number)
                case .read(let position, let limit): pendingRead = (position.value, limit)
                case .refresh, .sendAgain, .acknowledged, .undelivered, .looking, .tellPresence: break
                case .close: isClosed = true
                }
            }
        }

        mutating func take(_ broadcast: Broadcast, _ number: Int) {
            numbers.append(number)
            received.append(broadcast.offset?.value ?? -1)
            outboxBytes += 100
        }

        mutating func dispatch() {
            guard dispatched < committed else { return }
            dispatched += 1
            let broadcast = Samples.notice(dispatched)
            if let number = session.offer(broadcast, outboxBytes: outboxBytes, now: Samples.now) {
                take(broadcast, number)
            }
        }

        mutating func answerRead() {
            guard let read = pendingRead else { return }
            pendingRead = nil
            let last = min(read.after + Int64(read.limit), committed)
            let page = read.after < last ? ((read.after + 1)...last).map(Samples.notice) : []
            perform(session.replayed(page, outboxBytes: outboxBytes, now: Samples.now), page: page)
        }

        mutating func drain() {
            outboxBytes = Bool.random(using: &random) ? 0 : outboxBytes / 2
            perform(session.drained(outboxBytes: outboxBytes, now: Samples.now))
        }

        mutating func step() {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2: committed += Int64.random(in: 1...3, using: &random)
            case 3...6: dispatch()
            case 7...8: answerRead()
            default: drain()
            }
        }

        mutating func settle() {
            for _ in 0..<10_000 where dispatched < committed || pendingRead != nil || received.last != committed {
                dispatch()
                answerRead()
                outboxBytes = 0
                drain()
            }
        }
    }

    @Test(arguments: 0..<300)
    func `every event once and in order, or advice to reload`(seed: Int) {
        var world = World(seed: UInt64(seed))
        let since = Int64.random(in: 5...20, using: &world.random)
        let opened = world.session.opened(Samples.greeting, resume: (Offset(since), nil), now: Samples.now)
        world.perform(opened)
        for _ in 0..<400 { world.step() }
        world.committed += 1
        world.settle()

        #expect(!world.isClosed)
        #expect(world.numbers == Array(0..<world.numbers.count), "numbers without a hole")
        #expect(zip(world.received, world.received.dropFirst()).allSatisfy { $0 < $1 }, "each once, in order")
        #expect(world.received.last == world.committed, "and up to the end")
        if !world.wasAdvisedToReload {
            #expect(world.received == Array((since + 1)...world.committed), "nothing missing")
        }
    }
}
