import Domain
import Testing

@testable import Realtime

/// What of who has read what outlives the process (DLV-01, DLV-05).
@Suite struct ReaderSavingTests {
    private let now = Samples.now
    private let ann = Samples.user("ann")
    private let bo = Samples.user("bo")

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }

    private func reader(_ user: UserName, acknowledged: Int64, seenAt: Timestamp? = nil) -> Reader {
        Reader(user: user, knownSince: after(-1), acknowledged: Offset(acknowledged), lastSeenAt: seenAt ?? now)
    }

    /// Ann and Bo have a tab each, and that is saved.
    private func twoReaders(limits: ReadReceipts.Limits = ReadReceipts.Limits()) -> ReadReceipts {
        var receipts = ReadReceipts(head: Offset(10), limits: limits)
        for user in [ann, bo] { _ = receipts.joined(user, head: Offset(10), at: after(-1)) }
        receipts.saved(receipts.unsaved(at: now))
        return receipts
    }

    /// As after a start on what was saved.
    private func restarted(
        _ readers: [Reader],
        head: Int64,
        horizon: Int64,
        recalled: [Broadcast] = [],
        limits: ReadReceipts.Limits = ReadReceipts.Limits()
    ) -> ReadReceipts {
        var receipts = ReadReceipts(head: Offset(head), horizon: Offset(horizon), readers: readers, limits: limits)
        for broadcast in recalled { receipts.published(broadcast) }
        return receipts
    }

    @Test func `who comes for the first time is saved, and then only what changes`() {
        var receipts = ReadReceipts(head: Offset(10))
        #expect(receipts.unsaved(at: now).isEmpty)
        let first = receipts.joined(ann, head: Offset(10), at: after(-1))
        let again = receipts.joined(ann, head: Offset(10), at: now)
        #expect(first && !again)
        let unsaved = receipts.unsaved(at: now)
        #expect(unsaved.readers == [reader(ann, acknowledged: 10)])
        receipts.saved(unsaved)
        #expect(receipts.unsaved(at: after(1_000)).isEmpty)
    }

    @Test func `what could not be saved is unsaved still`() {
        var receipts = twoReaders()
        receipts.published(Samples.decision(11, isApproval: true))
        _ = receipts.acknowledged(ann, upTo: Offset(11), [], at: now)
        #expect(receipts.unsaved(at: now).readers == [reader(ann, acknowledged: 11)])
        #expect(receipts.unsaved(at: after(5)).readers == [reader(ann, acknowledged: 11, seenAt: after(5))])
    }

    @Test func `an acknowledgement that comes while the last is being saved is not taken for saved`() {
        var receipts = twoReaders()
        for offset in Int64(11)...12 { receipts.published(Samples.decision(offset, isApproval: true)) }
        _ = receipts.acknowledged(ann, upTo: Offset(11), [], at: now)
        let first = receipts.unsaved(at: now)
        _ = receipts.acknowledged(ann, upTo: Offset(12), [], at: now)
        receipts.saved(first)
        #expect(receipts.unsaved(at: now).readers == [reader(ann, acknowledged: 12)])
    }

    @Test func `when a user was last seen is saved as they leave, and now and then while they stay`() {
        var receipts = twoReaders()
        #expect(receipts.unsaved(at: after(59_999)).isEmpty)
        let stay = receipts.unsaved(at: after(60_000))
        #expect(Set(stay.readers.map(\.lastSeenAt)) == [after(60_000)] && stay.readers.count == 2)
        receipts.saved(stay)
        receipts.left(bo, at: after(60_500))
        #expect(receipts.unsaved(at: after(61_000)).readers == [reader(bo, acknowledged: 10, seenAt: after(60_500))])
    }

    @Test
    func `who has nothing to acknowledge is saved as further on all the same, so that a start finds them in reach`() {
        var receipts = twoReaders()
        for offset in Int64(11)...265 { receipts.published(Samples.notice(offset)) }
        #expect(receipts.unsaved(at: now).isEmpty)
        receipts.published(Samples.notice(266))
        #expect(Set(receipts.unsaved(at: now).readers.map(\.acknowledged)) == [Offset(266)])
    }

    @Test func `nobody is ever saved as past what waits for them`() {
        var receipts = twoReaders()
        for offset in Int64(11)...400 { receipts.published(Samples.notice(offset)) }
        receipts.published(Samples.decision(401, isApproval: true))
        for offset in Int64(402)...900 { receipts.published(Samples.notice(offset)) }
        receipts.left(bo, at: now)
        let waiting = receipts.unsaved(at: now).readers.sorted { $0.user < $1.user }
        #expect(waiting == [reader(ann, acknowledged: 400), reader(bo, acknowledged: 400)])
        _ = receipts.acknowledged(ann, upTo: Offset(401), [], at: now)
        let unsaved = receipts.unsaved(at: now).readers.sorted { $0.user < $1.user }
        #expect(unsaved == [reader(ann, acknowledged: 900), reader(bo, acknowledged: 400)])
    }

    @Test func `of whom the process no longer knows what waits, nothing is said that they have not said`() {
        var limits = ReadReceipts.Limits()
        limits.messagesMax = 10
        var receipts = twoReaders(limits: limits)
        for offset in Int64(11)...22 { receipts.published(Samples.decision(offset, isApproval: true)) }
        for offset in Int64(23)...900 { receipts.published(Samples.notice(offset)) }
        receipts.left(bo, at: after(7))
        #expect(receipts.unsaved(at: now).readers == [reader(bo, acknowledged: 10, seenAt: after(7))])
    }

    @Test func `what could not be read is left to the snapshot, not taken for acknowledged`() {
        var receipts = twoReaders()
        receipts.skipped(upTo: Offset(400))
        receipts.published(Samples.decision(401, isApproval: true))
        #expect(receipts.queued(for: bo) == [])
        #expect(receipts.unsaved(at: now).isEmpty)
        _ = receipts.acknowledged(bo, upTo: Offset(400), [], at: now)
        #expect(receipts.queued(for: bo).map(\.offset) == [Offset(401)])
    }

    @Test func `after a restart what was not acknowledged waits, and what was does not`() throws {
        let approval = Samples.decision(11, isApproval: true)
        let saved = [reader(ann, acknowledged: 11), reader(bo, acknowledged: 10, seenAt: after(-1))]
        var receipts = restarted(saved, head: 12, horizon: 0, recalled: [approval, Samples.notice(12)])
        #expect(receipts.queued(for: ann) == [])
        #expect(receipts.queued(for: bo).map(\.offset) == [Offset(11)])
        let signal = try #require(approval.signal)
        let told = try #require(receipts.receipts(of: signal))
        #expect(told.seen == [.init(user: ann, seen: nil)])
        #expect(told.waiting == [.init(user: bo, offlineSince: after(-1))])
        #expect(receipts.unsaved(at: after(90_000)).isEmpty)

        let isFirst = receipts.joined(bo, head: Offset(12), at: after(5))
        #expect(!isFirst)
        #expect(receipts.acknowledged(bo, upTo: Offset(11), [], at: after(9)) == [signal])
        #expect(receipts.receipts(of: signal)?.seen.last?.seen?.latencyMs == 9)
    }

    @Test func `what is older than the start recalls is left to the snapshot`() {
        let approval = Samples.decision(2_000, isApproval: true)
        let saved = [reader(ann, acknowledged: 1_000), reader(bo, acknowledged: 999)]
        let receipts = restarted(saved, head: 2_000, horizon: 1_000, recalled: [approval])
        #expect(receipts.queued(for: ann).map(\.offset) == [Offset(2_000)])
        #expect(receipts.queued(for: bo) == [])
    }

    @Test func `a place behind the end of the log is one at its end`() {
        let approval = Samples.decision(21, isApproval: true)
        var receipts = restarted([reader(ann, acknowledged: 90)], head: 20, horizon: 0)
        #expect(receipts.unsaved(at: now).readers == [reader(ann, acknowledged: 20)])
        receipts.published(approval)
        #expect(receipts.queued(for: ann).map(\.offset) == [Offset(21)])
    }

    @Test func `whom there is no room for is forgotten where they were saved, unless they come back`() {
        var limits = ReadReceipts.Limits()
        limits.readersMax = 2
        let users = (1...4).map { Samples.user("user-\($0)") }
        let saved = users.enumerated().map { reader($1, acknowledged: 5, seenAt: after(Int64($0))) }
        var receipts = restarted(saved, head: 5, horizon: 0, limits: limits)
        #expect(Set(receipts.unsaved(at: now).forgotten) == Set(users[..<2]))
        _ = receipts.joined(users[0], head: Offset(5), at: after(9))
        let unsaved = receipts.unsaved(at: after(9))
        #expect(Set(unsaved.forgotten) == [users[1], users[2]])
        #expect(unsaved.readers.map(\.user) == [users[0]])
        receipts.saved(unsaved)
        #expect(receipts.unsaved(at: after(9)).isEmpty)
    }

    @Test func `parts are all of it, each no larger than it may be`() {
        let users = (0..<7).map { Samples.user("user-\($0)") }
        let readers = users[..<5].map { reader($0, acknowledged: 1) }
        let unsaved = ReadReceipts.Unsaved(readers: readers, forgotten: users)
        let parts = unsaved.parts(countMax: 3)
        #expect(parts.map(\.readers.count) == [3, 2, 0] && parts.map(\.forgotten.count) == [3, 3, 1])
        #expect(parts.flatMap(\.readers) == readers && parts.flatMap(\.forgotten) == users)
        #expect(ReadReceipts.Unsaved().parts(countMax: 3) == [])
    }
}

extension ReadReceipts.Unsaved {
    fileprivate var isEmpty: Bool { self == Self() }
}
