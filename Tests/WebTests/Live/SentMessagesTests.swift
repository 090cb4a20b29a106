import Domain
import Realtime
import SeededRandom
import Testing
import Wire

@testable import Web

/// Counted in bulk, it is what counting one by one would give (OBS-02).
@Suite struct SentMessagesTests {
    private func message(_ index: Int) -> LiveMessage {
        let event: Event =
            index.isMultiple(of: 3)
            ? .observed(.alert(Alert(id: "a", symbol: nil, type: "t", message: "m", severity: .info)))
            : .observed(.notice(Notice(id: "n", message: "m", kind: .info)))
        let recorded = RecordedEvent(
            offset: Offset(Int64(index) + 1),
            recordedAt: Timestamp(milliseconds: 0),
            event: event
        )
        return LiveMessage(Broadcast(recorded))
    }

    @Test(arguments: [1, 2, 63, 64]) func `whole broadcasts and parts of them add up`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let messages = LiveMessages((0..<count).map(message))
        var sent = SentMessages()
        var expected: [MessageType: Int] = [:]
        var tabsWithAll = 0
        for _ in 0..<100 {
            let wanted =
                Bool.random(using: &generator) ? messages.all : UInt64.random(in: 0...messages.all, using: &generator)
            if wanted == messages.all { tabsWithAll += 1 } else { sent.add(messages, wanted: wanted) }
            for bit in 0..<count where wanted >> UInt64(bit) & 1 == 1 {
                expected[messages.batch.broadcasts[bit].message.type, default: 0] += 1
            }
        }
        sent.add(messages, toTabs: tabsWithAll)
        for type in MessageType.allCases { #expect(sent.counts[type.index] == expected[type, default: 0]) }
        #expect(messages.all.nonzeroBitCount == count)

        #expect(sent.take().counts.reduce(0, +) == expected.values.reduce(0, +))
        #expect(sent.counts.allSatisfy { $0 == 0 })
    }

    @Test func `every type has a place of its own`() {
        #expect(MessageType.allCases.map(\.index) == Array(MessageType.allCases.indices))
    }
}
