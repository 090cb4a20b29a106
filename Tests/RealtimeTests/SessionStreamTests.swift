import Domain
import Testing
import Wire

@testable import Realtime

/// What becomes of prices and receipts when a tab does not keep up.
struct SessionStreamTests {
    private let now = Samples.now

    private func listening() -> Session {
        var session = Session(user: nil, head: Offset(10), acknowledges: true, now: now)
        _ = session.opened(Samples.greeting, resume: nil, now: now)
        _ = session.received(.success(.subscribe([.prices], symbols: nil)), now: now)
        #expect(session.nextProbe(sentBytes: 300, now: now) == 1)
        return session
    }

    @Test func `who does not listen to prices is never asked`() {
        var session = Session(user: nil, head: Offset(10), now: now)
        _ = session.opened(Samples.greeting, resume: nil, now: now)
        #expect(session.nextProbe(sentBytes: 1_000_000, now: now) == nil)
        let receipts = receipts(of: SignalID())
        #expect(session.offer(receipts, outboxBytes: 0, sentBytes: 1_000_000, now: now) == 1)
    }

    @Test func `one batch fills the window and no more`() {
        var session = listening()
        _ = session.answered(1, now: now)
        let prices = (0..<64).map { Samples.price(Samples.symbol("SYM\($0)")) }
        let offered = session.offer(BroadcastBatch(prices), outboxBytes: 0, sentBytes: 300, now: now)
        let taken = offered?.wanted.nonzeroBitCount ?? 0
        #expect(taken * prices[10].bytesMax <= 1_024 && (taken + 1) * prices[10].bytesMax > 1_024)
    }

    @Test func `an approval goes out at once, whatever waits`() {
        var session = listening()
        #expect(session.offer(Samples.price(Samples.apple), outboxBytes: 0, sentBytes: 5_000, now: now) == nil)
        let approval = Samples.decision(11, isApproval: true)
        #expect(session.offer(approval, outboxBytes: 0, sentBytes: 5_000, now: now) == 2)
    }

    @Test func `receipts that a slow tab was not sent come later, the newest of each signal`() {
        var session = listening()
        let signal = SignalID()
        #expect(session.offer(Samples.price(Samples.apple), outboxBytes: 0, sentBytes: 5_000, now: now) == nil)
        for _ in 0..<3 {
            #expect(session.offer(receipts(of: signal), outboxBytes: 0, sentBytes: 5_000, now: now) == nil)
        }
        #expect(steps(session.answered(1, now: now)) == [.refresh])
        #expect(session.nextPassedOver(outboxBytes: 0, sentBytes: 300) == .price(Samples.apple))
        #expect(session.nextPassedOver(outboxBytes: 0, sentBytes: 500) == .receipts(signal))
        #expect(session.nextPassedOver(outboxBytes: 0, sentBytes: 900) == nil)
    }

    @Test func `a price that was passed over is not overtaken by others`() {
        var session = listening()
        _ = session.offer(Samples.price(Samples.apple), outboxBytes: 0, sentBytes: 5_000, now: now)
        _ = session.answered(1, now: now)
        #expect(session.offer(Samples.price(Samples.microsoft), outboxBytes: 0, sentBytes: 300, now: now) == nil)
        #expect(session.nextPassedOver(outboxBytes: 0, sentBytes: 300) == .price(Samples.apple))
        #expect(session.nextPassedOver(outboxBytes: 0, sentBytes: 500) == .price(Samples.microsoft))
    }

    @Test func `what the tab left meanwhile is not sent and takes no number`() {
        var session = listening()
        _ = session.offer(Samples.price(Samples.apple), outboxBytes: 0, sentBytes: 5_000, now: now)
        _ = session.received(.success(.unsubscribe([.prices])), now: now)
        _ = session.answered(1, now: now)
        #expect(session.nextPassedOver(outboxBytes: 0, sentBytes: 300) == .price(Samples.apple))
        #expect(session.refreshed(by: Samples.price(Samples.apple)) == nil)
        #expect(session.offer(Samples.notice(11), outboxBytes: 0, sentBytes: 300, now: now) == 3)
    }

    @Test func `no copy of an approval is put behind what the tab has not answered (DLV-02)`() {
        var session = listening()
        _ = session.offer(Samples.decision(11, isApproval: true), outboxBytes: 0, sentBytes: 300, now: after(1))
        #expect(steps(session.retried(outboxBytes: 0, now: after(101))) == [])
        _ = session.answered(1, now: after(150))
        #expect(steps(session.retried(outboxBytes: 0, now: after(201))) == [.sendAgain(11)])
    }

    @Test func `what was given up beyond a hundred is told as undelivered (DLV-05)`() {
        var session = listening()
        _ = session.answered(1, now: now)
        for offset in Int64(11)...111 {
            _ = session.offer(Samples.decision(offset, isApproval: true), outboxBytes: 0, now: now)
        }
        #expect(session.nextRetry == now)
        #expect(steps(session.retried(outboxBytes: 0, now: now)) == [.undelivered([11])])
        #expect(session.nextRetry == after(100))
    }

    private func receipts(of signal: SignalID) -> Broadcast {
        Broadcast(SignalReceipts(signal: signal, offset: Offset(5), sentAt: now), at: now)
    }

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }
}
