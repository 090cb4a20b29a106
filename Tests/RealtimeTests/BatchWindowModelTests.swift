import Domain
import Realtime
import SeededRandom
import Testing
import Wire

/// Whatever comes and whenever, and whoever joins, resumes, is slow or listens to a part: what a tab that batches unpacks is
/// what a tab beside it gets one by one, in the same order; nothing that must not wait does (C10, GAP-16).
struct BatchWindowModelTests {
    struct ModelTab {
        let batches: Bool
        var session: Session
        var pendingRead: (after: Int64, limit: Int)?
        var received: [Int64] = []
        var receivedAtMs: [Int64: Int64] = [:]
        var numbers: [Int] = []
        var outboxBytes = 0
        var wasEverBehind = false

        mutating func take(_ offset: Int64, nowMs: Int64) {
            received.append(offset)
            receivedAtMs[offset] = nowMs
        }

        mutating func perform(_ actions: [Session.Action], page: [Broadcast] = [], nowMs: Int64) {
            for action in actions {
                switch action {
                case .reply(_, let number): numbers.append(number)
                case .send(let index, let number):
                    numbers.append(number)
                    take(page[index].offset?.value ?? -1, nowMs: nowMs)
                case .read(let position, let limit):
                    pendingRead = (position.value, limit)
                    wasEverBehind = true
                case .refresh, .sendAgain, .acknowledged, .undelivered, .looking, .tellPresence: break
                case .close: Issue.record("closed")
                }
            }
        }
    }

    struct World {
        var random: SeededGenerator
        var window = BatchWindow()
        var nowMs: Int64 = 0
        var log: [Broadcast] = []
        var arrivedAtMs: [Int64: Int64] = [:]
        var dispatched: Int64 = 0
        /// One that batches and one that does not, each with the same history.
        var pairs: [[ModelTab]] = []
        var joinedMessagesCount = 0

        init(seed: UInt64) { random = SeededGenerator(seed: seed) }

        var now: Timestamp { Samples.now.advanced(byMilliseconds: nowMs) }

        mutating func commit() {
            for _ in 0..<Int.random(in: 1...(Bool.random(using: &random) ? 3 : 70), using: &random) {
                let offset = Int64(log.count + 1)
                switch Int.random(in: 0..<40, using: &random) {
                case 0: log.append(Samples.decision(offset, isApproval: Bool.random(using: &random)))
                case 1: log.append(Samples.risk(offset, .critical))
                case 2...6: log.append(Samples.alert(offset, .info))
                case 7...12: log.append(Samples.signal(offset))
                default: log.append(Samples.notice(offset))
                }
            }
        }

        /// What the hub does with what has been published.
        mutating func dispatch() {
            let end = min(Int64(log.count), dispatched + Int64.random(in: 1...64, using: &random))
            guard dispatched < end else { return }
            let arrivals = Array(log[Int(dispatched)..<Int(end)])
            dispatched = end
            for arrival in arrivals { arrivedAtMs[arrival.offset?.value ?? -1] = nowMs }
            for step in window.arrived(arrivals, now: now) { perform(step) }
        }

        mutating func perform(_ step: BatchWindow.Step) {
            switch step {
            case .send(let broadcasts): deliver(broadcasts) { _ in true }
            case .hold(let broadcasts): deliver(broadcasts) { !$0.batches }
            case .release(let broadcasts): release(broadcasts)
            }
        }

        private mutating func deliver(_ broadcasts: [Broadcast], to isReached: (ModelTab) -> Bool) {
            let batch = BroadcastBatch(broadcasts)
            forEachTab { tab, now, nowMs in
                guard isReached(tab) else { return }
                guard let (wanted, first) = tab.session.offer(batch, outboxBytes: tab.outboxBytes, now: now) else {
                    return
                }
                Self.takeApart(&tab, broadcasts, wanted, first, nowMs)
            }
        }

        private mutating func release(_ broadcasts: [Broadcast]) {
            let batch = BroadcastBatch(broadcasts)
            let joined = EncodedMessage.joined(broadcasts.map(\.message), at: now)
            let offsets = joined.flatMap(Self.offsets)
            var joinedCount = 0
            forEachTab { tab, now, nowMs in
                guard tab.batches else { return }
                let bytes = tab.outboxBytes
                switch tab.session.offer(batch, joinedInto: joined.count, outboxBytes: bytes, now: now) {
                case .joined(let first):
                    tab.numbers += first..<(first + joined.count)
                    joinedCount += joined.count
                    for offset in offsets { tab.take(offset, nowMs: nowMs) }
                case .apart(let wanted, let first): Self.takeApart(&tab, broadcasts, wanted, first, nowMs)
                case nil: break
                }
            }
            joinedMessagesCount += joinedCount
        }

        private static func takeApart(
            _ tab: inout ModelTab,
            _ broadcasts: [Broadcast],
            _ wanted: UInt64,
            _ first: Int,
            _ nowMs: Int64
        ) {
            for (index, broadcast) in broadcasts.enumerated() where wanted >> UInt64(index) & 1 == 1 {
                tab.take(broadcast.offset?.value ?? -1, nowMs: nowMs)
            }
            tab.numbers += first..<(first + wanted.nonzeroBitCount)
        }

        /// What a client finds in a message: the offsets of its events, or its own.
        private static func offsets(_ message: EncodedMessage) -> [Int64] {
            guard message.type == .batchUpdate else { return [message.offset?.value ?? -1] }
            guard let value = try? JSONParser.parse(message.object), case .array(let events) = value["events"] else {
                Issue.record("no events")
                return []
            }
            return events.map { event in
                if case .number(let text) = event["offset"], let offset = Int64(text) { offset } else { -1 }
            }
        }

        private mutating func forEachTab(_ body: (inout ModelTab, Timestamp, Int64) -> Void) {
            let (now, nowMs) = (now, nowMs)
            for pair in pairs.indices { for tab in pairs[pair].indices { body(&pairs[pair][tab], now, nowMs) } }
        }

        mutating func join() {
            guard pairs.count < 6 else { return }
            let since = Bool.random(using: &random) ? Offset(Int64.random(in: 0...dispatched, using: &random)) : nil
            let (now, nowMs, head) = (now, nowMs, Offset(dispatched))
            var limits = Session.Limits()
            limits.outboxBytesMax = 1_000
            limits.outboxBytesLow = 400
            limits.replayPageEvents = Int.random(in: 1...40, using: &random)
            limits.messagesPerMinuteMax = 1_000_000
            pairs.append(
                [true, false].map { batches in
                    let session = Session(user: nil, head: head, limits: limits, now: now)
                    var tab = ModelTab(batches: batches, session: session)
                    let resume = since.map { (from: $0, failure: ResumeFailure?.none) }
                    tab.perform(tab.session.opened(Samples.greeting, resume: resume, now: now), nowMs: nowMs)
                    return tab
                }
            )
        }

        /// Both of a pair say the same, and at a moment when both have heard the same.
        mutating func say() {
            guard window.due == nil, let pair = pairs.indices.randomElement(using: &random) else { return }
            guard pairs[pair].allSatisfy({ !$0.wasEverBehind }) else { return }
            let channel = [Channel.alerts, .notifications, .signals].randomElement(using: &random) ?? .alerts
            let message =
                Bool.random(using: &random) ? ClientMessage.unsubscribe([channel]) : .subscribe([channel], symbols: nil)
            for tab in pairs[pair].indices {
                let actions = pairs[pair][tab].session.received(.success(message), now: now)
                pairs[pair][tab].perform(actions, nowMs: nowMs)
            }
        }

        mutating func answerReads() {
            let log = log
            let committed = Int64(log.count)
            forEachTab { tab, now, nowMs in
                guard let read = tab.pendingRead else { return }
                tab.pendingRead = nil
                let last = min(read.after + Int64(read.limit), committed)
                let page = read.after < last ? Array(log[Int(read.after)..<Int(last)]) : []
                let actions = tab.session.replayed(page, outboxBytes: tab.outboxBytes, now: now)
                tab.perform(actions, page: page, nowMs: nowMs)
            }
        }

        /// One tab takes nothing for a while: the other of its pair does not know.
        mutating func stall() {
            guard let pair = pairs.indices.randomElement(using: &random) else { return }
            let tab = Int.random(in: 0...1, using: &random)
            // Who listens to a part could have changed its mind by the time it has caught up.
            guard pairs[pair][tab].session.subscriptions == Subscriptions() else { return }
            pairs[pair][tab].outboxBytes = 2_000
            pairs[pair][tab].wasEverBehind = true
        }

        mutating func drain() {
            forEachTab { tab, now, nowMs in
                tab.outboxBytes = 0
                tab.perform(tab.session.drained(outboxBytes: 0, now: now), nowMs: nowMs)
            }
        }

        mutating func pass(_ ms: Int64) {
            let endMs = nowMs + ms
            while let due = window.due, due.milliseconds - Samples.now.milliseconds <= endMs {
                nowMs = due.milliseconds - Samples.now.milliseconds
                if let step = window.releaseIfDue(at: now) { perform(step) }
            }
            nowMs = endMs
        }

        mutating func step() {
            switch Int.random(in: 0..<16, using: &random) {
            case 0...2: commit()
            case 3...7: dispatch()
            case 8: join()
            case 9...10: say()
            case 11: answerReads()
            case 12: stall()
            case 13: drain()
            default: pass(Int64.random(in: 1...700, using: &random))
            }
        }

        mutating func settle() {
            while dispatched < Int64(log.count) { dispatch() }
            pass(1_000)
            drain()
            while pairs.contains(where: { $0.contains { $0.pendingRead != nil } }) { answerReads() }
        }
    }

    @Test(arguments: 0..<100)
    func `what is unpacked is what would have come one by one`(seed: Int) {
        var world = World(seed: UInt64(seed))
        world.join()
        for _ in 0..<200 { world.step() }
        world.settle()

        for pair in world.pairs {
            let (batching, plain) = (pair[0], pair[1])
            #expect(batching.received == plain.received)
            #expect(zip(batching.received, batching.received.dropFirst()).allSatisfy { $0 < $1 }, "each once, in order")
            for tab in pair { #expect(tab.numbers == Array(0..<tab.numbers.count), "numbers without a hole") }
            for (offset, atMs) in batching.receivedAtMs where !batching.wasEverBehind {
                let waitedMs = atMs - (world.arrivedAtMs[offset] ?? 0)
                #expect(waitedMs <= (world.log[Int(offset) - 1].mayWait ? 500 : 0), "\(offset) waited \(waitedMs) ms")
            }
        }
        #expect(world.pairs.contains { $0[0].numbers.count < $0[1].numbers.count } || world.joinedMessagesCount == 0)
    }

    @Test func `the model has bursts, lone events and tabs of every kind`() {
        var joined = 0
        var behind = 0
        var partial = 0
        for seed in 0..<20 {
            var world = World(seed: UInt64(seed))
            world.join()
            for _ in 0..<200 { world.step() }
            joined += world.joinedMessagesCount
            behind += world.pairs.count { $0.contains(where: \.wasEverBehind) }
            partial += world.pairs.count { $0[0].session.subscriptions != Subscriptions() }
        }
        #expect(joined > 100 && behind > 20 && partial > 5, "\(joined) \(behind) \(partial)")
    }
}
