import Domain
import Testing

@testable import Realtime

/// Whose receipts change when somebody comes or goes (DLV-03).
@Suite struct WhereaboutsTests {
    private let now = Samples.now
    private let ann = Samples.user("ann")
    private let bo = Samples.user("bo")

    private func after(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: milliseconds) }

    /// Ann and Bo are there, and nobody has moved.
    private func twoReaders(limits: ReadReceipts.Limits = ReadReceipts.Limits()) -> ReadReceipts {
        var receipts = ReadReceipts(head: Offset(10), limits: limits)
        for user in [ann, bo] { _ = receipts.joined(user, head: Offset(10), at: after(-1)) }
        _ = receipts.takeMoved()
        return receipts
    }

    private func publish(_ broadcast: Broadcast, to receipts: inout ReadReceipts) throws -> SignalID {
        receipts.published(broadcast)
        return try #require(broadcast.signal)
    }

    @Test func `who goes away changes the receipts of what they have not seen, and so does coming back`() throws {
        var receipts = twoReaders()
        let seen = try publish(Samples.decision(11, isApproval: true), to: &receipts)
        _ = receipts.acknowledged(bo, upTo: Offset(11), [], at: now)
        let unseen = try publish(Samples.decision(12, isApproval: true), to: &receipts)
        #expect(receipts.takeMoved() == [])
        receipts.left(bo, at: after(5))
        #expect(receipts.hasMoved && receipts.takeMoved() == [unseen])
        #expect(!receipts.hasMoved && receipts.takeMoved() == [])
        #expect(receipts.receipts(of: unseen)?.waiting.last == .init(user: bo, offlineSince: after(5)))
        _ = receipts.joined(bo, head: Offset(12), at: after(9))
        #expect(receipts.takeMoved() == [unseen])
        #expect(receipts.receipts(of: seen)?.seen.map(\.user) == [bo])
    }

    @Test func `a page that is loaded anew and a second tab change nothing`() throws {
        var receipts = twoReaders()
        _ = try publish(Samples.decision(11, isApproval: true), to: &receipts)
        receipts.left(bo, at: after(5))
        _ = receipts.joined(bo, head: Offset(11), at: after(6))
        _ = receipts.joined(ann, head: Offset(11), at: after(6))
        receipts.left(ann, at: after(7))
        #expect(receipts.hasMoved && receipts.takeMoved() == [])
    }

    @Test func `who is away and was here for a moment is away since then`() throws {
        var receipts = twoReaders()
        let id = try publish(Samples.decision(11, isApproval: true), to: &receipts)
        receipts.left(bo, at: after(5))
        _ = receipts.takeMoved()
        _ = receipts.joined(bo, head: Offset(11), at: after(60))
        receipts.left(bo, at: after(61))
        #expect(receipts.takeMoved() == [id])
        #expect(receipts.receipts(of: id)?.waiting.last == .init(user: bo, offlineSince: after(61)))
    }

    @Test func `of many signals the newest decisions are told of, and each signal once`() throws {
        var limits = ReadReceipts.Limits()
        limits.movedSignalsMax = 3
        var receipts = twoReaders(limits: limits)
        let ids = try (Int64(11)...20).map { try publish(Samples.decision($0, isApproval: true), to: &receipts) }
        for user in [ann, bo] { receipts.left(user, at: after(5)) }
        #expect(receipts.takeMoved() == Array(ids.suffix(3).reversed()))
    }

    @Test func `what was for others is no news of mine`() throws {
        var receipts = twoReaders()
        let id = try publish(Samples.release(11, to: ["ann"]), to: &receipts)
        receipts.left(bo, at: after(5))
        #expect(receipts.takeMoved() == [])
        receipts.left(ann, at: after(5))
        #expect(receipts.takeMoved() == [id])
    }

    @Test func `who comes for the first time has missed nothing`() throws {
        var receipts = twoReaders()
        _ = try publish(Samples.decision(11, isApproval: true), to: &receipts)
        _ = receipts.joined(Samples.user("cy"), head: Offset(11), at: after(1))
        #expect(receipts.takeMoved() == [])
    }

    @Test func `of the signals asked for the newest decisions come first`() throws {
        var receipts = twoReaders()
        let ids = try (Int64(11)...14).map { try publish(Samples.decision($0, isApproval: true), to: &receipts) }
        #expect(receipts.newest(2, of: [ids[0], ids[1], ids[3]]) == [ids[3], ids[1]])
        #expect(receipts.newest(9, of: [ids[0], SignalID()]) == [ids[0]])
    }
}
