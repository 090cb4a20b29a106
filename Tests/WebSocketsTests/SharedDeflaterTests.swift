import NIOCore
import SeededRandom
import SocketSupport
import Testing

@testable import WebSockets

/// One compressor with memory for many connections, each read back by an inflater of its own.
@Suite struct SharedDeflaterTests {
    private static let head = "{\"sequence_number\":"
    private static let start = NIODeadline.uptimeNanoseconds(1)

    /// A client: what it receives, and the window it has.
    private final class Client {
        private let compression: OutboundCompression
        private let inflater: ReferenceInflater
        private let keepsWindow: Bool
        private(set) var place: UInt64 = 0
        private var number = 0
        private(set) var bytes = 0
        private(set) var compressedMessages = 0
        /// How often it was sent something right behind what it already followed.
        private(set) var runsFollowed = 0

        init(_ agreement: DeflateAgreement?) {
            compression = OutboundCompression(agreement: agreement, deflateBytesMin: 0)
            inflater = ReferenceInflater(windowBits: Int32(agreement?.serverMaxWindowBits ?? 15))
            keepsWindow = agreement?.serverNoContextTakeover != true
        }

        /// Whether what arrives is what was sent.
        func receives(_ message: PreparedMessage, _ tail: String) -> Bool {
            var wire = compression.frame(of: message, place: &place).numbered(number)
            return reads(&wire, tail)
        }

        func receives(_ run: BroadcastRun, wanted: UInt64, _ tails: [String]) -> Bool {
            let joined = run.frames(wanted: wanted, taking: compression, place: place)
            if place != 0, joined.placeAfter > place { runsFollowed += 1 }
            place = joined.placeAfter
            joined.number(from: number)
            var wire = joined.bytes
            var isRight = true
            for (index, tail) in tails.enumerated() where wanted >> UInt64(index) & 1 == 1 {
                isRight = isRight && reads(&wire, tail)
            }
            return isRight && wire.isEmpty
        }

        private func reads(_ wire: inout [UInt8], _ tail: String) -> Bool {
            bytes += wire.count
            guard let frame = ServerFrame.take(from: &wire) else { return false }
            defer { number += 1 }
            if frame.isCompressed { compressedMessages += 1 }
            let inflater = keepsWindow ? inflater : ReferenceInflater()
            let text = frame.isCompressed ? inflater.message(frame.payload) : frame.payload
            return text == wholeMessage(SharedDeflaterTests.head, number, tail)
        }
    }

    private func tail(_ random: inout SeededGenerator, words: ClosedRange<Int> = 5...80) -> String {
        ",\"type\":\"signal:new\",\"data\":[" + random.text(words: Int.random(in: words, using: &random)) + "]}"
    }

    private func agreement(_ change: (inout DeflateAgreement) -> Void = { _ in }) -> DeflateAgreement {
        var agreement = DeflateAgreement()
        change(&agreement)
        return agreement
    }

    @Test func `connections with numbers of their own share one compressed message`() {
        var random = SeededGenerator(seed: 1)
        var deflater = SharedDeflater(head: Self.head.utf8)
        let clients = [Client(agreement()), Client(agreement { $0.serverMaxWindowBits = 15 })]
        // One has had messages before, so their numbers differ.
        #expect(clients[1].receives(PreparedMessage(head: Self.head, tail: "}"), "}"))
        for _ in 0..<500 {
            let tail = tail(&random)
            let message = deflater.prepare(tail: Array(tail.utf8), now: Self.start)
            for client in clients { #expect(client.receives(message, tail)) }
        }
        #expect(clients.allSatisfy { $0.place == 501 }, "they followed from the first to the last")
    }

    @Test func `messages refer to those before`() {
        var deflater = SharedDeflater(head: Self.head.utf8)
        let follower = Client(agreement())
        let other = Client(agreement { $0.serverNoContextTakeover = true })
        var random = SeededGenerator(seed: 2)
        let repeated = tail(&random, words: 60...80)
        for _ in 0..<50 {
            let message = deflater.prepare(tail: Array(repeated.utf8), now: Self.start)
            #expect(follower.receives(message, repeated))
            #expect(other.receives(message, repeated))
        }
        #expect(follower.bytes * 3 < other.bytes, "\(follower.bytes) bytes with memory, \(other.bytes) without")
    }

    @Test func `one that comes late follows from the next reset on, and nobody resets without need`() {
        var random = SeededGenerator(seed: 3)
        var deflater = SharedDeflater(head: Self.head.utf8)
        let early = Client(agreement())
        let late = Client(agreement())
        var lateMessages = 0
        for count in 1...400 {
            let tail = tail(&random)
            let message = deflater.prepare(tail: Array(tail.utf8), now: Self.start)
            #expect(message.shared?.isFirst == (count == 1 || count == 202))
            #expect(early.receives(message, tail))
            guard count > 200 else { continue }
            #expect(late.receives(message, tail))
            lateMessages += 1
            #expect((late.place == 0) == (lateMessages == 1))
        }
    }

    @Test func `connections that come and go cost a reset only every so often`() {
        var random = SeededGenerator(seed: 4)
        var deflater = SharedDeflater(head: Self.head.utf8)
        var resets = 0
        for _ in 1...640 {
            let tail = tail(&random)
            let message = deflater.prepare(tail: Array(tail.utf8), now: Self.start)
            if message.shared?.isFirst == true { resets += 1 }
            #expect(Client(agreement()).receives(message, tail))
        }
        #expect(resets == 640 / SharedDeflater.messagesBetweenResetsMin)
    }

    @Test func `where little is said, a reset comes after some time`() {
        var deflater = SharedDeflater(head: Self.head.utf8)
        let resets = (0..<4).map { index in
            let now = Self.start + .milliseconds(Int64(index) * SharedDeflater.msBetweenResetsMin / 2)
            let message = deflater.prepare(tail: Array(",\"a\":1}".utf8), now: now)
            #expect(Client(agreement()).receives(message, ",\"a\":1}"))
            return message.shared?.isFirst
        }
        #expect(resets == [true, false, true, false])
    }

    @Test func `uncompressed messages of its own leave a connection in step`() {
        var random = SeededGenerator(seed: 5)
        var deflater = SharedDeflater(head: Self.head.utf8)
        let client = Client(agreement())
        for index in 0..<100 {
            let tail = tail(&random)
            #expect(client.receives(deflater.prepare(tail: Array(tail.utf8), now: Self.start), tail))
            #expect(client.receives(PreparedMessage(head: Self.head, tail: tail), tail))
            #expect(client.compressedMessages == index + 1, "its own went plain")
            #expect(client.place != 0)
        }
    }

    @Test func `a message that cannot be shared goes beside the stream`() {
        var deflater = SharedDeflater(head: Self.head.utf8)
        let client = Client(agreement())
        for tail in [",\"a\":1}", "", ",\"\u{0}\u{0}\u{0}\u{0}\"}", ",\"a\":2}"] {
            #expect(client.receives(deflater.prepare(tail: Array(tail.utf8), now: Self.start), tail))
        }
        #expect(client.place == 3)
    }

    @Test(arguments: [100, 1_000, 10_000, 16_000, 32_000, 32_733, 32_734, 33_000, 70_000])
    func `the same message again and again, however long`(_ bytes: Int) {
        var random = SeededGenerator(seed: UInt64(bytes))
        var deflater = SharedDeflater(head: Self.head.utf8)
        let client = Client(agreement())
        let tail = String((0..<bytes).map { _ in "abcdefghijklmnop".randomElement(using: &random)! })
        for _ in 0..<30 {
            #expect(client.receives(deflater.prepare(tail: Array(tail.utf8), now: Self.start), tail))
        }
    }

    @Test func `messages longer than the window`() {
        var random = SeededGenerator(seed: 6)
        var deflater = SharedDeflater(head: Self.head.utf8)
        let client = Client(agreement())
        for words in [1, 9_000, 1, 20_000, 20_000, 3] {
            let tail = tail(&random, words: words...words)
            #expect(client.receives(deflater.prepare(tail: Array(tail.utf8), now: Self.start), tail))
        }
    }

    @Test(arguments: 0..<40)
    func `whatever connections take and skip, each reads what it was sent`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var deflater = SharedDeflater(head: Self.head.utf8)
        var clients: [Client] = []
        var runsFollowed = 0
        for round in 0..<150 {
            if round % 10 == 0 {
                let bits = Int.random(in: 8...15, using: &random)
                clients += [
                    Client(agreement()),
                    Client([nil, agreement()].randomElement(using: &random)!),
                    Client(agreement { $0.serverNoContextTakeover = true }),
                    Client(agreement { $0.serverMaxWindowBits = bits }),
                ]
                clients.removeFirst(max(0, clients.count - 12))
            }
            let tails = (0..<Int.random(in: 1...6, using: &random)).map { _ in tail(&random) }
            let messages = tails.map { tail in
                Int.random(in: 0..<4, using: &random) == 0
                    ? PreparedMessage(head: Self.head, tail: tail)
                    : deflater.prepare(tail: Array(tail.utf8), now: Self.start)
            }
            let run = BroadcastRun(messages)
            let all = UInt64(1) << UInt64(messages.count) - 1
            for (index, client) in clients.enumerated() {
                let skips = index > 3 && Bool.random(using: &random)
                let wanted = skips ? random.next() & all : all
                guard wanted != 0 else { continue }
                let before = client.runsFollowed
                #expect(client.receives(run, wanted: wanted, tails))
                runsFollowed += client.runsFollowed - before
            }
        }
        #expect(runsFollowed > 20, "memory was put to use")
    }
}
