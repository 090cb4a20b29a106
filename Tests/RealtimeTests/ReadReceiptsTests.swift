import Domain
import Testing
import Wire

@testable import Realtime

/// Who has seen a decision, and what waits for whom (DLV-01, DLV-03).
@Suite struct ReadReceiptsTests {
    private let now = Samples.now
    private let ann = Samples.user("ann")
    private let bo = Samples.user("bo")

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }

    /// Ann and Bo have a tab each.
    private func twoReaders(limits: ReadReceipts.Limits = ReadReceipts.Limits()) -> ReadReceipts {
        var receipts = ReadReceipts(head: Offset(10), limits: limits)
        _ = receipts.joined(ann, head: Offset(10), at: after(-1))
        _ = receipts.joined(bo, head: Offset(10), at: after(-1))
        return receipts
    }

    private func signal(of broadcast: Broadcast) throws -> SignalID { try #require(broadcast.signal) }

    @Test func `a decision waits for everybody who is there until they have acknowledged it`() throws {
        var receipts = twoReaders()
        let approval = Samples.decision(11, isApproval: true)
        let id = try signal(of: approval)
        receipts.published(approval)
        #expect(receipts.receipts(of: id)?.waiting.map(\.user) == [ann, bo])
        let delivery = Acknowledgements.Delivery(offset: Offset(11), attempt: 2, latencyMs: 120)
        #expect(receipts.acknowledged(ann, upTo: Offset(11), [delivery], at: after(120)) == [id])
        let told = try #require(receipts.receipts(of: id))
        #expect(told.seen == [.init(user: ann, seen: .init(at: after(120), attempt: 2, latencyMs: 120))])
        #expect(told.waiting == [.init(user: bo, offlineSince: nil)])
        #expect(told.recipients == 2)
    }

    @Test func `who went away is waited for, since when they are away`() throws {
        var receipts = twoReaders()
        receipts.left(bo, at: after(5))
        let approval = Samples.decision(11, isApproval: true)
        receipts.published(approval)
        let told = try #require(receipts.receipts(of: try signal(of: approval)))
        #expect(told.waiting.last == .init(user: bo, offlineSince: after(5)))
        #expect(receipts.queued(for: bo).map(\.offset) == [Offset(11)])
    }

    @Test func `a user with two tabs is away only when both are closed`() {
        var receipts = twoReaders()
        _ = receipts.joined(bo, head: Offset(10), at: now)
        receipts.left(bo, at: now)
        #expect(receipts.isConnected(bo))
        receipts.left(bo, at: now)
        #expect(!receipts.isConnected(bo))
    }

    @Test func `who comes for the first time is no recipient of what was before`() throws {
        var receipts = twoReaders()
        let approval = Samples.decision(11, isApproval: true)
        receipts.published(approval)
        _ = receipts.joined(Samples.user("cy"), head: Offset(11), at: after(1))
        #expect(receipts.receipts(of: try signal(of: approval))?.recipients == 2)
        #expect(receipts.queued(for: Samples.user("cy")) == [])
    }

    @Test func `whoever was away for a day is no longer waited for`() throws {
        var receipts = twoReaders(
            limits: {
                var limits = ReadReceipts.Limits()
                limits.absentMsMax = 10_000
                return limits
            }()
        )
        receipts.left(bo, at: after(-20_000))
        let approval = Samples.decision(11, isApproval: true)
        receipts.published(approval)
        #expect(receipts.receipts(of: try signal(of: approval))?.waiting.map(\.user) == [ann])
    }

    @Test func `a hundred wait at most; of more a snapshot tells (DLV-01)`() {
        var receipts = twoReaders()
        for offset in Int64(11)...110 { receipts.published(Samples.decision(offset, isApproval: true)) }
        #expect(receipts.queued(for: bo).count == 100)
        receipts.published(Samples.decision(111, isApproval: true))
        #expect(receipts.queued(for: bo) == [])
        _ = receipts.acknowledged(bo, upTo: Offset(50), [], at: now)
        #expect(receipts.queued(for: bo).count == 61)
    }

    @Test func `what was forgotten is not taken for nothing`() {
        var limits = ReadReceipts.Limits()
        limits.messagesMax = 10
        var receipts = twoReaders(limits: limits)
        for offset in Int64(11)...22 { receipts.published(Samples.decision(offset, isApproval: true)) }
        #expect(receipts.queued(for: bo) == [])
        _ = receipts.acknowledged(bo, upTo: Offset(12), [], at: now)
        #expect(receipts.queued(for: bo).count == 10)
    }

    @Test func `only what is critical is waited for`() {
        var receipts = twoReaders()
        receipts.published(Samples.notice(11))
        receipts.published(Samples.decision(12, isApproval: false))
        #expect(receipts.queued(for: bo) == [])
    }

    @Test func `of too many readers the one that was away longest is forgotten`() {
        var limits = ReadReceipts.Limits()
        limits.readersMax = 2
        var receipts = twoReaders(limits: limits)
        receipts.left(bo, at: now)
        _ = receipts.joined(Samples.user("cy"), head: Offset(10), at: now)
        #expect(receipts.reader(bo) == nil)
        #expect(receipts.reader(ann) != nil)
    }
}
