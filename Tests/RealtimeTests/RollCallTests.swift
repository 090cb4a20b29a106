import Domain
import Testing
import Wire

@testable import Realtime

/// How many of the tabs that were there have acknowledged that the desk is stopped ("6/6", GAP-07).
@Suite struct RollCallTests {
    private let ann = Samples.user("ann")
    private let bo = Samples.user("bo")
    private let offset = Offset(11)

    private func call(countingComers: Bool = false) -> RollCall {
        RollCall(of: offset, tabs: ["a1": ann, "a2": ann, "b1": bo], countingComers: countingComers)
    }

    private func counts(_ call: RollCall) -> [Int] { [call.answers.acknowledged, call.answers.tabs] }

    @Test func `each tab counts for itself, once`() {
        var call = call()
        let isNews = call.acknowledged(ann, tab: "a1", upTo: offset)
        let isNewsAgain = call.acknowledged(ann, tab: "a1", upTo: Offset(12))
        #expect(isNews && !isNewsAgain)
        #expect(counts(call) == [1, 3])
        #expect(
            call.answers.waiting == [
                .init(user: ann, tabs: 1, isConnected: true), .init(user: bo, tabs: 1, isConnected: true),
            ]
        )
        _ = call.acknowledged(ann, tab: "a2", upTo: offset)
        _ = call.acknowledged(bo, tab: "b1", upTo: offset)
        #expect(counts(call) == [3, 3] && call.answers.waiting == [] && call.answers.offset == offset)
    }

    @Test func `what was said of an earlier place is no answer`() {
        var call = call()
        _ = call.acknowledged(ann, tab: "a1", upTo: Offset(10))
        #expect(counts(call) == [0, 3])
    }

    @Test func `who comes later is not counted, and answers for nobody else`() {
        var call = call()
        _ = call.joined("c1", Samples.user("cy"), knows: false)
        _ = call.acknowledged(Samples.user("cy"), tab: "c1", upTo: offset)
        #expect(counts(call) == [0, 3])
    }

    @Test func `a tab that left without a word stays missing until its user has acknowledged elsewhere`() {
        var call = call()
        _ = call.left("b1")
        #expect(counts(call) == [0, 3])
        #expect(call.answers.waiting.last == .init(user: bo, tabs: 1, isConnected: false))
        // The page was loaded anew.
        _ = call.joined("b2", bo, knows: false)
        #expect(counts(call) == [0, 3])
        _ = call.acknowledged(bo, tab: "b2", upTo: offset)
        #expect(counts(call) == [1, 3] && call.answers.waiting.map(\.user) == [ann])
    }

    @Test func `a tab that leaves after its user has acknowledged in another is not missing`() {
        var call = call()
        _ = call.acknowledged(ann, tab: "a1", upTo: offset)
        _ = call.left("a2")
        #expect(counts(call) == [2, 3])
    }

    @Test func `after a restart those count who come, and who had acknowledged before knows`() {
        var call = RollCall(of: offset, tabs: [:], countingComers: true)
        _ = call.joined("a1", ann, knows: true)
        _ = call.joined("b1", bo, knows: false)
        #expect(counts(call) == [1, 2])
        _ = call.acknowledged(bo, tab: "b1", upTo: offset)
        #expect(counts(call) == [2, 2])
    }

    @Test func `a message names twenty and counts all`() {
        let users = (10..<40).map { Samples.user("user-\($0)") }
        let call = RollCall(of: offset, tabs: Dictionary(uniqueKeysWithValues: users.map { ($0.text, $0) }))
        let message = EncodedMessage.deskAcknowledged(at: Samples.now, call.answers)
        let text = String(decoding: message.object, as: UTF8.self)
        #expect(text.contains(#""tabs":30,"acknowledged":0"#) && text.contains("user-29") && !text.contains("user-30"))
    }
}
