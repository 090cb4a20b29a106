import Domain
import Realtime
import SeededRandom
import Testing
import Wire

/// What is offered together is heard as if it were offered one by one.
@Suite struct BroadcastBatchTests {
    @Test(arguments: 0..<200)
    func `a batch is a shorter way of offering one broadcast after the other`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var together = session()
        var oneByOne = session()
        var offset: Int64 = 10
        var sentBytes = 0
        let passedOver = { (session: inout Session) in
            var subjects: [StreamSubject] = []
            while let next = session.nextPassedOver(outboxBytes: 0, sentBytes: sentBytes) { subjects.append(next) }
            return subjects
        }
        for _ in 0..<30 {
            changeSubscriptions(of: &together, and: &oneByOne, &random)
            let broadcasts = (0..<Int.random(in: 1...64, using: &random)).map { _ in broadcast(&offset, &random) }
            // Within a batch the outbox is taken to stay as it is.
            let outboxBytes = [0, 0, 0, 100_000, 2_000_000].randomElement(using: &random)!
            let offered = together.offer(
                BroadcastBatch(broadcasts),
                outboxBytes: outboxBytes,
                sentBytes: sentBytes,
                now: Samples.now
            )
            let numbers = broadcasts.map { broadcast in
                let number = oneByOne.offer(
                    broadcast,
                    outboxBytes: outboxBytes,
                    sentBytes: sentBytes,
                    now: Samples.now
                )
                if number != nil { sentBytes += broadcast.bytesMax }
                return number
            }
            let wanted = numbers.indices.filter { numbers[$0] != nil }
            #expect(wanted == broadcasts.indices.filter { (offered?.wanted ?? 0) >> UInt64($0) & 1 == 1 })
            #expect(numbers.compactMap { $0 }.first == offered?.firstNumber)
            // A session that fell behind is brought back, so that the next batches are heard again.
            let page = { (session: inout Session) in
                _ = session.drained(outboxBytes: 0, now: Samples.now)
                _ = session.replayed([Samples.notice(offset)], outboxBytes: 0, now: Samples.now)
            }
            page(&together)
            page(&oneByOne)
            let probes = (
                together.nextProbe(sentBytes: sentBytes, now: Samples.now),
                oneByOne.nextProbe(sentBytes: sentBytes, now: Samples.now)
            )
            #expect(probes.0 == probes.1)
            if let probe = probes.0, Bool.random(using: &random) {
                _ = together.answered(probe, now: Samples.now)
                _ = oneByOne.answered(probe, now: Samples.now)
            }
            #expect(passedOver(&together) == passedOver(&oneByOne))
        }
        let last = Samples.risk(offset + 1, .emergency)
        #expect(
            together.offer(last, outboxBytes: 0, now: Samples.now)
                == oneByOne.offer(last, outboxBytes: 0, now: Samples.now)
        )
    }

    @Test func `an empty batch is heard by nobody`() {
        var session = session()
        #expect(session.offer(BroadcastBatch([]), outboxBytes: 0, now: Samples.now) == nil)
    }

    @Test func `what was offered before is not heard again`() {
        var session = session()
        let batch = BroadcastBatch([Samples.notice(11), Samples.notice(12)])
        #expect(session.offer(batch, outboxBytes: 0, now: Samples.now)?.wanted == 0b11)
        #expect(session.offer(batch, outboxBytes: 0, now: Samples.now) == nil)
        let overlapping = BroadcastBatch([Samples.notice(12), Samples.notice(13)])
        #expect(session.offer(overlapping, outboxBytes: 0, now: Samples.now)?.wanted == 0b10)
    }

    private func session() -> Session { Session(user: nil, head: Offset(10), now: Samples.now) }

    private func broadcast(_ offset: inout Int64, _ random: inout SeededGenerator) -> Broadcast {
        if Int.random(in: 0..<8, using: &random) == 0 {
            return Samples.price([Samples.apple, Samples.microsoft].randomElement(using: &random)!)
        }
        offset += 1
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return Samples.risk(offset, [.warning, .emergency].randomElement(using: &random)!)
        case 1: return Samples.decision(offset, isApproval: Bool.random(using: &random))
        default: return Samples.notice(offset)
        }
    }

    private func changeSubscriptions(
        of first: inout Session,
        and second: inout Session,
        _ random: inout SeededGenerator
    ) {
        let message: ClientMessage
        switch Int.random(in: 0..<12, using: &random) {
        case 0: message = .subscribe([.prices], symbols: nil)
        case 1: message = .subscribe([.prices], symbols: [Samples.apple])
        case 2: message = .unsubscribe([.notifications])
        case 3: message = .subscribe([.notifications, .alerts], symbols: nil)
        case 4: message = .unsubscribe([.prices])
        default: return
        }
        _ = first.received(.success(message), now: Samples.now)
        _ = second.received(.success(message), now: Samples.now)
    }
}
